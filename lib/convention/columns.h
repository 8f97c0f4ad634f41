/* SPDX-License-Identifier: MIT */
/* columns.h - the columns of a group that is a table, as a convention says
 *
 * A convention looks at a group and says which datasets are the *parts* of its
 * table, and which columns they have.  The first axis of a part is the rows of
 * the table: a row of a 1-D dataset is one element, of others all elements with
 * the same first index.  A column is the rows of a part, or a field of them:
 *
 *	as stored, or as another type of the same bytes (a date-time),
 *	or with a mask: bytes of another part say which rows are missing,
 *	or as categories: the stored integer is the number of a text,
 *	or as runs: the number of the run of rows that the row is in.
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
	size_t part, offset;	       /* the part, and bytes into its row */
	const struct oq_dtype *stored; /* the type there; the dataset's */
	const struct oq_dtype *type;   /* the type that is shown */
	struct oq_dtype *own;	       /* owned: 'type', where the dataset does
					   not have it; or NULL */
	size_t mask;		       /* the part of its masks, a byte for
					   each row, 'type' is OQ_MASKED; or
					   OQ_NO_PART */
	char **texts;		       /* owned: of categories, by code; 'type'
					   is a string that holds the longest */
	uint64_t ntexts;
	enum oq_role role;
	uint64_t *starts; /* owned: see oq_columns_add_runs() */
	uint64_t nruns;
};

struct oq_columns {
	size_t nparts;
	struct oq_h5_dset **parts; /* owned; NULL where another took one over */
	size_t n;
	struct oq_frame_column *v; /* owned */
	bool is_even;		   /* parts of different lengths are damage */
	bool is_single; /* shown as an array, not as a table of one column */
	int refused;	/* why the table cannot be shown: errno; or 0 */
	struct oq_err why;
	/* Links of the group that are no columns, and why: "x: it has no rows;
	 * ..."; owned. */
	struct oq_buf left_out;
};

/* Free everything; the structure itself is the caller's. */
void oq_columns_drop(struct oq_columns *c);

/* Add the 1-D dataset (or scalar) at an address as a part; '*part' is its
 * number.  0; -ENOENT where it has more dimensions or no elements in a row; the
 * errno with which it does not open; -ENOMEM. */
int oq_columns_add_part(struct oq_columns *c, struct oq_h5 *h5, uint64_t addr,
			size_t *part);
/* The same for a dataset of one or more dimensions.  -ENOENT where a row has no
 * elements, or more than 1,024. */
int oq_columns_add_wide(struct oq_columns *c, struct oq_h5 *h5, uint64_t addr,
			size_t *part);

/* How many elements a row of a dataset has; 0 for a scalar, for none, and for
 * more than 1,024. */
uint64_t oq_columns_width(const struct oq_dataset *info);

/* Add a column: the field of type 'stored' at 'offset' bytes in the rows of a
 * part.  If 'stored' is NULL it is the whole row, an array where a row has
 * several elements.  0, -ENOMEM, or -ENOENT past 4,096 columns. */
int oq_columns_add(struct oq_columns *c, const char *name, size_t part,
		   size_t offset, const struct oq_dtype *stored);

/* Mark a column as the table's index, or a level of it.  'is_nameless': the
 * name exists in our files only; pandas shows the index without one. */
void oq_columns_set_index(struct oq_frame_column *col, bool is_nameless);

/* Show the column that was added last as type 'own', which it takes over. */
void oq_columns_show_as(struct oq_columns *c, struct oq_dtype *own);
/* Give the column that was added last a mask: a value is missing where the byte
 * of 'part' in the same row is not 0.  0; -ENOENT where elements of 'part' are
 * not one byte; -ENOMEM. */
int oq_columns_mask(struct oq_columns *c, size_t part);
/* Make the column that was added last one of categories: its integers are
 * indices of the elements of 'd', -1 is a missing value.  The category is the
 * field 'type' at 'offset' in the element (NULL: all of it).  0; -ENOENT where
 * the column has no integers or 'd' is not 1-D; -ENOMEM.  Categories that take
 * too much set 'refused'. */
int oq_columns_categories(struct oq_columns *c, struct oq_h5_dset *d,
			  size_t offset, const struct oq_dtype *type);

/* Add a column with the number of the run that a row of the part is in.
 * 'starts' has 'nruns' + 1 row numbers: the first row of each run, and the end
 * of the last.  It is taken over, and may be NULL if 'nruns' is 0.  Returns 0
 * or a negative errno. */
int oq_columns_add_runs(struct oq_columns *c, const char *name, size_t part,
			uint64_t *starts, uint64_t nruns);

/* Read the names of columns, at most 4,096, from a dataset of texts.  '*names'
 * is NULL before; the caller frees it, which is one block.  Returns 0, -ENOENT
 * if the dataset holds no texts, or another negative errno. */
int oq_columns_names(struct oq_h5 *h5, uint64_t addr, char ***names,
		     uint64_t *n);

/* Note that the link 'name' of the group is no column, with the reason. */
void oq_columns_leave_out(struct oq_columns *c, const char *name,
			  const char *why);

/* Give all columns different names: of several with one name the later become
 * "name_1", "name_2", ...  0 or -ENOMEM. */
int oq_columns_tell_apart(struct oq_columns *c);

#endif
