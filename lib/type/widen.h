/* SPDX-License-Identifier: MIT */
/* widen.h - numbers that NumPy does not have, as the next ones that it has
 *
 * NumPy's numbers are plain: all bits used, floats of IEEE 754.  Any other,
 * as a bfloat16, a float of 8 bits, an integer of 3 bytes or at an offset, is
 * widened in npy: to the smallest of NumPy's that is not smaller and holds
 * every value of the type exactly, of 8 bytes at most.  What none holds (more
 * than 64 bits, quadruple precision) stays the bytes that it is.
 *
 *	bfloat16            <f4     a float of 8 bits   <f2
 *	20 bits in 4 bytes  <i4     3 bytes, unsigned   <u4
 */
#ifndef OQ_WIDEN_H
#define OQ_WIDEN_H

#include <stdint.h>

#include "lib/type/dtype.h"

/* The type of what an element of 't', which has no pointers, is in npy: 't'
 * itself where all of it stays; else a tree that borrows of 't' whatever stays,
 * its compounds packed.  NULL: no memory, or an element is too large. */
const struct oq_dtype *oq_widen_type(const struct oq_dtype *t);

/* Free what oq_widen_type() made of 't', which is still there. */
void oq_widen_free(const struct oq_dtype *w, const struct oq_dtype *t);

/* Make of an element of 't' at 'elem' one of 'w', which is 't' widened. */
void oq_widen(const struct oq_dtype *t, const struct oq_dtype *w,
	      const uint8_t *elem, uint8_t *out);

#endif
