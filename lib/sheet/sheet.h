/* SPDX-License-Identifier: MIT */
/* sheet.h - a table as an exporter writes it: columns of values, row by row
 *
 * A sheet has *parts*: sources of elements, of which each row has a fixed
 * number.  A column has a function that makes its values for any rows: from the
 * elements of a part, from a list by an index that is such an element, from
 * memory, or by computing.  Values stay doubles, integers and texts until the
 * last step, which makes text of them.
 *
 *	rows of the file
 *	  |  order (sorting.h; as stored, mostly)
 *	rows of the table --- parts: elements of sources
 *	  |                    columns: values of a block of rows
 *	  `-> text
 *
 * The main thread puts a sheet together; then any worker may read it.
 */
#ifndef OQ_SHEET_H
#define OQ_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/data/source.h"
#include "lib/engine/calculation.h"
#include "lib/engine/export.h"
#include "lib/engine/load.h"
#include "lib/sheet/figure.h"
#include "lib/sheet/sorting.h"

/* Rows that are made together. */
#define OQ_SHEET_BLOCK 256

struct oq_column;

/* A block of rows while it is made, by one worker. */
struct oq_rows {
	size_t n;
	uint64_t row[OQ_SHEET_BLOCK]; /* their numbers in the table */
	uint8_t **part; /* elements of each part, n * width of them */
};

/* How a cell becomes text. */
enum oq_cellform {
	OQ_FORM_PLAIN,	/* texts and integers as they are */
	OQ_FORM_FIGURE, /* a double by the column's oq_figure */
	OQ_FORM_TRUTH,	/* an integer as True or False */
};

struct oq_column {
	char *name; /* owned */
	enum oq_valtype type;
	bool single; /* all values are floats of four bytes */
	bool hidden; /* not shown: to sort or compute by */
	enum oq_cellform form;
	enum oq_figure figure;
	/* Write the values of a block of rows to 'out[r->n]' of the type.
	 * Worker.  0, or a negative errno with the reason. */
	int (*fill)(const struct oq_column *c, const struct oq_rows *r,
		    void *out, struct oq_err *err);

	/* What fill() makes the values of. */
	unsigned part;	  /* number of the part */
	uint64_t at;	  /* which element of a row */
	size_t offset;	  /* bytes into the element */
	size_t stride;	  /* bytes of an element */
	size_t row_bytes; /* bytes of the elements of a row */
	struct oq_load load;
	const void *arg; /* a list or state that the sheet keeps */
	uint64_t n;	 /* things in that list */
	double number;	 /* for the fill function */
	int64_t add;	 /* added to an index */
};

struct oq_sheetpart {
	struct oq_source *source; /* owned */
	uint64_t width;		  /* elements of a row */
	bool aside; /* only hidden columns use it; not read for text */
};

struct oq_sheet {
	struct oq_export export; /* first */
	const struct oq_env *env;
	bool frame; /* written as pandas does, see figure.h */
	size_t ncolumns, nparts, nkept;
	size_t column_room, part_room, kept_room;
	struct oq_column *columns; /* owned, as all of these */
	struct oq_sheetpart *parts;
	void **kept;
	struct oq_buf comment; /* key=value, ...; empty: none */
	struct oq_sorting order;
	/* Number of a column: rows that have a zero there are not written;
	 * or -1. */
	int skip_zero;
	/* Either may be NULL.  Worker: prepare() runs before the first row is
	 * made; keys() gives the keys that the rows are then sorted by. */
	int (*prepare)(struct oq_sheet *s, struct oq_err *err);
	int (*keys)(void *sheet, uint64_t first, size_t n, struct oq_key *out,
		    struct oq_err *err);
	bool unique; /* no two keys may be the same, see sorting.h */
	void *state; /* of prepare() and keys(); the sheet keeps it */
	struct oq_column spare; /* written to where there is no memory */
	bool is_short; /* a column has fewer values than the sheet has rows */
	bool failed;   /* memory ran out while it was put together */
};

/* An empty sheet.  NULL: no memory. */
struct oq_sheet *oq_sheet_new(const struct oq_env *env, uint64_t nrows);
/* By any thread but the main one if the sheet has parts. */
void oq_sheet_close(struct oq_sheet *s);

