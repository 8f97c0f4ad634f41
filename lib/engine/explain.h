/* SPDX-License-Identifier: MIT */
/* explain.h - which object says what the numbers of an axis stand for
 *
 * Results are numbered by site, asset, event or loss type: an array has an axis
 * of these numbers, a table a column.  What site 3 or asset 7 is stands in
 * another object of the datastore, or of the parent calculation's datastore.
 * Main thread only.
 */
#ifndef OQ_EXPLAIN_H
#define OQ_EXPLAIN_H

#include "lib/base/buf.h"
#include "lib/data/env.h"
#include "lib/data/labelset.h"

/* Append which objects explain the axes of an array with these labels, as JSON:
 *
 *	{"site_id": {"object": "sitecol", "column": "sids"}}
 *
 * 'object' is a path in the calculation's directory ("parent/sitecol" if the
 * parent has it).  'column' is the column of that object with the same numbers
 * or texts as the axis; where it is absent, the object's rows are in the order
 * of the axis.  'attribute' is the attribute of that object with the list.
 * Appends nothing if no axis is known, or the file is not a calculation of the
 * engine. */
void oq_explain_axes(const struct oq_env *env, const struct oq_labels *labels,
		     struct oq_buf *out);
/* The same for the columns of a table: their names, with blanks between. */
void oq_explain_columns(const struct oq_env *env, const char *columns,
			struct oq_buf *out);

#endif
