/* SPDX-License-Identifier: MIT */
/* oddnum.h - integers and floats in formats that no machine reads
 *
 * Odd widths and precisions, shifted fields, x87, quadruple, VAX, explicit
 * leading bits: taken apart bit by bit and printed exactly.  Slow and rare;
 * number.h chooses.
 */
#ifndef OQ_ODDNUM_H
#define OQ_ODDNUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/type/dtype.h"

/* See number.h; any int, time or bitfield, any float. */
void oq_odd_int_put(const struct oq_dtype *t, const uint8_t *elem,
		    struct oq_buf *out);
void oq_odd_float_put(const struct oq_dtype *t, const uint8_t *elem,
		      struct oq_buf *out);
size_t oq_odd_number_max(const struct oq_dtype *t);

/* Whether 64 bits hold any integer of the type, and which one 'elem' is, the
 * sign extended; whether an IEEE float of 2, 4 or 8 bytes holds any float of
 * the type exactly, and which one a double is.  A NaN is the machine's. */
bool oq_odd_int_fits(const struct oq_dtype *t);
uint64_t oq_odd_int_get(const struct oq_dtype *t, const uint8_t *elem);
bool oq_odd_float_fits(const struct oq_dtype *t, size_t bytes);
double oq_odd_float_get(const struct oq_dtype *t, const uint8_t *elem);

/* Times are signed, bitfields are not. */
bool oq_number_is_signed(const struct oq_dtype *t);

#endif
