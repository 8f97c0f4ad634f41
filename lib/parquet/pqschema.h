/* SPDX-License-Identifier: MIT */
/* pqschema.h - the columns of a Parquet file
 *
 * A column has a type, which says how Parquet stores a value (the physical
 * type) and what the value means to readers (the logical type).  It also says
 * how values are nested in rows:
 *
 *	OQ_PQ_FLAT	one value a row, never null
 *	OQ_PQ_NULLABLE	one value a row, or null
 *	OQ_PQ_LIST	a row is a list of values, which may be empty
 *
 * If all values of a column have the same width and each row has one value, the
 * column's geometry is arithmetic.  Any other column is *measured*: its data
 * must be read to learn how many bytes the values of each page take.
 *
 * Plain values and pure functions; any thread.
 */
#ifndef OQ_PQSCHEMA_H
#define OQ_PQSCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/parquet/thrift.h"

enum oq_pqtype {
	OQ_PQ_BOOL,
	OQ_PQ_INT8,
	OQ_PQ_INT16,
	OQ_PQ_INT32,
	OQ_PQ_INT64,
	OQ_PQ_UINT8,
	OQ_PQ_UINT16,
	OQ_PQ_UINT32,
	OQ_PQ_UINT64,
	OQ_PQ_FLOAT,
	OQ_PQ_DOUBLE,
	OQ_PQ_MILLIS, /* date-times without a zone, since 1970 */
	OQ_PQ_MICROS,
	OQ_PQ_NANOS,
	OQ_PQ_STRING, /* UTF-8 of any length */
	OQ_PQ_BINARY, /* bytes of any length */
	OQ_PQ_FIXED,  /* 'width' bytes */
};

enum oq_pqnest { OQ_PQ_FLAT, OQ_PQ_NULLABLE, OQ_PQ_LIST };

/* One column; texts are borrowed.  Names and OQ_PQ_STRING must be UTF-8: some
 * readers refuse the whole file where they are not. */
struct oq_pqcol {
	const char *name;
	enum oq_pqtype type;
	enum oq_pqnest nest;
	uint32_t width; /* OQ_PQ_FIXED: > 0 */
	/* A flat OQ_PQ_STRING or OQ_PQ_BINARY that has only these 'ndict'
	 * values; each row stores the number of one.  NULL: no dictionary. */
	const char *const *dict;
	uint32_t ndict;
	/* Row groups tell its least and greatest value.  Only for flat
	 * columns of integers or date-times. */
	bool has_stats;
};

struct oq_pqmeta {
	const char *key, *value;
};

/* Everything about a file except its rows.  What it points to is borrowed. */
struct oq_pqschema {
	const struct oq_pqcol *cols;
	size_t ncols; /* > 0 */
	const struct oq_pqmeta *meta;
	size_t nmeta;
	const char *created_by; /* "oqfs version 1.2.3" */
	/* The least number of rows in a row group and the greatest in a page:
	 * powers of two, 8 or more.  0: the usual number. */
	uint64_t group_rows, page_rows;
};

/* Check that the schema is as described above and within Parquet's limits.
 * Returns 0 or -EINVAL with the reason.  The other functions are for schemas
 * that passed. */
int oq_pqschema_check(const struct oq_pqschema *s, struct oq_err *err);

/* Bytes of a value in PLAIN encoding; 0 where that varies and for OQ_PQ_BOOL.
 */
uint32_t oq_pqcol_width(const struct oq_pqcol *c);
bool oq_pqcol_is_unsigned(const struct oq_pqcol *c);
bool oq_pqcol_is_measured(const struct oq_pqcol *c);
/* How many bits a row takes where rows are bit-packed: 1 for a bool, those of a
 * text's number for a dictionary; 0 where they are not packed. */
unsigned oq_pqcol_bits(const struct oq_pqcol *c);

/* Put the schema into the footer, as the list that is field 'id'. */
void oq_pqschema_put(const struct oq_pqschema *s, int id, struct oq_thrift *t);
/* Put a column's fields of a chunk's metadata: the physical type (1), the
 * encodings (2) and the path (3). */
void oq_pqcol_put(const struct oq_pqcol *c, struct oq_thrift *t);

#endif
