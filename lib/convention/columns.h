/* SPDX-License-Identifier: MIT */
/* columns.h - the columns of a table that a group is, as a convention has it
 *
 * A convention looks at a group and says which datasets are the *parts* of
 * its table, and which columns they have.  The first axis of a part is the
 * table's rows: of one dimension a row is an element, of more all elements
 * behind one index.  A column is a row, or a piece of it, as it is stored or as
 * something else that takes no more than its bytes to say (a date-time), with
 * or without a dataset of masks beside it, or, of categories, the text that a
 * code stands for.
 *
 * Main thread only, as are the datasets.
 */
#ifndef OQ_COLUMNS_H
#define OQ_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/hdf5/h5.h"
#include "lib/type/dtype.h"

#define OQ_NO_PART SIZE_MAX

struct oq_frame_column {
	char *name;		       /* owned */
	size_t part, offset;	       /* where, in which dataset's rows */
	const struct oq_dtype *stored; /* there; the dataset's */
	const struct oq_dtype *type;   /* as shown */
	struct oq_dtype *own;	       /* owned: 'type' where it is not
					   'stored' */
	size_t mask;		       /* the part of its masks: of a byte an
					   element, 'type' is OQ_MASKED */
	char **texts;		       /* owned: of categories, by code; 'type'
					   is a string that holds the longest */
	uint64_t ntexts;
};

struct oq_columns {
	size_t nparts;
	struct oq_h5_dset **parts; /* owned; NULL: given away */
	size_t n;
	struct oq_frame_column *v; /* owned */
	bool is_even;		   /* parts of different lengths are damage */
	bool is_single;		   /* an array, not a table of one column */
	int refused;		   /* it can be told, but not be shown */
	struct oq_err why;
	/* What of the group is no column, and why: "x: a scalar; ..."; owned */
	struct oq_buf left_out;
};

/* Free everything; the structure itself is the caller's. */
void oq_columns_drop(struct oq_columns *c);

/* Add the dataset at an address.  0, -ENOENT where it is not 1-D, or why it
 * does not open. */
int oq_columns_add_part(struct oq_columns *c, struct oq_h5 *h5, uint64_t addr,
			size_t *part);
/* The same of one dimension or more.  -ENOENT where it has none, or rows of
 * nothing or of more than 1,024 elements. */
int oq_columns_add_wide(struct oq_columns *c, struct oq_h5 *h5, uint64_t addr,
			size_t *part);

/* How many elements a row of a dataset has; 0: nothing, or too many for a
 * row. */
uint64_t oq_columns_width(const struct oq_dataset *info);

/* Add a column of what is 'stored' at 'offset' in the rows of a part; the whole
 * row where 'stored' is NULL, which of several elements is an array.  -ENOMEM,
 * -ENOENT for more than a table can have. */
int oq_columns_add(struct oq_columns *c, const char *name, size_t part,
		   size_t offset, const struct oq_dtype *stored);

/* The column that was added last is shown as 'own', which is taken over. */
void oq_columns_show_as(struct oq_columns *c, struct oq_dtype *own);
/* It is missing where the elements of a part (of one byte) are not 0. */
int oq_columns_mask(struct oq_columns *c, size_t part);
/* It is integers that number the values 'type' at 'offset' of the elements of
 * 'd' from 0 on (NULL: the elements); -1 is none.  What is too much is a reason
 * to refuse. */
int oq_columns_categories(struct oq_columns *c, struct oq_h5_dset *d,
			  size_t offset, const struct oq_dtype *type);

/* The link 'name' of the group is no column, since 'why'. */
void oq_columns_leave_out(struct oq_columns *c, const char *name,
			  const char *why);

/* Tell all columns apart: of those of one name the later are "name_1", ... */
int oq_columns_tell_apart(struct oq_columns *c);

#endif
