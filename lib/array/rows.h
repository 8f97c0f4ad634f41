/* SPDX-License-Identifier: MIT */
/* rows.h - the measured geometry of a csv: blocks of elements <-> bytes
 *
 * Text has no fixed width, so its geometry is measured once: the length of each
 * block of 'block_elems' elements.  From then on a byte is found by a search
 * among the blocks, and a read renders one block, not the file.  After sealing
 * for any thread.
 */
#ifndef OQ_ROWS_H
#define OQ_ROWS_H

#include <stddef.h>
#include <stdint.h>

struct oq_rows {
	uint64_t head_bytes;
	uint64_t nelems;
	uint64_t block_elems; /* > 0 */
	size_t nblocks;
	uint64_t *ends; /* owned: where block i ends, the header counted */
};

/* Set up for lengths to be noted.  Where there would be more than four million
 * blocks they are made longer.  Returns 0 or -ENOMEM. */
int oq_rows_init(struct oq_rows *r, uint64_t head_bytes, uint64_t nelems,
		 uint64_t block_elems);
void oq_rows_free(struct oq_rows *r);

/* The first element of block 'i', and how many it has. */
uint64_t oq_rows_first(const struct oq_rows *r, size_t i);
size_t oq_rows_count(const struct oq_rows *r, size_t i);

/* Note the length of block 'i' in bytes.  Blocks may be noted in any order and
 * by any thread, each once. */
void oq_rows_note(struct oq_rows *r, size_t i, uint64_t nbytes);

/* Add up the lengths, once all are noted.  Returns 0 or -EOVERFLOW. */
int oq_rows_seal(struct oq_rows *r);

/* After sealing: the whole size; where a block starts; and the block that
 * holds byte 'off' (head_bytes <= off < size). */
uint64_t oq_rows_size(const struct oq_rows *r);
uint64_t oq_rows_start(const struct oq_rows *r, size_t i);
size_t oq_rows_find(const struct oq_rows *r, uint64_t off);

#endif
