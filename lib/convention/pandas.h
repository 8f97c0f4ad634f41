/* SPDX-License-Identifier: MIT */
/* pandas.h - types of pandas, for both of its formats of HDF5
 *
 * Pure.
 */
#ifndef OQ_PANDAS_H
#define OQ_PANDAS_H

#include "lib/type/dtype.h"

/* The type that pandas means by 'dtype' ("datetime64[ns]", "timedelta64",
 * "bool") for elements that are stored as numbers of type 'stored'.  The caller
 * frees it.  NULL: the stored type is what pandas means. */
struct oq_dtype *oq_pandas_type(const char *dtype,
				const struct oq_dtype *stored);

#endif
