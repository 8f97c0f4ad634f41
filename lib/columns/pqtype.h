/* SPDX-License-Identifier: MIT */
/* pqtype.h - what a value of HDF5 is in Parquet
 *
 *	integers, floats    the same, or the next that holds all of them
 *	bool                bool
 *	enum                text: of a byte by dictionary
 *	string, reference   text
 *	opaque              bytes of that length
 *	sequence            list of numbers or texts; others as JSON
 *
 * Pure, but for what the columns own.
 */
#ifndef OQ_PQTYPE_H
#define OQ_PQTYPE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/columns/pqcolset.h"
#include "lib/type/dtype.h"

/* Whether Parquet can hold elements of a type.  Returns 0 or -EOPNOTSUPP, the
 * reason naming what it cannot. */
int oq_pqtype_hold(const struct oq_dtype *t, struct oq_err *err);

/* Fill in what 'col' is, and how its values come out of 'o', which has type and
 * place.  Returns 0 or -ENOMEM. */
int oq_pqtype_set(struct oq_pqcolumns *c, struct oq_pqcol *col,
		  struct oq_pqorigin *o);

/* The same of an axis that has labels: by dictionary, if these are not too long
 * for that. */
int oq_pqtype_set_labels(struct oq_pqcolumns *c, unsigned axis,
			 struct oq_pqcol *col);

#endif