/* Zeroed memory for 'n' things, freed with the sheet.  NULL for no memory, and
 * the sheet's 'failed' is set. */
void *oq_sheet_alloc(struct oq_sheet *s, uint64_t n, size_t size);
/* Take over memory from malloc(), also on failure; NULL marks the sheet as
 * failed.  Returns it, or NULL. */
void *oq_sheet_keep(struct oq_sheet *s, void *p);
/* A copy of a text, kept in the same way. */
char *oq_sheet_text(struct oq_sheet *s, const char *text);

/* Take over a source as a part, of which each row has 'width' elements; '*part'
 * is its number.  On failure the source is closed.  0, or a negative errno with
 * the reason. */
int oq_sheet_add_part(struct oq_sheet *s, struct oq_source *source,
		      uint64_t width, unsigned *part, struct oq_err *err);
/* The same for a dataset, or the elements that 'sel' (may be NULL) chooses. */
int oq_sheet_add_dataset(struct oq_sheet *s, const struct oq_place *at,
			 const struct oq_sel *sel, uint64_t width,
			 unsigned *part, struct oq_err *err);

/* Add a column with nothing but a name, which is copied.  Never NULL: without
 * memory it is 'spare', and the sheet has failed.  The pointer, like all that
 * the functions below return, is valid until the next column is added. */
struct oq_column *oq_sheet_add(struct oq_sheet *s, const char *name);

/* Add a column of element 'at' of each row of a part, or of a field of that
 * element.  NULL where there is none, or its type is not exported; with the
 * reason. */
struct oq_column *oq_sheet_add_field(struct oq_sheet *s, const char *name,
				     unsigned part, uint64_t at,
				     const char *field, struct oq_err *err);
/* Read the values of such a column for the rows 'r' into 'out', for a fill()
 * that makes something of them.  0, or a negative errno. */
int oq_column_load(const struct oq_column *c, const struct oq_rows *r,
		   void *out, struct oq_err *err);
/* Whether a column shows such elements as they are, and nothing made of them.
 */
bool oq_column_is_field(const struct oq_column *c);
/* Add a column of values in memory, one for each row of the table.  The sheet
 * must keep them already, the texts too; NULL marks it as failed. */
struct oq_column *oq_sheet_add_f64(struct oq_sheet *s, const char *name,
				   double *v);
struct oq_column *oq_sheet_add_i64(struct oq_sheet *s, const char *name,
				   int64_t *v);
struct oq_column *oq_sheet_add_texts(struct oq_sheet *s, const char *name,
				     const char **v);
/* Add a column of values that were read; the sheet takes them over. */
struct oq_column *oq_sheet_add_values(struct oq_sheet *s, const char *name,
				      struct oq_values *v);
/* Add a column with the same text in every row; it is copied. */
struct oq_column *oq_sheet_add_constant(struct oq_sheet *s, const char *name,
					const char *text);
/* Make a column of integers one of the texts or values with these numbers, in a
 * list of 'n' that the sheet keeps.  'add' is added to the integers first.  A
 * number out of range is -EIO when its row is made. */
void oq_column_look_up(struct oq_column *c, const char *const *texts,
		       uint64_t n, int64_t add);
void oq_column_look_up_f64(struct oq_column *c, const double *v, uint64_t n);
void oq_column_look_up_i64(struct oq_column *c, const int64_t *v, uint64_t n);

/* Print the floats of all columns from 'first' on, or of one column, in this
 * way. */
void oq_sheet_set_figure(struct oq_sheet *s, size_t first, enum oq_figure f);
void oq_column_set_figure(struct oq_column *c, enum oq_figure f);

/* Append to the comment the items that the words of 'words' name:
 *
 *	md	the calculation's metadata
 *	kind	the file's statistic or realization ("mean", "rlz-000")
 *	inv	investigation_time
 *	rinv	risk_investigation_time, or else investigation_time
 *	imt	the file's intensity measure type
 */
struct oq_exportfile;
void oq_sheet_set_comment(struct oq_sheet *s, const struct oq_calculation *c,
			  const struct oq_exportfile *f, const char *words);

#endif
