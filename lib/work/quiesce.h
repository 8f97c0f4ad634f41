/* SPDX-License-Identifier: MIT */
/* quiesce.h - wait until a file has been left alone for a while
 *
 * A writer without SWMR flushes its changes in any order: the extent of a
 * dataset, the index of its chunks, a chunk into the place of another that has
 * moved.  A reader that looks between two of these finds elements that were
 * never written, or that belong elsewhere.  The file's next change tells it so,
 * but that change may be late: a busy machine may stop the writer at just that
 * moment.  So the reader first waits until the file has not changed for a
 * while.
 */
#ifndef OQ_QUIESCE_H
#define OQ_QUIESCE_H

enum {
	/* For any file.  Short, so that a file that is written all the time
	 * is still shown now and then. */
	OQ_QUIESCE_MS = 50,
	/* For a file that shows signs of a flush under way. */
	OQ_QUIESCE_LONG_MS = 500,
};

/* Return once the file's last change (its mtime) is at least 'ms' milliseconds,
 * less than 1,000, ago; where the mtime is not known or in the future, 'ms'
 * after the call.  One wait: a change during it is not waited for.  It sleeps,
 * so it is not for a thread that others wait for. */
void oq_quiesce_wait(int fd, int ms);

#endif
