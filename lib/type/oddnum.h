/* SPDX-License-Identifier: MIT */
/* oddnum.h - integers and floats in formats that no machine reads
 *
 * Odd widths and precisions, shifted fields, x87, quadruple, VAX, explicit
 * leading bits: they are taken apart bit by bit and printed exactly.  Slow and
 * rare; number.h chooses between this and the fast way.  Pure.
 */
#ifndef OQ_ODDNUM_H
#define OQ_ODDNUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/type/dtype.h"

/* As oq_int_put(), oq_float_put() and oq_number_max() in number.h. */
void oq_odd_int_put(const struct oq_dtype *t, const uint8_t *elem,
		    struct oq_buf *out);
void oq_odd_float_put(const struct oq_dtype *t, const uint8_t *elem,
		      struct oq_buf *out);
size_t oq_odd_number_max(const struct oq_dtype *t);

/* Whether every integer of the type fits in 64 bits; the integer that 'elem' is
 * then, sign-extended. */
bool oq_odd_int_fits(const struct oq_dtype *t);
uint64_t oq_odd_int_get(const struct oq_dtype *t, const uint8_t *elem);
/* Whether an IEEE float of 2, 4 or 8 'bytes' holds every float of the type
 * exactly; the value of 'elem' if one of 8 does.  Any NaN becomes the machine's
 * own. */
bool oq_odd_float_fits(const struct oq_dtype *t, size_t bytes);
double oq_odd_float_get(const struct oq_dtype *t, const uint8_t *elem);

/* Whether an integer type has negative values: times have, bitfields have not.
 */
bool oq_number_is_signed(const struct oq_dtype *t);

#endif
