/* SPDX-License-Identifier: MIT */
/* number.h - a number of any HDF5 type as text
 *
 * A type that the machine can read is a *scalar*: oq_scalar_of() chooses the
 * functions for it once, and these need not look at the type again.  All other
 * types (odd widths, x87, VAX, ...) are rendered slowly and exactly (oddnum.h).
 * Pure.
 */
#ifndef OQ_NUMBER_H
#define OQ_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/text/numtext.h"
#include "lib/type/dtype.h"

/* How to render elements of one plain type; they need no alignment. */
struct oq_scalar {
	/* 'n' elements, each 'stride' bytes after the one before, as words
	 * for the functions below, which numtext.h describes. */
	void (*load)(uint64_t *to, const uint8_t *from, size_t stride,
		     size_t n);
	void (*cells)(const uint64_t *v, size_t n, struct oq_cell *out);
	uint64_t (*lens)(const uint64_t *v, size_t n);
};

/* Write the text of 'n' elements to as many cells.  'out' has room for one cell
 * more, which is overwritten. */
void oq_scalar_cells(const struct oq_scalar *s, const uint8_t *from,
		     size_t stride, size_t n, struct oq_cell *out);
/* How many bytes these texts have together. */
uint64_t oq_scalar_lens(const struct oq_scalar *s, const uint8_t *from,
			size_t stride, size_t n);
/* One element, to 'out[OQ_NUMTEXT_MAX]'; returns its length. */
size_t oq_scalar_text(const struct oq_scalar *s, const uint8_t *from,
		      char *out);

/* The scalar of a plain number, or of a bool ("true", "false", another value as
 * a number); NULL for all other types. */
const struct oq_scalar *oq_scalar_of(const struct oq_dtype *t);

/* Append an integer, time or bitfield, of any width, precision and order,
 * exactly.  (One of more than 65,535 bits is shown as its bits, 0x...) */
void oq_int_put(const struct oq_dtype *t, const uint8_t *elem,
		struct oq_buf *out);

/* Append any float that HDF5 can describe: IEEE of 2, 4, 8 bytes, x87, quad,
 * odd fields, VAX order, any normalisation.  The text is the shortest that
 * gives the same value of that very format.  An all-ones exponent is inf or nan
 * (as in IEEE 754; an explicit integer bit is not part of the fraction).  A
 * float with an exponent of more than 15 bits or a mantissa of more than 1,024
 * is shown as its bits, 0x... */
void oq_float_put(const struct oq_dtype *t, const uint8_t *elem,
		  struct oq_buf *out);

/* The most bytes that oq_int_put() or oq_float_put() can give for the type. */
size_t oq_number_max(const struct oq_dtype *t);

#endif
