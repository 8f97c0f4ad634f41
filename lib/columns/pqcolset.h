/* SPDX-License-Identifier: MIT */
/* pqcolset.h - the columns of a table as those of a Parquet file
 *
 *	table                          columns
 *	  axes (long form)               numbers of indices, or labels
 *	  fields of an element           one each
 *	  elements in a row (matrix)     one each
 *
 * Where the data of a row come from is its *parts*: of a data frame a member
 * each, which is read alone; of anything else all of the elements of the row.
 * A column is at an offset in the rows of its part.
 *
 * Constant once made, but for the type of a column whose texts turn out not to
 * be UTF-8 (see parquet.h); then for any thread.
 */
#ifndef OQ_PQCOLSET_H
#define OQ_PQCOLSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/parquet/pqschema.h"
#include "lib/table/table.h"

/* How a value comes out of an element. */
enum oq_pqfrom {
	OQ_PQ_INDEX,   /* of no element: its place on an axis */
	OQ_PQ_LABEL,   /* the label of that */
	OQ_PQ_CELL,    /* what pqcells.h reads */
	OQ_PQ_ODD_INT, /* what oddnum.h reads */
	OQ_PQ_ODD_FLOAT,
	OQ_PQ_SYMBOL,	/* a byte, the number of a text */
	OQ_PQ_TEXT,	/* some text */
	OQ_PQ_MOMENT,	/* a number of pqmaybe.h */
	OQ_PQ_SEQUENCE, /* of what its base is: cells or texts */
};

struct oq_pqorigin {
	enum oq_pqfrom from;
	unsigned axis; /* OQ_PQ_INDEX, OQ_PQ_LABEL; of others: */
	size_t part;
	size_t offset; /* in a row of the part */
	const struct oq_dtype *type;
};

#define OQ_PQ_WHOLE SIZE_MAX

struct oq_pqpart {
	size_t member;	    /* of the elements; OQ_PQ_WHOLE: all of them */
	uint64_t row_elems; /* elements that make a row */
	size_t row_bytes;
	size_t ncols;	   /* that are in it, */
	size_t nmeasured;  /* of these measured, */
	size_t nstats;	   /* and with statistics that are not arithmetic */
	bool has_pointers; /* or references: slow to read */
};

struct oq_pqcolumns {
	const struct oq_table *table; /* borrowed */
	uint64_t nrows;
	struct oq_pqschema schema;
	struct oq_pqcol *cols; /* owned: schema.ncols of them, as of these */
	struct oq_pqorigin *origins;
	struct oq_pqpart *parts;
	size_t nparts;
	struct oq_pqmeta meta;
	void **owned; /* names and texts */
	size_t nowned;
};

/* Accepts what was begun only (zeroed fields). */
void oq_pqcolumns_free(struct oq_pqcolumns *c);

/* Have 'p' (from malloc()) freed with the columns; NULL where there is no
 * memory. */
void *oq_pqcolumns_own(struct oq_pqcolumns *c, void *p);

#endif
