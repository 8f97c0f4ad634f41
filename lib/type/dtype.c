/* SPDX-License-Identifier: MIT */
/* dtype.c - what one element of a dataset or an attribute is made of */

#include "lib/type/dtype.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/quote.h"
#include "lib/type/datetime.h"

void oq_dtype_free(struct oq_dtype *t)
{
	if (!t)
		return;
	for (size_t i = 0; t->members && i < t->nmembers; i++) {
		free(t->members[i].name);
		oq_dtype_free(t->members[i].type);
	}
	for (size_t i = 0; t->symbols && i < t->nsymbols; i++) {
		free(t->symbols[i].name);
		free(t->symbols[i].value);
	}
	free(t->members);
	free(t->symbols);
	free(t->tag);
	oq_dtype_free(t->base);
	free(t);
}

/* Whether 't' or a part of it is of a class in the set (bits by class). */
static bool has_class(const struct oq_dtype *t, unsigned set)
{
	if (set >> t->cls & 1)
		return true;
	for (size_t i = 0; i < t->nmembers; i++)
		if (has_class(t->members[i].type, set))
			return true;
	return t->base && has_class(t->base, set);
}

bool oq_dtype_has_pointers(const struct oq_dtype *t)
{
	return has_class(t, 1u << OQ_VSTRING | 1u << OQ_VLEN);
}

bool oq_dtype_has_refs(const struct oq_dtype *t)
{
	return has_class(t, 1u << OQ_OBJREF | 1u << OQ_REGREF);
}

uint64_t oq_dtype_wide_floats(const struct oq_dtype *t)
{
	uint64_t n = t->cls == OQ_FLOAT && t->exp_bits > 11;

	for (size_t i = 0; i < t->nmembers; i++)
		n += oq_dtype_wide_floats(t->members[i].type);
	if (t->base)
		n += oq_dtype_wide_floats(t->base);
	if (t->cls == OQ_ARRAY)
		n *= t->size / t->base->size;
	return n;
}

bool oq_dtype_is_bool(const struct oq_dtype *t)
{
	bool seen[2] = { false, false };

	if (t->cls != OQ_ENUM || t->size != 1 || t->nsymbols != 2)
		return false;
	for (size_t i = 0; i < 2; i++) {
		const struct oq_symbol *s = &t->symbols[i];

		if (s->value[0] == 0 && strcmp(s->name, "FALSE") == 0)
			seen[0] = true;
		if (s->value[0] == 1 && strcmp(s->name, "TRUE") == 0)
			seen[1] = true;
	}
	return seen[0] && seen[1] && oq_dtype_is_plain(t->base);
}

bool oq_dtype_is_x87(const struct oq_dtype *t)
{
	return t->cls == OQ_FLOAT && t->size == 16 && t->order == OQ_LE &&
	       t->bit_off == 0 && t->precision == 80 && t->sign_pos == 79 &&
	       t->exp_pos == 64 && t->exp_bits == 15 && t->exp_bias == 16383 &&
	       t->man_pos == 0 && t->man_bits == 64 &&
	       t->norm != OQ_NORM_IMPLIED;
}

/* IEEE 754 of 2, 4 or 8 bytes. */
static bool is_ieee(const struct oq_dtype *t)
{
	unsigned bits = (unsigned)t->size * 8;
	unsigned exp_bits = t->size == 2 ? 5 : t->size == 4 ? 8 : 11;

	return (t->size == 2 || t->size == 4 || t->size == 8) &&
	       t->sign_pos == bits - 1 && t->exp_bits == exp_bits &&
	       t->exp_pos == bits - 1 - exp_bits && t->man_pos == 0 &&
	       t->man_bits == t->exp_pos &&
	       t->exp_bias == (1u << (exp_bits - 1)) - 1 &&
	       t->norm == OQ_NORM_IMPLIED;
}

bool oq_dtype_is_plain(const struct oq_dtype *t)
{
	if (t->cls != OQ_INT && t->cls != OQ_TIME && t->cls != OQ_BITFIELD &&
	    t->cls != OQ_FLOAT)
		return false;
	if (t->order == OQ_VAX || t->bit_off != 0 || t->size > 8 ||
	    t->precision != t->size * 8)
		return false;
	if (t->cls == OQ_FLOAT)
		return is_ieee(t);
	return t->size == 1 || t->size == 2 || t->size == 4 || t->size == 8;
}

