/* SPDX-License-Identifier: MIT */
/* value.c - one value of any type as a CSV field or as JSON */

#include "lib/type/value.h"

#include <string.h>

#include "lib/base/num.h"
#include "lib/type/datetime.h"
#include "lib/type/number.h"

/* Numbers of a list rendered at once. */
#define BATCH 32

/* What JSON needs to know on the way down. */
struct json {
	const struct oq_refs *refs;
	bool ascii;
	struct oq_buf *out;
};

static void put_json(const struct json *j, const struct oq_dtype *t,
		     const uint8_t *elem);

const char *oq_value_str(const struct oq_dtype *t, const void *elem, size_t *n)
{
	const char *s = elem;

	if (t->cls == OQ_VSTRING) {
		memcpy(&s, elem, sizeof(s));
		*n = s ? strlen(s) : 0;
		return s;
	}
	*n = t->size;
	switch (t->pad) {
	case OQ_NULLTERM:
		*n = strnlen(s, t->size);
		break;
	case OQ_NULLPAD:
		while (*n >= 8 && memcmp(s + *n - 8, "\0\0\0\0\0\0\0", 8) == 0)
			*n -= 8;
		while (*n > 0 && s[*n - 1] == '\0')
			--*n;
		break;
	case OQ_SPACEPAD:
		/* Space-padded strings may end in NULs all the same: h5wasm
		 * writes them so, and elements that were never written are all
		 * NULs. */
		while (*n > 0 && (s[*n - 1] == ' ' || s[*n - 1] == '\0'))
			--*n;
		break;
	}
	return s;
}

static void put_hex(const uint8_t *p, size_t n, struct oq_buf *out)
{
	static const char hex[] = "0123456789abcdef";
	char *to = oq_buf_room(out, 2 * n);

	if (!to)
		return;
	for (size_t i = 0; i < n; i++) {
		*to++ = hex[p[i] >> 4];
		*to++ = hex[p[i] & 15];
	}
	out->len += 2 * n;
}

const char *oq_value_symbol(const struct oq_dtype *t, const void *elem)
{
	for (size_t i = 0; i < t->nsymbols; i++)
		if (memcmp(t->symbols[i].value, elem, t->size) == 0)
			return t->symbols[i].name;
	return NULL;
}

static void put_ref(const struct oq_refs *refs, const struct oq_dtype *t,
		    const uint8_t *elem, struct oq_buf *out)
{
	if (refs && refs->put)
		refs->put(refs->ctx, t, elem, out);
}

static struct oq_vlen vlen_of(const uint8_t *elem)
{
	struct oq_vlen v;

	memcpy(&v, elem, sizeof(v));
	if (!v.p)
		v.len = 0;
	return v;
}

/* JSON */

/* A float as Python's json module writes it.  One that is shown as its bits
 * becomes a string. */
static void put_json_float(const struct oq_dtype *t, const uint8_t *elem,
			   struct oq_buf *out)
{
	size_t start = out->len;
	const char *text;
	bool negative;

	oq_float_put(t, elem, out);
	if (out->failed)
		return;
	text = out->data + start;
	negative = *text == '-';
	if (text[negative] == 'n') {
		out->len = start;
		oq_buf_puts(out, "NaN");
	} else if (text[negative] == 'i') {
		out->len = start;
		oq_buf_puts(out, negative ? "-Infinity" : "Infinity");
	} else if (out->len - start > 2 && text[1] == 'x') {
		OQ_BUF struct oq_buf copy = { 0 };

		oq_buf_put(&copy, text, out->len - start);
		out->len = start;
		out->failed |= copy.failed;
		oq_json_put_str(copy.data, copy.len, true, out);
	}
}

static void put_json_int(const struct oq_dtype *t, const uint8_t *elem,
			 struct oq_buf *out)
{
	/* An integer of more bits is shown as 0x..., which JSON does not have.
	 */
	bool raw = t->precision > 65535;

	if (raw)
		oq_buf_putc(out, '"');
	oq_int_put(t, elem, out);
	if (raw)
		oq_buf_putc(out, '"');
}

static void put_json_text(const struct json *j, const struct oq_dtype *t,
			  const uint8_t *elem)
{
	size_t n;
	const char *s = oq_value_str(t, elem, &n);

	if (s)
		oq_json_put_str(s, n, j->ascii, j->out);
	else
		oq_buf_puts(j->out, "null");
}

static void put_json_enum(const struct json *j, const struct oq_dtype *t,
			  const uint8_t *elem)
{
	const char *name = oq_value_symbol(t, elem);

	if (oq_dtype_is_bool(t) && elem[0] <= 1)
		oq_buf_puts(j->out, elem[0] ? "true" : "false");
	else if (name)
		oq_json_put_str(name, strlen(name), j->ascii, j->out);
	else
		put_json(j, t->base, elem);
}

