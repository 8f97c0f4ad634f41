/* SPDX-License-Identifier: MIT */
/* pqbody.h - values as the bytes of a Parquet page
 *
 * What comes from a source, in its own widths and byte order, becomes what
 * PLAIN, packed bits and levels are.  Of a column that is not measured any run
 * of rows can be made alone, into memory of known size; a page of one that is
 * measured is made from all of its rows: its levels, then its values.
 *
 * Pure; any thread.
 */
#ifndef OQ_PQBODY_H
#define OQ_PQBODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/parquet/pqcells.h"
#include "lib/parquet/pqschema.h"

/* 'n' numbers as the type has them, to n * oq_pqcol_width() bytes: integers are
 * widened (or cut, where the type's are shorter), floats of 2 bytes become
 * those of 4, other floats and OQ_PQ_FIXED have the width of the type.  Not for
 * OQ_PQ_BOOL and bytes of any length. */
void oq_pqbody_numbers(const struct oq_pqcol *c, const struct oq_pqcells *cells,
		       size_t n, uint8_t *out);

/* Bools, true where not zero, eight a byte: to (n + 7) / 8 bytes. */
void oq_pqbody_bools(const struct oq_pqcells *cells, size_t n, uint8_t *out);

/* Numbers of texts, less than 2^bits, in groups of eight: to (n + 7) / 8 * bits
 * bytes.  What a last group lacks is zeros. */
void oq_pqbody_pack(const uint32_t *index, size_t n, unsigned bits,
		    uint8_t *out);

/* One value of bytes of any length: a text, a binary. */
static inline void oq_pqbody_put_bytes(const void *p, size_t n,
				       struct oq_buf *out)
{
	oq_buf_put_str(out, p, n);
}

/* The levels of the rows of a page: how many values each list has; whether each
 * value is there.  Only the values that are there follow. */
void oq_pqbody_put_lists(const uint64_t *lens, size_t nrows,
			 struct oq_buf *out);
void oq_pqbody_put_nulls(const bool *is_null, size_t nrows, struct oq_buf *out);

#endif
