/* SPDX-License-Identifier: MIT */
/* matlab.h - what MATLAB 7.3 means by some of its datasets
 *
 * MATLAB writes its arrays column by column, so the file has their axes in
 * reverse order.  The attribute MATLAB_class says what the elements are:
 *
 *	char      UTF-16 code units, or code points of 4 bytes (as other
 *	          programs write them): a line for each of MATLAB's rows
 *	logical   bytes, 0 or 1
 *
 * A dataset with the attribute MATLAB_empty stands for an array without
 * elements, and holds that array's dimensions.  Main thread only.
 */
#ifndef OQ_MATLAB_H
#define OQ_MATLAB_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/hdf5/h5.h"

/* Whether a dataset is a text of MATLAB, of at most 8 Mi code units. */
bool oq_matlab_is_text(struct oq_h5 *h5, const struct oq_dataset *info);
/* Append such a text in UTF-8.  A text of one row gets no newline; of several
 * rows each gets one.  Half of a surrogate pair becomes U+FFFD.  Returns 0 or a
 * negative errno with the reason. */
int oq_matlab_text(struct oq_h5_dset *d, struct oq_buf *out,
		   struct oq_err *err);

/* The type that MATLAB gives the elements of a dataset, if it is not the type
 * in the file: logical, as an enum of FALSE and TRUE.  The caller frees it with
 * oq_dtype_free().  NULL otherwise, and for no memory. */
struct oq_dtype *oq_matlab_type(struct oq_h5 *h5,
				const struct oq_dataset *info);

#endif
