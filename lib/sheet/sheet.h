/* SPDX-License-Identifier: MIT */
/* sheet.h - a table as an exporter writes it: columns of values, row by row
 *
 * A column says how its values are made for any rows: taken from the elements
 * of a source (a part of the sheet, of which each row has a fixed number of
 * elements), looked up in a list by an index that is taken from there, copied
 * from memory, or computed.  Values stay doubles, integers and texts until
 * the last step, which makes text of them.
 *
 *	rows of the file
 *	  |  order (sorting.h; as stored, mostly)
 *	rows of the table --- parts: elements of sources
 *	  |                    columns: values of a block of rows
 *	  `-> text
 *
 * A sheet is put together by the main thread and then read by any worker.
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

/* Rows made at once. */
#define OQ_SHEET_BLOCK 256

struct oq_column;

/* A block of rows while it is made; one worker's. */
struct oq_rows {
	size_t n;
	uint64_t row[OQ_SHEET_BLOCK]; /* of the table */
	uint8_t **part; /* elements of each part, n * width of them */
};

/* How a cell becomes text, beside oq_figure. */
enum oq_cellform {
	OQ_FORM_PLAIN, /* texts and integers as they are */
	OQ_FORM_FIGURE,
	OQ_FORM_TRUTH, /* an integer as True or False */
};

struct oq_column {
	char *name; /* owned */
	enum oq_valtype type;
	bool single; /* the values were floats of four bytes */
	bool hidden; /* only to sort or compute by */
	enum oq_cellform form;
	enum oq_figure figure;
	/* Values for a block of rows into 'out[r->n]' of the type.  Worker. */
	int (*fill)(const struct oq_column *c, const struct oq_rows *r,
		    void *out, struct oq_err *err);

	/* What fill() makes them of. */
	unsigned part; /* the elements of which part */
	uint64_t at;   /* which of a row's */
	size_t offset; /* where in it */
	size_t stride; /* bytes of an element, and of a row of them */
	size_t row_bytes;
	struct oq_load load;
	const void *arg; /* kept by the sheet */
	uint64_t n;	 /* how many things are there */
	double number;
	int64_t add; /* to an index */
};

struct oq_sheetpart {
	struct oq_source *source; /* owned */
	uint64_t width;		  /* elements of a row */
	bool aside; /* only for columns that are hidden, to sort by */
};

struct oq_sheet {
	struct oq_export export; /* first */
	const struct oq_env *env;
	bool frame; /* pandas wrote it, see figure.h */
	size_t ncolumns, nparts, nkept;
	struct oq_column *columns; /* owned, as all of these */
	struct oq_sheetpart *parts;
	void **kept;
	struct oq_buf comment; /* key=value, ...; empty: none */
	struct oq_sorting order;
	/* A column of which rows with a zero are left out; or -1. */
	int skip_zero;
	/* Worker: more to prepare; then the order, if it has keys. */
	int (*prepare)(struct oq_sheet *s, struct oq_err *err);
	int (*keys)(void *sheet, uint64_t first, size_t n, struct oq_key *out,
		    struct oq_err *err);
	bool unique;		/* no two keys may be the same, see sorting.h */
	void *state;		/* of those, kept */
	struct oq_column spare; /* written to where there is no memory */
	bool is_short; /* a column has not as many values as there are rows */
	bool failed;   /* memory ran out while it was put together */
};

/* An empty one.  NULL: no memory. */
struct oq_sheet *oq_sheet_new(const struct oq_env *env, uint64_t nrows);
/* Any thread but the main one where it has parts. */
void oq_sheet_close(struct oq_sheet *s);

/* Memory that lives as long as the sheet; zeroed.  NULL: none, and the sheet
 * has failed. */
void *oq_sheet_alloc(struct oq_sheet *s, uint64_t n, size_t size);
/* Take over what malloc() gave; returns it. */
void *oq_sheet_keep(struct oq_sheet *s, void *p);
char *oq_sheet_text(struct oq_sheet *s, const char *text);

/* Take over a source as a part; its number.  On failure it is closed. */
int oq_sheet_add_part(struct oq_sheet *s, struct oq_source *source,
		      uint64_t width, unsigned *part, struct oq_err *err);
/* The same of a dataset, or what a selection chooses of it. */
int oq_sheet_add_dataset(struct oq_sheet *s, const struct oq_place *at,
			 const struct oq_sel *sel, uint64_t width,
			 unsigned *part, struct oq_err *err);

/* A column with nothing but a name, at the end; never NULL. 'name' is copied.
 */
struct oq_column *oq_sheet_add(struct oq_sheet *s, const char *name);

/* A column of elements 'at' of a part, or of a field of them. */
struct oq_column *oq_sheet_add_field(struct oq_sheet *s, const char *name,
				     unsigned part, uint64_t at,
				     const char *field, struct oq_err *err);
/* Whether it still is that alone. */
bool oq_column_is_field(const struct oq_column *c);
/* Columns of values in memory, one a row; they are kept by the sheet, the
 * texts too. */
struct oq_column *oq_sheet_add_f64(struct oq_sheet *s, const char *name,
				   double *v);
struct oq_column *oq_sheet_add_i64(struct oq_sheet *s, const char *name,
				   int64_t *v);
struct oq_column *oq_sheet_add_texts(struct oq_sheet *s, const char *name,
				     const char **v);
/* Of values that were read; taken over. */
struct oq_column *oq_sheet_add_values(struct oq_sheet *s, const char *name,
				      struct oq_values *v);
/* A text in every row. */
struct oq_column *oq_sheet_add_constant(struct oq_sheet *s, const char *name,
					const char *text);
/* Turn a column of integers into one of what they are the number of: of 'n'
 * texts or values that live as long as the sheet. 'add' is added first.  A
 * number out of range is -EIO when it is met. */
void oq_column_look_up(struct oq_column *c, const char *const *texts,
		       uint64_t n, int64_t add);
void oq_column_look_up_f64(struct oq_column *c, const double *v, uint64_t n);
void oq_column_look_up_i64(struct oq_column *c, const int64_t *v, uint64_t n);

/* Have the floats of all columns from 'first' on printed like this. */
void oq_sheet_set_figure(struct oq_sheet *s, size_t first, enum oq_figure f);
void oq_column_set_figure(struct oq_column *c, enum oq_figure f);

/* The comment: the items that 'words' names, of a file (export kinds.h):
 *
 *	md	the calculation's metadata
 *	kind	of the file
 *	inv	investigation_time
 *	rinv	risk_investigation_time, or else that
 *	imt	of the file
 */
struct oq_exportfile;
void oq_sheet_set_comment(struct oq_sheet *s, const struct oq_calculation *c,
			  const struct oq_exportfile *f, const char *words);

#endif
