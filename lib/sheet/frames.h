/* SPDX-License-Identifier: MIT */
/* frames.h - tables: data frames and arrays of compounds, as parts of a sheet
 *
 * The export of a table mostly is the table: its columns in their order, some
 * left out, some under another name.  Main thread.
 */
#ifndef OQ_FRAMES_H
#define OQ_FRAMES_H

#include "lib/sheet/sheet.h"

/* The type of the elements of a part; its members are the fields. */
const struct oq_dtype *oq_frames_type(const struct oq_sheet *s, unsigned part);

/* Add a table as a part: a frame, or a 1-D dataset.  The sheet's number of rows
 * is set if this is its first part, else it must be the same.  0, -ENOENT where
 * there is no such table, or another negative errno, with the reason. */
int oq_frames_add_part(struct oq_sheet *s, const struct oq_calculation *c,
		       const char *path, unsigned *part, struct oq_err *err);

/* Add all fields of a part as columns, except those that are named in 'but',
 * separated by blanks.  0, or -EIO with the reason. */
int oq_frames_add_fields(struct oq_sheet *s, unsigned part, const char *but,
			 struct oq_err *err);
/* The column with a name, or NULL. */
struct oq_column *oq_frames_column(struct oq_sheet *s, const char *name);
/* Give a column another name. */
void oq_frames_rename(struct oq_sheet *s, struct oq_column *c,
		      const char *name);
/* Move a column to the end. */
void oq_frames_move_last(struct oq_sheet *s, struct oq_column *c);

/* Whether a word is one of 'words', which are separated by blanks. */
bool oq_frames_word(const char *words, const char *word);

/* A whole data frame in memory, of bounded size: to group or compute by. */
struct oq_table_values {
	struct oq_names names;
	struct oq_values *values; /* of each column; owned */
	uint64_t nrows;
};
/* 0, or a negative errno with the reason and nothing to free. */
int oq_frames_read(const struct oq_calculation *c, const char *path,
		   struct oq_table_values *out, struct oq_err *err);
void oq_frames_free(struct oq_table_values *t);
#define OQ_TABLE_VALUES __attribute__((cleanup(oq_frames_free)))
/* The column with a name, or NULL; its integers, or NULL. */
const struct oq_values *oq_frames_find(const struct oq_table_values *t,
				       const char *name);
const int64_t *oq_frames_ints(const struct oq_table_values *t,
			      const char *name);

#endif
