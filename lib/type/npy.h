/* SPDX-License-Identifier: MIT */
/* npy.h - the NPY header for a type and a shape
 *
 * Format 1.0 where its 16-bit length and latin-1 suffice, 2.0 for longer
 * headers, 3.0 for names beyond latin-1; padded with blanks to a multiple of
 * 64 bytes and ended by a newline, exactly as numpy.save() does.  A padded
 * compound gets '' void members as in numpy.dtype.descr; members out of
 * order are listed by offset; overlapping members, duplicate or unusable
 * names make the whole element '|Vn'.  An array type at the top adds its
 * dimensions to the shape, as h5py does.
 */
#ifndef OQ_NPY_H
#define OQ_NPY_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/type/dtype.h"

/* Append the header.  Returns 0, -EOPNOTSUPP (pointers or references inside)
 * or -ENOMEM. */
int oq_npy_put_header(const struct oq_dtype *t, unsigned rank,
		      const uint64_t *dims, struct oq_buf *out,
		      struct oq_err *err);

#endif
