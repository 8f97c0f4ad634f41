/* SPDX-License-Identifier: MIT */
/* explain.h - which object says what the numbers of an axis stand for
 *
 * Results are by site, asset, event, loss type: arrays have an axis of them,
 * tables a column.  What a site or an asset is stands elsewhere in the
 * datastore, or in that of the calculation that it was made from.
 */
#ifndef OQ_EXPLAIN_H
#define OQ_EXPLAIN_H

#include "lib/base/buf.h"
#include "lib/data/env.h"
#include "lib/data/labelset.h"

/* Main thread.  Append, of a calculation of the engine, what explains the axes
 * of an array with these labels, as JSON:
 *
 *	{"site_id": {"object": "sitecol", "column": "sids"}}
 *
 * 'object' is a path in the calculation's directory ("parent/sitecol" where it
 * is the parent's), 'column' its column with the numbers or texts that the
 * axis has; without one its rows are in the order of the axis.  'attribute' is
 * that of the object that has the list.  Nothing where nothing is known. */
void oq_explain_axes(const struct oq_env *env, const struct oq_labels *labels,
		     struct oq_buf *out);
/* The same of the columns of a table, by blanks. */
void oq_explain_columns(const struct oq_env *env, const char *columns,
			struct oq_buf *out);

#endif
