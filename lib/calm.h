/* SPDX-License-Identifier: MIT */
/* calm.h - wait until a file has been left alone for a while
 *
 * A writer without SWMR puts the extent of a dataset and the index of its
 * chunks into the file one after the other, in any order.  Who looks in between
 * finds elements that were never written.  He sees it by the file's changing
 * once more: but only if he waits for that, since a busy machine may stop the
 * writer for a while just there.
 */
#ifndef OQ_CALM_H
#define OQ_CALM_H

/* Half a second since the last change, or since the call where that is a time
 * to come.  Any thread but those that others wait for. */
void oq_calm_wait(int fd);

#endif
