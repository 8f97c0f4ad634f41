/* SPDX-License-Identifier: MIT */
/* quiesce.h - wait until a file has been left alone for a while
 *
 * A writer without SWMR flushes in any order: the extent of a dataset, the
 * index of its chunks, chunks to where others were that have moved.  Who looks
 * in between finds elements that were never written, or are of another place.
 * He sees it by the file's changing once more: but only if he waits for that,
 * since a busy machine may stop the writer for a while just there.
 */
#ifndef OQ_QUIESCE_H
#define OQ_QUIESCE_H

enum {
	/* Any file may be one that is being flushed; but one that is written
	 * all the time should still be seen now and then. */
	OQ_CALM_MS = 50,
	/* Something speaks for it. */
	OQ_CALM_LONG_MS = 500,
};

/* So long since the last change, or since the call where that is a time to
 * come.  Any thread but those that others wait for. */
void oq_quiesce_wait(int fd, int ms);

#endif
