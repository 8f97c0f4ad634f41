/* SPDX-License-Identifier: MIT */
/* dtypenumpy.c - a datatype in NumPy's notation */

#include "lib/type/dtype.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/quote.h"
#include "lib/text/numtext.h"
#include "lib/type/datetime.h"

/* NumPy's notation
 *
 * A simple type is '<f4', in quotes where it is part of something larger. */

static void put_numpy(const struct oq_dtype *t, bool quoted,
		      struct oq_buf *out);

static void put_simple(char order, char kind, size_t n, bool quoted,
		       struct oq_buf *out)
{
	const char *q = quoted ? "'" : "";

	oq_buf_puts(out, q);
	oq_buf_putc(out, order);
	oq_buf_putc(out, kind);
	oq_u64_put(n, out);
	oq_buf_puts(out, q);
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
	for (unsigned i = 0; i < t->rank; i++) {
		oq_buf_puts(out, i ? ", " : "");
		oq_u64_put(t->dims[i], out);
	}
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

/* The members by offset, in a list that the caller frees.  NULL where NumPy
 * cannot have them as fields, or there is no memory; '*fields' is what
 * oq_dtype_has_fields() returns. */
static const struct oq_member **sort_fields(const struct oq_dtype *t,
					    int *fields)
{
	size_t n = t->nmembers;
	OQ_FREE const struct oq_member **m = NULL;

	*fields = -ENOMEM;
	m = calloc(n ? n : 1, sizeof(struct oq_member *));
	if (!m)
		return NULL;
	for (size_t i = 0; i < n; i++)
		m[i] = &t->members[i];
	*fields = n > 0 && names_are_usable(m, n) && members_are_apart(m, n);
	return *fields ? oq_steal(&m) : NULL;
}

int oq_dtype_has_fields(const struct oq_dtype *t)
{
	int fields;

	free(sort_fields(t, &fields));
	return fields;
}

static void put_compound(const struct oq_dtype *t, bool quoted,
			 struct oq_buf *out)
{
	size_t n = t->nmembers, end = 0;
	int fields;
	OQ_FREE const struct oq_member **m = sort_fields(t, &fields);

	if (!m) {
		out->failed |= fields < 0;
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
