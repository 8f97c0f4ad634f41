/* SPDX-License-Identifier: MIT */
/* frame.h - groups that are tables: columns of one length, joined
 *
 * What a convention (lib/convention) says is the columns of one table: a data
 * frame of the engine, of pandas, of AnnData.  Joined, they are one source
 * whose element is a packed compound with a member for each column, so every
 * view of a compound dataset is a view of a frame.  Rows are read from all
 * datasets in step (join.c).
 *
 * While a calculation is still writing, columns may differ in length: the
 * frame has the rows that all of them have.
 */
#ifndef OQ_FRAME_H
#define OQ_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "lib/array/slab.h"
#include "lib/base/err.h"
#include "lib/convention/columns.h"
#include "lib/data/env.h"
#include "lib/data/source.h"
#include "lib/type/dtype.h"

struct oq_frame {
	struct oq_columns columns;
	struct oq_dtype row;	     /* packed compound; types and names of its
					members are the columns' */
	const struct oq_dtype *type; /* of an element: 'row', or its member
					where that is all there is to it */
	uint64_t nrows;
	int refused; /* of any column: joining it will fail */
	struct oq_err why;
};

/* Main thread: the frame in a group.  -ENOENT where it is none: no convention
 * says so, a column missing or not 1-D. */
int oq_frame_open(const struct oq_env *env, uint64_t group,
		  struct oq_frame **out, struct oq_err *err);
void oq_frame_close(struct oq_frame *f);

/* Main thread: have what has pointers left out when rows are read, as
 * oq_h5_dset_skip_pointers() does. */
int oq_frame_skip_pointers(struct oq_frame *f, struct oq_err *err);

/* Main thread: have elements left as they are in the file. */
void oq_frame_as_stored(struct oq_frame *f);

/* Main thread: the rows of a frame that a 1-D selection says; NULL is all.
 * Takes over 'f', also on failure. */
int oq_frame_join(const struct oq_env *env, struct oq_frame *f,
		  const struct oq_sel *sel, struct oq_source **out,
		  struct oq_err *err);

#endif
