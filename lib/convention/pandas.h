/* SPDX-License-Identifier: MIT */
/* pandas.h - what both of pandas' formats have in common */
#ifndef OQ_PANDAS_H
#define OQ_PANDAS_H

#include "lib/type/dtype.h"

/* The type that pandas has for what is stored as a number, by its name of it
 * ("datetime64[ns]", "timedelta64", "bool"); to be freed.  NULL: as it is. */
struct oq_dtype *oq_pandas_type(const char *dtype,
				const struct oq_dtype *stored);

#endif
