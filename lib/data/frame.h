/* SPDX-License-Identifier: MIT */
/* frame.h - groups that are tables: columns of one length, joined
 *
 * A convention (lib/convention) says which datasets of a group are the columns
 * of one table: a data frame of the engine, of pandas, of AnnData.  By name,
 * any group is a table of those of its datasets that have one length.  Joined,
 * they are one source whose element is a packed compound with a member for each
 * column, so every view of a compound dataset is a view of a frame too.  Rows
 * are read from all datasets in step, or one column alone as a member (join.c).
 *
 * While a calculation is still writing, columns may differ in length: the
 * frame has the rows that all of them have.
 */
#ifndef OQ_FRAME_H
#define OQ_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/array/slab.h"
#include "lib/base/err.h"
#include "lib/convention/columns.h"
#include "lib/data/env.h"
#include "lib/data/source.h"
#include "lib/type/dtype.h"

struct oq_frame {
	uint64_t addr; /* of the group */
	struct oq_columns columns;
	struct oq_dtype row;	     /* packed compound; types and names of its
					members are the columns' */
	const struct oq_dtype *type; /* of an element: 'row', or its only
					member (oq_columns.is_single) */
	uint64_t nrows;
	int refused; /* why joining will fail, for any column; or 0 */
	struct oq_err why;
};

/* Main thread: open the frame that a group is.  -ENOENT where it is none: no
 * convention says so, or a column is missing or has no rows.  With 'any', a
 * group that no convention knows is a frame if its datasets have one length
 * (group.h), unless conventions are switched off. */
int oq_frame_open(const struct oq_env *env, uint64_t group, bool any,
		  struct oq_frame **out, struct oq_err *err);
void oq_frame_close(struct oq_frame *f);

/* Main thread: from now on leave out columns with pointers when rows are read,
 * as oq_h5_dset_skip_pointers() does. */
int oq_frame_skip_pointers(struct oq_frame *f, struct oq_err *err);

/* Main thread: from now on read elements as they are in the file (timeval.h).
 */
void oq_frame_as_stored(struct oq_frame *f);

/* Main thread: a source of the rows that a 1-D selection chooses; NULL: all.
 * Takes over 'f', also on failure. */
int oq_frame_join(const struct oq_env *env, struct oq_frame *f,
		  const struct oq_sel *sel, struct oq_source **out,
		  struct oq_err *err);

#endif