bool oq_dtype_is_complex(const struct oq_dtype *t)
{
	const struct oq_dtype *re = NULL, *im = NULL;

	if (t->cls != OQ_COMPOUND || t->nmembers != 2)
		return false;
	for (size_t i = 0; i < 2; i++) {
		const struct oq_member *m = &t->members[i];

		if (strcmp(m->name, "r") == 0 && m->offset == 0)
			re = m->type;
		if (strcmp(m->name, "i") == 0 && m->offset == t->size / 2)
			im = m->type;
	}
	if (!re || !im || re->cls != OQ_FLOAT || im->cls != OQ_FLOAT ||
	    re->size != im->size || re->size * 2 != t->size ||
	    re->order != im->order)
		return false;
	if (re->size == 16)
		return oq_dtype_is_x87(re) && oq_dtype_is_x87(im);
	return re->size >= 4 && oq_dtype_is_plain(re) && oq_dtype_is_plain(im);
}

/* NumPy's notation
 *
 * A simple type is '<f4', in quotes where it is part of something larger. */

static void put_numpy(const struct oq_dtype *t, bool quoted,
		      struct oq_buf *out);

static void put_simple(char order, char kind, size_t n, bool quoted,
		       struct oq_buf *out)
{
	const char *q = quoted ? "'" : "";

	oq_buf_printf(out, "%s%c%c%zu%s", q, order, kind, n, q);
}

static void put_void(size_t n, bool quoted, struct oq_buf *out)
{
	put_simple('|', 'V', n, quoted, out);
}

static char order_char(const struct oq_dtype *t)
{
	if (t->size == 1)
		return '|';
	return t->order == OQ_BE ? '>' : '<';
}

/* What is stored: see timeval.h. */
static void put_timeval(const struct oq_dtype *t, struct oq_buf *out)
{
	oq_buf_puts(out, t->order == OQ_BE ? "[('s', '>i4'), ('us', '>i4')]"
					   : "[('us', '<i4'), ('s', '<i4')]");
}

static void put_number(const struct oq_dtype *t, bool quoted,
		       struct oq_buf *out)
{
	char kind = 'f';

	if (t->is_timeval) {
		put_timeval(t, out);
		return;
	}
	if (!oq_dtype_is_plain(t) && !oq_dtype_is_x87(t)) {
		put_void(t->size, quoted, out);
		return;
	}
	if (t->cls == OQ_BITFIELD || (t->cls == OQ_INT && !t->is_signed))
		kind = 'u';
	else if (t->cls != OQ_FLOAT)
		kind = 'i';
	put_simple(order_char(t), kind, t->size, quoted, out);
}

/* "(3,)", "(2, 3)" */
static void put_dims(const struct oq_dtype *t, struct oq_buf *out)
{
	oq_buf_putc(out, '(');
	for (unsigned i = 0; i < t->rank; i++)
		oq_buf_printf(out, "%s%" PRIu64, i ? ", " : "", t->dims[i]);
	oq_buf_puts(out, t->rank == 1 ? ",)" : ")");
}

static int by_offset(const void *a, const void *b)
{
	const struct oq_member *const *m = a, *const *n = b;

	return ((*m)->offset > (*n)->offset) - ((*m)->offset < (*n)->offset);
}

static int by_name(const void *a, const void *b)
{
	const struct oq_member *const *m = a, *const *n = b;

	return strcmp((*m)->name, (*n)->name);
}

/* Whether NumPy can have fields of these names: not empty, no two equal. */
static bool names_are_usable(const struct oq_member **m, size_t n)
{
	qsort(m, n, sizeof(struct oq_member *), by_name);
	for (size_t i = 0; i < n; i++)
		if (!m[i]->name[0] ||
		    (i > 0 && strcmp(m[i - 1]->name, m[i]->name) == 0))
			return false;
	return true;
}

