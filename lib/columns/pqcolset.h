/* SPDX-License-Identifier: MIT */
/* pqcolset.h - the columns of a table as those of a Parquet file
 *
 *	table                          columns
 *	  axes (long form)               numbers of indices, or labels
 *	  fields of an element           one each
 *	  elements in a row (matrix)     one each
 *
 * The data of the columns are read in *parts*.  A data frame has one part for
 * each member, since a member can be read alone.  Anything else has one part,
 * all elements of a row.  A column lies at an offset in the rows of its part.
 *
 * Made by one thread.  Then constant, and for any thread, with one exception:
 * a text column that turns out not to be UTF-8 becomes binary when the file is
 * measured (see parquet.h).
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
	OQ_PQ_INDEX,   /* not from the element: its index on an axis */
	OQ_PQ_LABEL,   /* not from the element: the label of that index */
	OQ_PQ_CELL,    /* a number that pqcells.h loads */
	OQ_PQ_ODD_INT, /* a number that oddnum.h loads */
	OQ_PQ_ODD_FLOAT,
	OQ_PQ_SYMBOL,	/* a byte, which numbers a text of the dictionary */
	OQ_PQ_TEXT,	/* text that is made of the element */
	OQ_PQ_MOMENT,	/* a date-time or time span: see pqmaybe.h */
	OQ_PQ_SEQUENCE, /* a list of cells or texts */
};

struct oq_pqorigin {
	enum oq_pqfrom from;
	unsigned axis; /* OQ_PQ_INDEX and OQ_PQ_LABEL only */
	/* All others: */
	size_t part;
	size_t offset;		     /* in a row of the part */
	const struct oq_dtype *type; /* of the element there */
	enum oq_role role;
};

/* Instead of a member's number: all of the element. */
#define OQ_PQ_WHOLE SIZE_MAX

struct oq_pqpart {
	size_t member;	    /* which one of the elements, or OQ_PQ_WHOLE */
	uint64_t row_elems; /* elements that make a row */
	size_t row_bytes;
	size_t ncols;	   /* columns in it */
	size_t nmeasured;  /* how many of them are measured (pqschema.h) */
	size_t nstats;	   /* how many need a pass for their statistics */
	bool has_pointers; /* or references: slow to read */
};

struct oq_pqcolumns {
	const struct oq_table *table; /* borrowed */
	uint64_t nrows;
	struct oq_pqschema schema;
	/* Owned: schema.ncols columns, and where the values of each come
	 * from. */
	struct oq_pqcol *cols;
	struct oq_pqorigin *origins;
	struct oq_pqpart *parts; /* owned */
	size_t nparts;
	struct oq_pqmeta meta[2];
	void **owned; /* names and texts, see oq_pqcolumns_own() */
	size_t nowned;
};

/* Free what the columns own; accepts half-made ones (zeroed fields). */
void oq_pqcolumns_free(struct oq_pqcolumns *c);

/* Take over 'p' (from malloc()), to be freed with the columns, and return it.
 * NULL where 'p' is NULL or memory ran out; 'p' is then freed. */
void *oq_pqcolumns_own(struct oq_pqcolumns *c, void *p);

#endif
