/* SPDX-License-Identifier: MIT */
/* matlab.h - what MATLAB 7.3 means by some of its datasets
 *
 * Its arrays lie column by column, so that their axes are in the file in the
 * other order.  The attribute MATLAB_class says what each is:
 *
 *	char      UTF-16 code units, or code points of 4 bytes (as others
 *	          write them): a line for each of MATLAB's rows
 *	logical   bytes, 0 or 1
 *
 * Where MATLAB_empty is set the dataset holds the dimensions of an array
 * without elements.  Main thread only.
 */
#ifndef OQ_MATLAB_H
#define OQ_MATLAB_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/hdf5/h5.h"

/* Whether a dataset is text of MATLAB, and not too much to be read whole. */
bool oq_matlab_is_text(struct oq_h5 *h5, const struct oq_dataset *info);
/* Append it in UTF-8: of one row as it is, of several each with a newline
 * behind it.  Half of a surrogate pair becomes U+FFFD.  0 or a negative errno
 * with the reason. */
int oq_matlab_text(struct oq_h5_dset *d, struct oq_buf *out,
		   struct oq_err *err);

/* What the elements of a dataset are where MATLAB says more of them than their
 * type: to be freed; NULL where it does not, or for no memory. */
struct oq_dtype *oq_matlab_type(struct oq_h5 *h5,
				const struct oq_dataset *info);

#endif