/* Whether sorting by offset leaves each member in front of the next. */
static bool members_are_apart(const struct oq_member **m, size_t n)
{
	qsort(m, n, sizeof(struct oq_member *), by_offset);
	for (size_t i = 1; i < n; i++)
		if (m[i - 1]->offset + m[i - 1]->type->size > m[i]->offset)
			return false;
	return true;
}

/* A gap as NumPy shows it: a nameless void; returns where it ends. */
static void put_gap(size_t n, const char *before, const char *after,
		    struct oq_buf *out)
{
	if (n > 0)
		oq_buf_printf(out, "%s('', '|V%zu')%s", before, n, after);
}

static void put_member(const struct oq_member *m, struct oq_buf *out)
{
	bool array = m->type->cls == OQ_ARRAY;

	oq_buf_putc(out, '(');
	oq_py_put_str(m->name, strlen(m->name), out);
	oq_buf_puts(out, ", ");
	put_numpy(array ? m->type->base : m->type, true, out);
	if (array) {
		oq_buf_puts(out, ", ");
		put_dims(m->type, out);
	}
	oq_buf_putc(out, ')');
}

static void put_compound(const struct oq_dtype *t, bool quoted,
			 struct oq_buf *out)
{
	size_t n = t->nmembers, end = 0;
	OQ_FREE const struct oq_member **m = NULL;

	m = calloc(n ? n : 1,
		   sizeof(struct oq_member *)); /* the members sorted */
	if (!m) {
		out->failed = true;
		return;
	}
	for (size_t i = 0; i < n; i++)
		m[i] = &t->members[i];
	if (n == 0 || !names_are_usable(m, n) || !members_are_apart(m, n)) {
		put_void(t->size, quoted, out);
		return;
	}

	oq_buf_putc(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			oq_buf_puts(out, ", ");
		put_gap(m[i]->offset - end, "", ", ", out);
		put_member(m[i], out);
		end = m[i]->offset + m[i]->type->size;
	}
	put_gap(t->size - end, ", ", "", out);
	oq_buf_putc(out, ']');
}

static void put_datetime(const struct oq_dtype *t, bool quoted,
			 struct oq_buf *out)
{
	const char *q = quoted ? "'" : "";

	oq_buf_puts(out, q);
	oq_datetime_put_numpy(t, out);
	oq_buf_puts(out, q);
}

static void put_masked(const struct oq_dtype *t, struct oq_buf *out)
{
	oq_buf_puts(out, "[('value', ");
	put_numpy(t->base, true, out);
	oq_buf_puts(out, "), ('mask', '|b1')]");
}

static void put_array(const struct oq_dtype *t, struct oq_buf *out)
{
	oq_buf_putc(out, '(');
	put_numpy(t->base, true, out);
	oq_buf_puts(out, ", ");
	put_dims(t, out);
	oq_buf_putc(out, ')');
}

static void put_numpy(const struct oq_dtype *t, bool quoted, struct oq_buf *out)
{
	switch (t->cls) {
	case OQ_INT:
	case OQ_TIME:
	case OQ_BITFIELD:
	case OQ_FLOAT:
		put_number(t, quoted, out);
		return;
	case OQ_STRING:
		put_simple('|', 'S', t->size, quoted, out);
		return;
	case OQ_OPAQUE:
		put_void(t->size, quoted, out);
		return;
	case OQ_ENUM:
		if (oq_dtype_is_bool(t))
			put_simple('|', 'b', 1, quoted, out);
		else
			put_numpy(t->base, quoted, out);
		return;
	case OQ_COMPOUND:
		if (oq_dtype_is_complex(t))
			put_simple(order_char(t->members[0].type), 'c', t->size,
				   quoted, out);
		else
			put_compound(t, quoted, out);
		return;
	case OQ_ARRAY:
		put_array(t, out);
		return;
	case OQ_DATETIME:
	case OQ_TIMEDELTA:
		put_datetime(t, quoted, out);
		return;
	case OQ_MASKED:
		put_masked(t, out);
		return;
	case OQ_VSTRING:
	case OQ_VLEN:
	case OQ_OBJREF:
	case OQ_REGREF:
		oq_buf_puts(out, quoted ? "'object'" : "object");
		return;
	}
}

void oq_dtype_put_numpy(const struct oq_dtype *t, struct oq_buf *out)
{
	put_numpy(t, false, out);
}