static void put_json_compound(const struct json *j, const struct oq_dtype *t,
			      const uint8_t *elem)
{
	oq_buf_putc(j->out, '{');
	for (size_t i = 0; i < t->nmembers; i++) {
		const struct oq_member *m = &t->members[i];

		if (i > 0)
			oq_buf_putc(j->out, ',');
		oq_json_put_str(m->name, strlen(m->name), j->ascii, j->out);
		oq_buf_putc(j->out, ':');
		put_json(j, m->type, elem + m->offset);
	}
	oq_buf_putc(j->out, '}');
}

/* A number that JSON writes as CSV does. */
static bool is_json_cell(const struct oq_cell *c)
{
	return c->text[c->start + c->len - 1] <= '9';
}

/* Plain numbers with commas between them, many at once. */
static void put_json_numbers(const struct json *j, const struct oq_dtype *t,
			     uint64_t n, const uint8_t *elem)
{
	struct oq_cell cells[BATCH + 1];

	const struct oq_scalar *scalar = oq_scalar_of(t);

	for (uint64_t i = 0; i < n && !j->out->failed; i++) {
		const struct oq_cell *c = &cells[i % BATCH];
		char *to;

		if (i % BATCH == 0)
			oq_scalar_cells(scalar, elem + i * t->size, t->size,
					oq_min_u64(BATCH, n - i), cells);
		if (i > 0)
			oq_buf_putc(j->out, ',');
		to = oq_buf_room(j->out, OQ_NUMTEXT_MAX);
		if (to && is_json_cell(c))
			j->out->len += (size_t)(oq_cell_put(to, c) - to);
		else
			put_json_float(t, elem + i * t->size, j->out);
	}
}

static const uint8_t *put_json_list(const struct json *j,
				    const struct oq_dtype *t, unsigned rank,
				    const uint64_t *dims, const uint8_t *elem);

/* What is between the brackets; returns where the elements end. */
static const uint8_t *put_json_items(const struct json *j,
				     const struct oq_dtype *t, unsigned rank,
				     const uint64_t *dims, const uint8_t *elem)
{
	uint64_t n = dims[0];

	if (rank == 1 && n > 0 && oq_dtype_is_plain(t)) {
		put_json_numbers(j, t, n, elem);
		return elem + n * t->size;
	}
	for (uint64_t i = 0; i < n && !j->out->failed; i++) {
		if (i > 0)
			oq_buf_putc(j->out, ',');
		elem = put_json_list(j, t, rank - 1, dims + 1, elem);
	}
	return elem;
}

/* Nested lists; returns where the elements end. */
static const uint8_t *put_json_list(const struct json *j,
				    const struct oq_dtype *t, unsigned rank,
				    const uint64_t *dims, const uint8_t *elem)
{
	if (rank == 0) {
		put_json(j, t, elem);
		return elem + t->size;
	}
	oq_buf_putc(j->out, '[');
	elem = put_json_items(j, t, rank, dims, elem);
	oq_buf_putc(j->out, ']');
	return elem;
}

static void put_json_vlen(const struct json *j, const struct oq_dtype *t,
			  const uint8_t *elem)
{
	struct oq_vlen v = vlen_of(elem);
	uint64_t len = v.len;

	put_json_list(j, t->base, 1, &len, v.p);
}

static void put_json_ref(const struct json *j, const struct oq_dtype *t,
			 const uint8_t *elem)
{
	OQ_BUF struct oq_buf path = { 0 };

	put_ref(j->refs, t, elem, &path);
	j->out->failed |= path.failed;
	if (path.len > 0)
		oq_json_put_str(path.data, path.len, j->ascii, j->out);
	else
		oq_buf_puts(j->out, "null");
}

static void put_json_datetime(const struct oq_dtype *t, const uint8_t *elem,
			      struct oq_buf *out)
{
	char text[OQ_DATETIME_MAX];
	size_t n = oq_datetime_text(t, elem, text);
	const char *quote = n && oq_datetime_is_date(t) ? "\"" : "";

	oq_buf_puts(out, quote);
	oq_buf_put(out, n ? text : "null", n ? n : 4);
	oq_buf_puts(out, quote);
}

static bool is_missing(const struct oq_dtype *t, const uint8_t *elem)
{
	return elem[t->base->size] != 0;
}

