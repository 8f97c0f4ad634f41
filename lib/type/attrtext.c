/* SPDX-License-Identifier: MIT */
/* attrtext.c - an attribute's value as the text of an extended attribute */

#include "lib/type/attrtext.h"

#include "lib/type/datetime.h"

static void put_bare_ref(const struct oq_dtype *t, const void *data,
			 const struct oq_refs *refs, struct oq_buf *out)
{
	size_t start = out->len;

	if (refs && refs->put)
		refs->put(refs->ctx, t, data, out);
	if (out->len == start)
		oq_buf_puts(out, "null");
}

/* Put a scalar whose text needs no JSON around it. */
static bool put_bare(const struct oq_dtype *t, const void *data,
		     const struct oq_refs *refs, struct oq_buf *out)
{
	const char *s = NULL;
	size_t n = 0;
	char date[OQ_DATETIME_MAX];

	switch (t->cls) {
	case OQ_STRING:
	case OQ_VSTRING:
		s = oq_value_str(t, data, &n);
		oq_buf_put(out, s, n);
		return s != NULL;
	case OQ_ENUM:
		s = oq_dtype_is_bool(t) ? NULL : oq_value_symbol(t, data);
		oq_buf_puts(out, s ? s : "");
		return s != NULL;
	case OQ_OBJREF:
	case OQ_REGREF:
		put_bare_ref(t, data, refs, out);
		return true;
	case OQ_DATETIME:
		n = oq_datetime_text(t, data, date);
		oq_buf_put(out, date, n);
		return n > 0;
	case OQ_INT:
	case OQ_FLOAT:
	case OQ_TIME:
	case OQ_BITFIELD:
	case OQ_OPAQUE:
	case OQ_COMPOUND:
	case OQ_ARRAY:
	case OQ_VLEN:
	case OQ_TIMEDELTA:
	case OQ_MASKED:
		break;
	}
	return false;
}

/* An array without elements needs no data to be shown. */
static bool is_empty(unsigned rank, const uint64_t *dims)
{
	for (unsigned i = 0; i < rank; i++)
		if (dims[i] == 0)
			return true;
	return false;
}

void oq_attr_put_text(const struct oq_dtype *t, unsigned rank,
		      const uint64_t *dims, const void *data,
		      const struct oq_refs *refs, struct oq_buf *out)
{
	if (!data && !is_empty(rank, dims))
		oq_buf_puts(out, "null");
	else if (rank > 0 || !put_bare(t, data, refs, out))
		oq_value_put_json_array(t, rank, dims, data, refs, true, out);
}
