/* SPDX-License-Identifier: MIT */
/* pqtype.h - which Parquet type an HDF5 type becomes
 *
 *	integers, floats    the same, or the next that holds all values
 *	bool                bool
 *	enum                text; by dictionary if it is of one byte
 *	string, reference   text
 *	opaque              bytes of that length
 *	sequence            a list of numbers or texts; any other as JSON text
 *	date-time, masked   see pqmaybe.h
 *
 * Keeps no state; texts that are made belong to the columns.
 */
#ifndef OQ_PQTYPE_H
#define OQ_PQTYPE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/columns/pqcolset.h"
#include "lib/type/dtype.h"

/* Whether Parquet can hold all values of a type.  Returns 0, or -EOPNOTSUPP
 * with a reason that names what it cannot hold. */
int oq_pqtype_hold(const struct oq_dtype *t, struct oq_err *err);

/* Fill in the type and nesting of 'col', and 'from' of 'o', whose other fields
 * are set.  Returns 0 or -ENOMEM. */
int oq_pqtype_set(struct oq_pqcolumns *c, struct oq_pqcol *col,
		  struct oq_pqorigin *o);

/* The same for the column of an axis with labels.  The labels become a
 * dictionary unless they are too long for one. */
int oq_pqtype_set_labels(struct oq_pqcolumns *c, unsigned axis,
			 struct oq_pqcol *col);

#endif