static void put_json(const struct json *j, const struct oq_dtype *t,
		     const uint8_t *elem)
{
	switch (t->cls) {
	case OQ_INT:
	case OQ_TIME:
	case OQ_BITFIELD:
		put_json_int(t, elem, j->out);
		return;
	case OQ_FLOAT:
		put_json_float(t, elem, j->out);
		return;
	case OQ_STRING:
	case OQ_VSTRING:
		put_json_text(j, t, elem);
		return;
	case OQ_OPAQUE:
		oq_buf_putc(j->out, '"');
		put_hex(elem, t->size, j->out);
		oq_buf_putc(j->out, '"');
		return;
	case OQ_ENUM:
		put_json_enum(j, t, elem);
		return;
	case OQ_COMPOUND:
		put_json_compound(j, t, elem);
		return;
	case OQ_ARRAY:
		put_json_list(j, t->base, t->rank, t->dims, elem);
		return;
	case OQ_VLEN:
		put_json_vlen(j, t, elem);
		return;
	case OQ_OBJREF:
	case OQ_REGREF:
		put_json_ref(j, t, elem);
		return;
	case OQ_DATETIME:
	case OQ_TIMEDELTA:
		put_json_datetime(t, elem, j->out);
		return;
	case OQ_MASKED:
		if (is_missing(t, elem))
			oq_buf_puts(j->out, "null");
		else
			put_json(j, t->base, elem);
		return;
	}
}

void oq_value_put_json(const struct oq_dtype *t, const void *elem,
		       const struct oq_refs *refs, bool ascii,
		       struct oq_buf *out)
{
	struct json j = { .refs = refs, .ascii = ascii, .out = out };

	put_json(&j, t, elem);
}

/* How many dimensions of an empty array are shown as lists: (2, 0) is [[],[]].
 * 0 where these would be more than 4,096 lists: (1 << 40, 0) is []. */
static unsigned empty_rank(unsigned rank, const uint64_t *dims)
{
	uint64_t lists = 1;

	for (unsigned i = 0; i < rank; i++) {
		if (dims[i] == 0)
			return i + 1;
		if (dims[i] > 4096 / lists)
			return 0;
		lists *= dims[i];
	}
	return 0;
}

void oq_value_put_json_array(const struct oq_dtype *t, unsigned rank,
			     const uint64_t *dims, const void *elems,
			     const struct oq_refs *refs, bool ascii,
			     struct oq_buf *out)
{
	struct json j = { .refs = refs, .ascii = ascii, .out = out };
	bool empty = false;

	for (unsigned i = 0; i < rank; i++)
		empty |= dims[i] == 0;
	if (!empty)
		put_json_list(&j, t, rank, dims, elems);
	else if (empty_rank(rank, dims) > 0)
		put_json_list(&j, t, empty_rank(rank, dims), dims,
			      (const uint8_t *)"");
	else
		oq_buf_puts(out, "[]");
}

/* CSV */

static void put_csv_text(const struct oq_dtype *t, const uint8_t *elem,
			 struct oq_buf *out)
{
	size_t n;
	const char *s = oq_value_str(t, elem, &n);

	if (n > 0)
		oq_csv_put_field(s, n, out);
}

static void put_csv_enum(const struct oq_dtype *t, const uint8_t *elem,
			 struct oq_buf *out)
{
	const char *name = oq_value_symbol(t, elem);

	if (oq_dtype_is_bool(t) && elem[0] <= 1)
		oq_buf_puts(out, elem[0] ? "true" : "false");
	else if (name)
		oq_csv_put_field(name, strlen(name), out);
	else
		oq_int_put(t->base, elem, out);
}

static void put_csv_datetime(const struct oq_dtype *t, const uint8_t *elem,
			     struct oq_buf *out)
{
	char *to = oq_buf_room(out, OQ_DATETIME_MAX);

	if (to)
		out->len += oq_datetime_text(t, elem, to);
}

void oq_value_put_csv(const struct oq_dtype *t, const void *elem,
		      const struct oq_refs *refs, struct oq_buf *out)
{
	size_t start = out->len;

	switch (t->cls) {
	case OQ_INT:
	case OQ_TIME:
	case OQ_BITFIELD:
		oq_int_put(t, elem, out);
		return;
	case OQ_FLOAT:
		oq_float_put(t, elem, out);
		return;
	case OQ_STRING:
	case OQ_VSTRING:
		put_csv_text(t, elem, out);
		return;
	case OQ_OPAQUE:
		put_hex(elem, t->size, out);
		return;
	case OQ_ENUM:
		put_csv_enum(t, elem, out);
		return;
	case OQ_COMPOUND:
	case OQ_ARRAY:
	case OQ_VLEN:
		oq_value_put_json(t, elem, refs, false, out);
		oq_csv_quote_tail(out, start);
		return;
	case OQ_OBJREF:
	case OQ_REGREF:
		put_ref(refs, t, elem, out);
		oq_csv_quote_tail(out, start);
		return;
	case OQ_DATETIME:
	case OQ_TIMEDELTA:
		put_csv_datetime(t, elem, out);
		return;
	case OQ_MASKED:
		if (!is_missing(t, elem))
			oq_value_put_csv(t->base, elem, refs, out);
		return;
	}
}
