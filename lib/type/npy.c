/* SPDX-License-Identifier: MIT */
/* npy.c - the NPY header for a type and a shape */

#include "lib/type/npy.h"

#include <errno.h>
#include <string.h>

#include "lib/base/quote.h"
#include "lib/text/numtext.h"

#define NPY_ALIGN	  64
#define NPY_MAX_RANK	  32

/* numpy.save() leaves this much room for the first dimension to grow. */
#define NPY_GROWTH_DIGITS 21

/* A shape that array types at the top have been added to. */
struct shape {
	unsigned rank;
	uint64_t dims[NPY_MAX_RANK];
};

/* Move the arrays at the top of '*t' into the shape, as far as NumPy's limit
 * on dimensions goes. */
static const struct oq_dtype *peel(const struct oq_dtype *t, struct shape *s)
{
	while (t->cls == OQ_ARRAY && s->rank + t->rank <= NPY_MAX_RANK) {
		memcpy(s->dims + s->rank, t->dims, t->rank * sizeof(*t->dims));
		s->rank += t->rank;
		t = t->base;
	}
	return t;
}

static void put_descr(const struct oq_dtype *t, struct oq_buf *out)
{
	OQ_BUF struct oq_buf d = { 0 };
	bool bare;

	oq_dtype_put_numpy(t, &d);
	bare = d.len > 0 && (d.data[0] == '[' || d.data[0] == '(');
	if (!bare)
		oq_buf_putc(out, '\'');
	oq_buf_put(out, d.data, d.len);
	if (!bare)
		oq_buf_putc(out, '\'');
	out->failed |= d.failed;
}

static void put_shape(const struct shape *s, struct oq_buf *out)
{
	oq_buf_putc(out, '(');
	for (unsigned i = 0; i < s->rank; i++) {
		oq_buf_puts(out, i ? ", " : "");
		oq_u64_put(s->dims[i], out);
	}
	oq_buf_puts(out, s->rank == 1 ? ",)" : ")");
}

static void put_growth_room(const struct shape *s, struct oq_buf *out)
{
	if (s->rank == 0)
		return;
	for (size_t n = oq_u64_len(s->dims[0]); n < NPY_GROWTH_DIGITS; n++)
		oq_buf_putc(out, ' ');
}

/* Turn UTF-8 into latin-1 in place.  Returns false, nothing changed, where
 * some character is beyond it. */
static bool to_latin1(struct oq_buf *b)
{
	size_t to = 0, len;
	uint32_t cp;

	for (size_t i = 0; i < b->len; i += len) {
		len = oq_utf8_get(b->data + i, b->len - i, &cp);
		if (len == 0 || cp > 0xff)
			return false;
	}
	for (size_t i = 0; i < b->len; i += len) {
		len = oq_utf8_get(b->data + i, b->len - i, &cp);
		b->data[to++] = (char)cp;
	}
	b->len = to;
	return true;
}

/* The bytes of prefix, text, padding and newline, for a prefix of 'prefix'
 * bytes.  As in NumPy there is always some padding. */
static size_t whole_bytes(size_t prefix, size_t text)
{
	return (prefix + text + 1) / NPY_ALIGN * NPY_ALIGN + NPY_ALIGN;
}

static void put_framed(const struct oq_buf *text, bool latin1,
		       struct oq_buf *out)
{
	size_t prefix = 10;
	size_t whole = whole_bytes(prefix, text->len);
	uint8_t version = 1;

	if (!latin1 || whole - prefix > UINT16_MAX) {
		prefix = 12;
		whole = whole_bytes(prefix, text->len);
		version = latin1 ? 2 : 3;
	}

	oq_buf_put(out, "\x93NUMPY", 6);
	oq_buf_putc(out, (char)version);
	oq_buf_putc(out, 0);
	for (size_t i = 0; i < prefix - 8; i++)
		oq_buf_putc(out, (char)((whole - prefix) >> (8 * i) & 0xff));
	oq_buf_put(out, text->data, text->len);
	for (size_t n = prefix + text->len; n < whole - 1; n++)
		oq_buf_putc(out, ' ');
	oq_buf_putc(out, '\n');
}

int oq_npy_put_header(const struct oq_dtype *t, unsigned rank,
		      const uint64_t *dims, struct oq_buf *out,
		      struct oq_err *err)
{
	OQ_BUF struct oq_buf text = { 0 };
	struct shape s = { .rank = rank };

	if (oq_dtype_has_pointers(t) || oq_dtype_has_refs(t))
		return oq_err_set(err, -EOPNOTSUPP,
				  "elements of no fixed size have no npy");
	if (rank > NPY_MAX_RANK)
		return oq_err_set(err, -EOPNOTSUPP,
				  "npy has at most %d dimensions",
				  NPY_MAX_RANK);
	if (rank > 0)
		memcpy(s.dims, dims, rank * sizeof(*dims));
	t = peel(t, &s);

	oq_buf_puts(&text, "{'descr': ");
	put_descr(t, &text);
	oq_buf_puts(&text, ", 'fortran_order': False, 'shape': ");
	put_shape(&s, &text);
	oq_buf_puts(&text, ", }");
	put_growth_room(&s, &text);

	put_framed(&text, to_latin1(&text), out);
	if (text.failed || out->failed)
		return oq_err_set(err, -ENOMEM, "no memory");
	return 0;
}
