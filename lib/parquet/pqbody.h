/* SPDX-License-Identifier: MIT */
/* pqbody.h - values as the bytes of a Parquet page
 *
 * Values as a source has them, of any width and byte order, become values in
 * PLAIN encoding, packed bits and levels.  Any run of rows of a column that is
 * not measured can be made alone, into memory of known size.  A page of a
 * measured column is made from all of its rows: levels first, then values.
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

/* Write 'n' numbers to 'out', n * oq_pqcol_width() bytes.  Integers are
 * widened, or cut where the column's type is shorter; floats of 2 bytes become
 * floats of 4; other floats and OQ_PQ_FIXED have the column's width already.
 * Not for OQ_PQ_BOOL, OQ_PQ_STRING and OQ_PQ_BINARY. */
void oq_pqbody_numbers(const struct oq_pqcol *c, const struct oq_pqcells *cells,
		       size_t n, uint8_t *out);

/* Write 'n' bools, true where not zero, eight a byte, to (n + 7) / 8 bytes. */
void oq_pqbody_bools(const struct oq_pqcells *cells, size_t n, uint8_t *out);

/* Write 'n' numbers of texts in a dictionary, each less than 2^bits, bit-packed
 * in groups of eight, to (n + 7) / 8 * bits bytes.  The last group is filled up
 * with zeros. */
void oq_pqbody_pack(const uint32_t *index, size_t n, unsigned bits,
		    uint8_t *out);

/* Append one value of OQ_PQ_STRING or OQ_PQ_BINARY. */
static inline void oq_pqbody_put_bytes(const void *p, size_t n,
				       struct oq_buf *out)
{
	oq_buf_put_str(out, p, n);
}

/* Append the levels of a page of lists: 'lens[i]' is how many values row i has.
 * The values follow, those of empty lists being none. */
void oq_pqbody_put_lists(const uint64_t *lens, size_t nrows,
			 struct oq_buf *out);
/* Append the levels of a page of nullable values.  Only the values that are not
 * null follow. */
void oq_pqbody_put_nulls(const bool *is_null, size_t nrows, struct oq_buf *out);

#endif
