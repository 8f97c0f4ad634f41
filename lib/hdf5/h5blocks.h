/* SPDX-License-Identifier: MIT */
/* h5blocks.h - what libhdf5 reads in small pieces comes in large ones
 *
 * Metadata are read by the hundred bytes, each after the one that names it.
 * Where the file is far away each such read costs a round trip, so the file is
 * read in aligned blocks instead, of which the latest are kept:
 *
 *	|  group of 256 KiB             |                               |
 *	| block | block | block | block | block | block | block | block |
 *
 * A near file is read by the block, a far one by the group, and by several at
 * once for as long as nearly all of them are wanted.  They are kept for
 * as long as the handle, which is one generation of the file; with a writer at
 * work who lets others read there must be none.
 *
 * Main thread only, as all of libhdf5.
 */
#ifndef OQ_H5BLOCKS_H
#define OQ_H5BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	OQ_H5_BLOCK_BYTES = 64 << 10,
	OQ_H5_GROUP_BYTES = 256 << 10,
};

struct oq_h5_blocks;

/* Blocks of the first 'size' bytes of a file; 'first_ns' is how long a read of
 * it took.  NULL for no memory. */
struct oq_h5_blocks *oq_h5_blocks_new(int fd, uint64_t size, uint64_t first_ns);
void oq_h5_blocks_free(struct oq_h5_blocks *b);

/* Copy up to 'n' bytes from 'off' on, as far as the block goes.  Returns how
 * many; 0 where the file has ended, or -errno. */
ssize_t oq_h5_blocks_read(struct oq_h5_blocks *b, void *out, size_t n,
			  uint64_t off);

/* A clock, for such times. */
uint64_t oq_h5_blocks_now_ns(void);

/* Whether even the fastest read so far took as long as one over a network. */
bool oq_h5_blocks_are_far(const struct oq_h5_blocks *b);

#endif
