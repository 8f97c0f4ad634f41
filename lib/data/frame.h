/* SPDX-License-Identifier: MIT */
/* frame.h - the engine's data frames: columns of one length, joined
 *
 * A group that the engine wrote as a data frame has the attribute
 * `__pdcolumns__`, the names of its columns in their order; each is a 1-D
 * dataset.  Joined, they are one source whose element is a packed compound
 * with a member for each column, so every view of a compound dataset is a
 * view of a frame.  Rows are read from all columns in step, or one column
 * alone, as a member.
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
#include "lib/data/env.h"
#include "lib/data/source.h"
#include "lib/type/dtype.h"

struct oq_frame {
	uint64_t addr; /* of the group */
	size_t ncols;
	struct oq_frame_col {
		char *name;		 /* owned */
		struct oq_h5_dset *dset; /* owned until the frame is joined */
	} * cols;
	struct oq_dtype type; /* packed compound; its members' types are the
				 datasets' */
	uint64_t nrows;
	int refused; /* of any column: joining it will fail */
	struct oq_err why;
};

/* Main thread: the frame in a group.  -ENOENT where it is none: no such
 * attribute, a column missing or not 1-D. */
int oq_frame_open(const struct oq_env *env, uint64_t group,
		  struct oq_frame **out, struct oq_err *err);
void oq_frame_close(struct oq_frame *f);

/* Main thread: have what has pointers left out when rows are read, as
 * oq_h5_dset_skip_pointers() does. */
int oq_frame_skip_pointers(struct oq_frame *f, struct oq_err *err);

/* Main thread: the rows of a frame that a 1-D selection says; NULL is all.
 * Takes over 'f', also on failure. */
int oq_frame_join(const struct oq_env *env, struct oq_frame *f,
		  const struct oq_sel *sel, struct oq_source **out,
		  struct oq_err *err);

#endif
