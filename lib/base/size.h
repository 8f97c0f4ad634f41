/* SPDX-License-Identifier: MIT */
/* size.h - how long an open file is
 *
 * Not by fstat(2): where the front is root a reader is another user, and a
 * FUSE mount that is root's alone does not tell him, although he may read.
 */
#ifndef OQ_SIZE_H
#define OQ_SIZE_H

#include <stdint.h>
#include <unistd.h>

/* In bytes; 0 for what has no length.  It moves the descriptor's offset. */
static inline uint64_t oq_size_of(int fd)
{
	off_t end = lseek(fd, 0, SEEK_END);

	return end < 0 ? 0 : (uint64_t)end;
}

#endif
