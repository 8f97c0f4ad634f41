/* SPDX-License-Identifier: MIT */
/* pqschema.c - the columns of a Parquet file */

#include "lib/parquet/pqschema.h"

#include <errno.h>

#include "lib/base/num.h"

/* ---- types ---- */

/* By the format's own numbers. */
enum { BOOLEAN, INT32, INT64, INT96, FLOAT, DOUBLE, BYTE_ARRAY, FIXED };
enum { UTF8 = 0, AS_LIST = 3, TIMESTAMP_MILLIS = 9, TIMESTAMP_MICROS = 10 };
enum { REQUIRED, OPTIONAL, REPEATED };
enum { NOT_CONVERTED = -1 };

static const struct type {
	uint8_t physical;
	uint8_t width;
	int8_t converted; /* what readers go by that know no logical types */
	uint8_t bits;	  /* of an integer */
	bool is_unsigned;
	uint8_t unit; /* of a date-time */
} types[] = {
	[OQ_PQ_BOOL] = { BOOLEAN, 0, NOT_CONVERTED, 0, false, 0 },
	[OQ_PQ_INT8] = { INT32, 4, 15, 8, false, 0 },
	[OQ_PQ_INT16] = { INT32, 4, 16, 16, false, 0 },
	[OQ_PQ_INT32] = { INT32, 4, 17, 32, false, 0 },
	[OQ_PQ_INT64] = { INT64, 8, 18, 64, false, 0 },
	[OQ_PQ_UINT8] = { INT32, 4, 11, 8, true, 0 },
	[OQ_PQ_UINT16] = { INT32, 4, 12, 16, true, 0 },
	[OQ_PQ_UINT32] = { INT32, 4, 13, 32, true, 0 },
	[OQ_PQ_UINT64] = { INT64, 8, 14, 64, true, 0 },
	[OQ_PQ_FLOAT] = { FLOAT, 4, NOT_CONVERTED, 0, false, 0 },
	[OQ_PQ_DOUBLE] = { DOUBLE, 8, NOT_CONVERTED, 0, false, 0 },
	[OQ_PQ_MILLIS] = { INT64, 8, TIMESTAMP_MILLIS, 0, false, 1 },
	[OQ_PQ_MICROS] = { INT64, 8, TIMESTAMP_MICROS, 0, false, 2 },
	[OQ_PQ_NANOS] = { INT64, 8, NOT_CONVERTED, 0, false, 3 },
	[OQ_PQ_STRING] = { BYTE_ARRAY, 0, UTF8, 0, false, 0 },
	[OQ_PQ_BINARY] = { BYTE_ARRAY, 0, NOT_CONVERTED, 0, false, 0 },
	[OQ_PQ_FIXED] = { FIXED, 0, NOT_CONVERTED, 0, false, 0 },
};

uint32_t oq_pqcol_width(const struct oq_pqcol *c)
{
	return c->type == OQ_PQ_FIXED ? c->width : types[c->type].width;
}

bool oq_pqcol_is_unsigned(const struct oq_pqcol *c)
{
	return types[c->type].is_unsigned;
}

bool oq_pqcol_is_measured(const struct oq_pqcol *c)
{
	return c->nest != OQ_PQ_FLAT ||
	       (types[c->type].physical == BYTE_ARRAY && !c->dict);
}

unsigned oq_pqcol_bits(const struct oq_pqcol *c)
{
	unsigned bits = 1;

	if (c->nest != OQ_PQ_FLAT || (c->type != OQ_PQ_BOOL && !c->dict))
		return 0;
	for (; c->dict && bits < 32 && (c->ndict - 1) >> bits; bits++)
		;
	return bits;
}

/* ---- is it right? ---- */

static const char *what_is_wrong(const struct oq_pqcol *c)
{
	const struct type *t = &types[c->type];

	if (c->type == OQ_PQ_FIXED && (!c->width || c->width > INT32_MAX))
		return "no width that Parquet has";
	if (c->dict && (t->physical != BYTE_ARRAY || c->nest != OQ_PQ_FLAT))
		return "a dictionary of what are no texts, one a row";
	if (c->dict && (!c->ndict || c->ndict > INT32_MAX))
		return "no number of texts that Parquet has";
	if (c->has_stats && (!(t->bits || t->unit) || c->nest != OQ_PQ_FLAT))
		return "statistics of what are no integers, one a row";
	return NULL;
}

static bool is_usable(uint64_t rows)
{
	return !(rows & (rows - 1)) && (!rows || rows >= 8) &&
	       rows <= UINT64_MAX / 4;
}

int oq_pqschema_check(const struct oq_pqschema *s, struct oq_err *err)
{
	if (!s->ncols || s->ncols > INT32_MAX)
		return oq_err_set(err, -EINVAL,
				  "no number of columns "
				  "that Parquet has");
	if (!is_usable(s->group_rows) || !is_usable(s->page_rows))
		return oq_err_set(err, -EINVAL, "no power of two");
	for (size_t i = 0; i < s->ncols; i++) {
		const char *wrong = what_is_wrong(&s->cols[i]);

		if (wrong)
			return oq_err_set(err, -EINVAL, "column '%s': %s",
					  s->cols[i].name, wrong);
	}
	return 0;
}

