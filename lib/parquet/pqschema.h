/* SPDX-License-Identifier: MIT */
/* pqschema.h - the columns of a Parquet file
 *
 * A column has a type, which says how Parquet stores a value (its physical
 * type) and what readers take it for (its logical type), and how its values
 * are nested in rows:
 *
 *	OQ_PQ_FLAT	one value a row, never null
 *	OQ_PQ_NULLABLE	one value a row, or null
 *	OQ_PQ_LIST	a row is a list of values, which may be empty
 *
 * Where the values of a column have one width and each row has one, all of its
 * geometry is arithmetic.  Any other column is *measured*: whoever has the
 * data says how many bytes the values of each page take.
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

/* One column; texts are borrowed.  Readers want names and OQ_PQ_STRING to be
 * UTF-8: some refuse the whole file where they are not. */
struct oq_pqcol {
	const char *name;
	enum oq_pqtype type;
	enum oq_pqnest nest;
	uint32_t width; /* OQ_PQ_FIXED: > 0 */
	/* A flat OQ_PQ_STRING or OQ_PQ_BINARY whose values are 'ndict' texts:
	 * it is stored as numbers of them.  NULL: it is not. */
	const char *const *dict;
	uint32_t ndict;
	/* Row groups say its least and greatest value: an integer or a
	 * date-time that is flat. */
	bool has_stats;
};

struct oq_pqmeta {
	const char *key, *value;
};

/* All of a file but its rows; borrowed, as is what it points to. */
struct oq_pqschema {
	const struct oq_pqcol *cols;
	size_t ncols; /* > 0 */
	const struct oq_pqmeta *meta;
	size_t nmeta;
	const char *created_by; /* "oqfs version 1.2.3" */
	/* At least so many rows make a row group, at most so many a page:
	 * powers of two, 8 or more.  0: as many as is usual. */
	uint64_t group_rows, page_rows;
};

/* Whether all is as said above, and within what Parquet can say.  Returns 0 or
 * -EINVAL with the reason; what follows is for schemas that are right. */
int oq_pqschema_check(const struct oq_pqschema *s, struct oq_err *err);

/* Bytes of a value as PLAIN has it; 0 where they vary, and for OQ_PQ_BOOL. */
uint32_t oq_pqcol_width(const struct oq_pqcol *c);
bool oq_pqcol_is_unsigned(const struct oq_pqcol *c);
bool oq_pqcol_is_measured(const struct oq_pqcol *c);
/* Bits of a value that is packed with its neighbours: those of a bool, and of
 * the number of a text; 0: not packed. */
unsigned oq_pqcol_bits(const struct oq_pqcol *c);

/* For the footer: the schema as the list that is its field 'id'; in the
 * metadata of a chunk the physical type (field 1), the encodings (2) and the
 * path (3). */
void oq_pqschema_put(const struct oq_pqschema *s, int id, struct oq_thrift *t);
void oq_pqcol_put(const struct oq_pqcol *c, struct oq_thrift *t);

#endif
