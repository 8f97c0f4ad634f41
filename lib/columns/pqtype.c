/* SPDX-License-Identifier: MIT */
/* pqtype.c - what a value of HDF5 is in Parquet */

#include "lib/columns/pqtype.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/num.h"
#include "lib/base/quote.h"
#include "lib/columns/pqcell.h"
#include "lib/columns/pqmaybe.h"
#include "lib/type/number.h"
#include "lib/type/oddnum.h"
#include "lib/type/value.h"

/* Every row group repeats the dictionary, so a longer one does not pay. */
#define DICT_BYTES ((uint64_t)1 << 20)

/* ---- what Parquet can hold ---- */

static bool is_number(const struct oq_dtype *t)
{
	return t->cls == OQ_INT || t->cls == OQ_TIME || t->cls == OQ_BITFIELD;
}

/* The reason says which member it is of. */
static int hold_members(const struct oq_dtype *t, struct oq_err *err)
{
	struct oq_err why;

	for (size_t i = 0; i < t->nmembers; i++) {
		int r = oq_pqtype_hold(t->members[i].type, &why);

		if (r < 0)
			return oq_err_set(err, r, "%s: %s", t->members[i].name,
					  why.text);
	}
	return 0;
}

int oq_pqtype_hold(const struct oq_dtype *t, struct oq_err *err)
{
	if (is_number(t) && !oq_odd_int_fits(t))
		return oq_err_set(err, -EOPNOTSUPP,
				  "Parquet has no integers of %u bits",
				  t->precision);
	if (t->cls == OQ_FLOAT && !oq_odd_float_fits(t, 8))
		return oq_err_set(err, -EOPNOTSUPP,
				  "Parquet has no floats with %u bits of "
				  "exponent and %u of mantissa",
				  t->exp_bits, t->man_bits);
	if (t->cls == OQ_ARRAY || t->cls == OQ_MASKED)
		return oq_pqtype_hold(t->base, err);
	return t->cls == OQ_COMPOUND ? hold_members(t, err) : 0;
}

/* ---- dictionaries ---- */

static bool all_utf8(const char *const *texts, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		if (!oq_utf8_is(texts[i], strlen(texts[i])))
			return false;
	return true;
}

static void set_dict(struct oq_pqcol *col, const char *const *texts, uint32_t n)
{
	col->dict = texts;
	col->ndict = n;
	col->type = all_utf8(texts, n) ? OQ_PQ_STRING : OQ_PQ_BINARY;
}

/* The dictionary has the labels that the rows show, in the order of their
 * indices. */
int oq_pqtype_set_labels(struct oq_pqcolumns *c, unsigned axis,
			 struct oq_pqcol *col)
{
	const struct oq_table *t = c->table;
	uint64_t n = t->dims[axis], bytes = 0;
	const char **texts;

	col->type = OQ_PQ_STRING;
	if (n == 0 || n > DICT_BYTES / 4)
		return 0;
	for (uint64_t i = 0; i < n; i++)
		bytes += 4 + strlen(oq_table_label(t, axis, i));
	if (bytes > DICT_BYTES)
		return 0;
	texts = oq_pqcolumns_own(c, calloc(n, sizeof(*texts)));
	if (!texts)
		return -ENOMEM;
	for (uint64_t i = 0; i < n; i++)
		texts[i] = oq_table_label(t, axis, i);
	set_dict(col, texts, (uint32_t)n);
	return 0;
}

/* The text of each value that a byte can have: the enum's name for it, or the
 * number. */
static int set_symbols(struct oq_pqcolumns *c, const struct oq_dtype *t,
		       struct oq_pqcol *col)
{
	const char **texts = oq_pqcolumns_own(c, calloc(256, sizeof(*texts)));
	OQ_BUF struct oq_buf number = { 0 };

	for (unsigned i = 0; texts && i < 256; i++) {
		uint8_t byte = (uint8_t)i;

		texts[i] = oq_value_symbol(t, &byte);
		if (texts[i])
			continue;
		number.len = 0;
		oq_int_put(t->base, &byte, &number);
		oq_buf_putc(&number, '\0');
		texts[i] = number.failed
				   ? NULL
				   : oq_pqcolumns_own(c, strdup(number.data));
		if (!texts[i])
			return -ENOMEM;
	}
	if (!texts)
		return -ENOMEM;
	set_dict(col, texts, 256);
	return 0;
}

/* ---- types ---- */

static void set_text(struct oq_pqcol *col, struct oq_pqorigin *o)
{
	o->from = OQ_PQ_TEXT;
	col->type = OQ_PQ_STRING;
}

static void set_sequence(struct oq_pqcol *col, struct oq_pqorigin *o)
{
	const struct oq_dtype *base = o->type->base;

	if (!oq_pqcell_is(base) && !oq_dtype_is_text(base)) {
		set_text(col, o);
		return;
	}
	o->from = OQ_PQ_SEQUENCE;
	col->nest = OQ_PQ_LIST;
	col->type = oq_pqcell_is(base) ? oq_pqcell_type(base) : OQ_PQ_STRING;
}

int oq_pqtype_set(struct oq_pqcolumns *c, struct oq_pqcol *col,
		  struct oq_pqorigin *o)
{
	const struct oq_dtype *t = o->type;

	if (oq_pqcell_is(t)) {
		o->from = OQ_PQ_CELL;
		col->type = oq_pqcell_type(t);
		return 0;
	}
	if (oq_pqmaybe_set(col, o))
		return 0;
	switch (t->cls) {
	case OQ_INT:
	case OQ_TIME:
	case OQ_BITFIELD:
		o->from = OQ_PQ_ODD_INT;
		col->type = oq_pqcell_int(t->precision, oq_number_is_signed(t));
		return 0;
	case OQ_FLOAT:
		o->from = OQ_PQ_ODD_FLOAT;
		col->type = OQ_PQ_DOUBLE;
		return 0;
	case OQ_OPAQUE:
		o->from = OQ_PQ_CELL;
		col->type = OQ_PQ_FIXED;
		col->width = (uint32_t)oq_min_u64(t->size, UINT32_MAX);
		return 0;
	case OQ_ENUM:
		if (t->size == 1 && oq_dtype_is_plain(t->base)) {
			o->from = OQ_PQ_SYMBOL;
			return set_symbols(c, t, col);
		}
		break;
	case OQ_VLEN:
		set_sequence(col, o);
		return 0;
	case OQ_STRING:
	case OQ_VSTRING:
	case OQ_COMPOUND:
	case OQ_ARRAY:
	case OQ_OBJREF:
	case OQ_REGREF:
	case OQ_DATETIME:
	case OQ_TIMEDELTA:
	case OQ_MASKED:
		break;
	}
	set_text(col, o);
	return 0;
}