/* ---- as the footer says it ---- */

/* Numbers of the fields of SchemaElement and of the logical types. */
enum {
	TYPE = 1,
	TYPE_LENGTH,
	REPETITION,
	NAME,
	CHILDREN,
	CONVERTED,
	LOGICAL = 10
};
enum { L_STRING = 1, L_LIST = 3, L_TIMESTAMP = 8, L_INTEGER = 10 };

static void put_logical(const struct type *t, struct oq_thrift *out)
{
	if (t->converted != UTF8 && !t->bits && !t->unit)
		return;
	oq_thrift_open(out, LOGICAL);
	if (t->bits) {
		oq_thrift_open(out, L_INTEGER);
		oq_thrift_i8(out, 1, (int8_t)t->bits);
		oq_thrift_bool(out, 2, !t->is_unsigned);
		oq_thrift_close(out);
	} else if (t->unit) {
		oq_thrift_open(out, L_TIMESTAMP);
		oq_thrift_bool(out, 1, false); /* in no zone */
		oq_thrift_open(out, 2);
		oq_thrift_empty(out, t->unit);
		oq_thrift_close(out);
		oq_thrift_close(out);
	} else {
		oq_thrift_empty(out, L_STRING);
	}
	oq_thrift_close(out);
}

static void put_leaf(const struct oq_pqcol *c, const char *name,
		     struct oq_thrift *out)
{
	const struct type *t = &types[c->type];

	oq_thrift_item(out);
	oq_thrift_i32(out, TYPE, t->physical);
	if (c->type == OQ_PQ_FIXED)
		oq_thrift_i32(out, TYPE_LENGTH, (int32_t)c->width);
	oq_thrift_i32(out, REPETITION,
		      c->nest == OQ_PQ_NULLABLE ? OPTIONAL : REQUIRED);
	oq_thrift_string(out, NAME, name);
	if (t->converted != NOT_CONVERTED)
		oq_thrift_i32(out, CONVERTED, t->converted);
	put_logical(t, out);
	oq_thrift_close(out);
}

/* A list is three elements deep: itself, what is repeated, a value. */
static void put_list(const struct oq_pqcol *c, struct oq_thrift *out)
{
	oq_thrift_item(out);
	oq_thrift_i32(out, REPETITION, REQUIRED);
	oq_thrift_string(out, NAME, c->name);
	oq_thrift_i32(out, CHILDREN, 1);
	oq_thrift_i32(out, CONVERTED, AS_LIST);
	oq_thrift_open(out, LOGICAL);
	oq_thrift_empty(out, L_LIST);
	oq_thrift_close(out);
	oq_thrift_close(out);

	oq_thrift_item(out);
	oq_thrift_i32(out, REPETITION, REPEATED);
	oq_thrift_string(out, NAME, "list");
	oq_thrift_i32(out, CHILDREN, 1);
	oq_thrift_close(out);

	put_leaf(c, "element", out);
}

static size_t count_elements(const struct oq_pqschema *s)
{
	size_t n = 1;

	for (size_t i = 0; i < s->ncols; i++)
		n += s->cols[i].nest == OQ_PQ_LIST ? 3 : 1;
	return n;
}

void oq_pqschema_put(const struct oq_pqschema *s, int id, struct oq_thrift *t)
{
	oq_thrift_list(t, id, OQ_THRIFT_STRUCT, count_elements(s));
	oq_thrift_item(t);
	oq_thrift_string(t, NAME, "schema");
	oq_thrift_i32(t, CHILDREN, (int32_t)s->ncols);
	oq_thrift_close(t);
	for (size_t i = 0; i < s->ncols; i++) {
		if (s->cols[i].nest == OQ_PQ_LIST)
			put_list(&s->cols[i], t);
		else
			put_leaf(&s->cols[i], s->cols[i].name, t);
	}
}

void oq_pqcol_put(const struct oq_pqcol *c, struct oq_thrift *t)
{
	enum { PLAIN = 0, RLE = 3, RLE_DICTIONARY = 8 };
	bool has_levels = c->nest != OQ_PQ_FLAT;

	oq_thrift_i32(t, 1, types[c->type].physical);
	oq_thrift_list(t, 2, OQ_THRIFT_I32, 1u + has_levels + !!c->dict);
	oq_thrift_item_i32(t, PLAIN);
	if (has_levels)
		oq_thrift_item_i32(t, RLE);
	if (c->dict)
		oq_thrift_item_i32(t, RLE_DICTIONARY);
	oq_thrift_list(t, 3, OQ_THRIFT_BINARY, c->nest == OQ_PQ_LIST ? 3 : 1);
	oq_thrift_item_string(t, c->name);
	if (c->nest == OQ_PQ_LIST) {
		oq_thrift_item_string(t, "list");
		oq_thrift_item_string(t, "element");
	}
}
