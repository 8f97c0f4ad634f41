/* SPDX-License-Identifier: MIT */
/* h5blocks.h - large aligned reads for what libhdf5 reads in small pieces
 *
 * libhdf5 reads metadata some hundred bytes at a time, and each piece names the
 * place of the next.  Where the file is far away each such read costs a round
 * trip.  So the file is read in aligned blocks instead, and the latest are
 * kept:
 *
 *	|  group of 256 KiB             |                               |
 *	| block | block | block | block | block | block | block | block |
 *
 * A near file is read one block at a time.  A far file is read one group at a
 * time, or several while nearly all of their blocks turn out to be wanted.  Of
 * a far file that fits in memory, on a link that carries much in the time of a
 * round trip, all is read at last, several megabytes at the same time: where
 * the next piece lies, nobody knows, and each miss would be a round trip.  The
 * blocks live as long as the handle, which is one generation of the file.
 * While a SWMR writer is at work there must be none.
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

/* Blocks of the first 'size' bytes of a file, whose descriptor is borrowed.
 * 'first_ns' is how many nanoseconds a first read of it took.  NULL: no memory.
 */
struct oq_h5_blocks *oq_h5_blocks_new(int fd, uint64_t size, uint64_t first_ns);
void oq_h5_blocks_free(struct oq_h5_blocks *b);

/* Copy up to 'n' bytes from 'off' on, but not beyond the end of a block.
 * Returns how many bytes; 0 at the end of the file; or -errno. */
ssize_t oq_h5_blocks_read(struct oq_h5_blocks *b, void *out, size_t n,
			  uint64_t off);

/* Who can read several stretches of the file at the same time. */
struct oq_h5_spread {
	void *ctx;
	uint64_t stretch_bytes; /* a multiple of a group's */
	/* Copy stretch 'number' and have others near it read meanwhile.
	 * Returns how many bytes of it there are, or 0: not this time. */
	size_t (*read)(void *ctx, void *out, uint64_t number);
};
/* Have it do so from now on.  What it holds must outlive the blocks. */
void oq_h5_blocks_spread(struct oq_h5_blocks *b, const struct oq_h5_spread *s);

/* The clock for 'first_ns', in nanoseconds. */
uint64_t oq_h5_blocks_now_ns(void);

/* Whether even the fastest read so far took as long as one over a network. */
bool oq_h5_blocks_are_far(const struct oq_h5_blocks *b);

#endif
