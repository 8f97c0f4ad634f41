/* SPDX-License-Identifier: MIT */
/* frames.h - tables: data frames and arrays of compounds, as parts of a sheet
 *
 * What is exported of a table is mostly what it is: its columns in their
 * order, some left out, some under another name.
 */
#ifndef OQ_FRAMES_H
#define OQ_FRAMES_H

#include "lib/sheet/sheet.h"

/* The fields of part 'part', in their order. */
const struct oq_dtype *oq_frames_type(const struct oq_sheet *s, unsigned part);

/* Add a table as a part: a frame, or a 1-D dataset.  The sheet gets its rows.
 * -ENOENT with the reason where there is no such. */
int oq_frames_add_part(struct oq_sheet *s, const struct oq_calculation *c,
		       const char *path, unsigned *part, struct oq_err *err);

/* Add all its fields as columns but those whose names are among the blank
 * separated words of 'but'. */
int oq_frames_add_fields(struct oq_sheet *s, unsigned part, const char *but,
			 struct oq_err *err);
/* The column with a name, or NULL. */
struct oq_column *oq_frames_column(struct oq_sheet *s, const char *name);
/* Give a column another name. */
void oq_frames_rename(struct oq_sheet *s, struct oq_column *c,
		      const char *name);
/* Move a column to the end. */
void oq_frames_move_last(struct oq_sheet *s, struct oq_column *c);

bool oq_frames_word(const char *words, const char *word);

/* A whole frame in memory, bounded: what is grouped or computed by. */
struct oq_table_values {
	struct oq_names names;
	struct oq_values *values; /* of each; owned */
	uint64_t nrows;
};
int oq_frames_read(const struct oq_calculation *c, const char *path,
		   struct oq_table_values *out, struct oq_err *err);
void oq_frames_free(struct oq_table_values *t);
#define OQ_TABLE_VALUES __attribute__((cleanup(oq_frames_free)))
/* The column, or NULL; of integers, or NULL. */
const struct oq_values *oq_frames_find(const struct oq_table_values *t,
				       const char *name);
const int64_t *oq_frames_ints(const struct oq_table_values *t,
			      const char *name);

#endif
