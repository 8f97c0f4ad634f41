/* SPDX-License-Identifier: MIT */
/* widen.h - numbers that NumPy does not have, as the next ones that it has
 *
 * NumPy's numbers are plain: all bits are used, floats are IEEE 754.  Another
 * number (a bfloat16, a float of 8 bits, an integer of 3 bytes or with unused
 * bits) is widened in npy: to the smallest type of NumPy's that has no fewer
 * bytes, 8 at most, and holds every value of the type exactly.  A number that
 * none holds (more than 64 bits, quadruple precision) stays bytes.  Pure.
 *
 *	bfloat16            <f4     a float of 8 bits   <f2
 *	20 bits in 4 bytes  <i4     3 bytes, unsigned   <u4
 */
#ifndef OQ_WIDEN_H
#define OQ_WIDEN_H

#include <stdint.h>

#include "lib/type/dtype.h"

/* The type that an element of 't', which has no pointers, has in npy.  It is
 * 't' itself where nothing is widened.  Else it is a new tree that borrows the
 * parts of 't' that are not widened; its compounds are packed.  NULL for no
 * memory, or where an element would be too large. */
const struct oq_dtype *oq_widen_type(const struct oq_dtype *t);

/* Free the type that oq_widen_type() made of 't', before 't' is freed. */
void oq_widen_free(const struct oq_dtype *w, const struct oq_dtype *t);

/* Write the element 'elem' of type 't' to 'out' as one of 'w', which is 't'
 * widened. */
void oq_widen(const struct oq_dtype *t, const struct oq_dtype *w,
	      const uint8_t *elem, uint8_t *out);

#endif
