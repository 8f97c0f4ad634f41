/* SPDX-License-Identifier: MIT */
/* dtypejson.c - a datatype in full, as JSON */

#include "lib/type/dtype.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/quote.h"
#include "lib/type/datetime.h"
#include "lib/type/number.h"

/* ,"key":value -- a class comes first, so there is always a comma. */
static void put_count(const char *key, uint64_t v, struct oq_buf *out)
{
	oq_buf_printf(out, ",\"%s\":%" PRIu64, key, v);
}

static void put_word(const char *key, const char *word, struct oq_buf *out)
{
	oq_buf_printf(out, ",\"%s\":\"%s\"", key, word);
}

static void put_flag(const char *key, bool v, struct oq_buf *out)
{
	oq_buf_printf(out, ",\"%s\":%s", key, v ? "true" : "false");
}

static void put_text(const char *key, const char *s, struct oq_buf *out)
{
	oq_buf_printf(out, ",\"%s\":", key);
	oq_json_put_str(s, strlen(s), false, out);
}

static const char *class_word(const struct oq_dtype *t)
{
	static const char *const words[] = {
		[OQ_INT] = "integer",	      [OQ_FLOAT] = "float",
		[OQ_TIME] = "time",	      [OQ_BITFIELD] = "bitfield",
		[OQ_STRING] = "string",	      [OQ_VSTRING] = "string",
		[OQ_OPAQUE] = "opaque",	      [OQ_COMPOUND] = "compound",
		[OQ_ARRAY] = "array",	      [OQ_ENUM] = "enum",
		[OQ_VLEN] = "sequence",	      [OQ_OBJREF] = "reference",
		[OQ_REGREF] = "reference",    [OQ_DATETIME] = "datetime",
		[OQ_TIMEDELTA] = "timedelta", [OQ_MASKED] = "masked",
	};

	return t->is_complex ? "complex" : words[t->cls];
}

static void put_order(const struct oq_dtype *t, struct oq_buf *out)
{
	static const char *const orders[] = {
		[OQ_LE] = "LE",
		[OQ_BE] = "BE",
		[OQ_VAX] = "VAX",
	};

	put_word("order", orders[t->order], out);
}

static void put_bits(const struct oq_dtype *t, struct oq_buf *out)
{
	put_order(t, out);
	if (t->cls == OQ_INT)
		put_flag("signed", t->is_signed, out);
	put_count("precision", t->precision, out);
	if (t->bit_off > 0)
		put_count("offset", t->bit_off, out);
}

static void put_float(const struct oq_dtype *t, struct oq_buf *out)
{
	static const char *const norms[] = {
		[OQ_NORM_IMPLIED] = "implied",
		[OQ_NORM_MSBSET] = "msbset",
		[OQ_NORM_NONE] = "none",
	};

	put_bits(t, out);
	if (t->is_timeval)
		put_flag("time", true, out);
	if (oq_dtype_is_plain(t))
		return;
	put_count("sign_position", t->sign_pos, out);
	put_count("exponent_position", t->exp_pos, out);
	put_count("exponent_bits", t->exp_bits, out);
	put_count("exponent_bias", t->exp_bias, out);
	put_count("mantissa_position", t->man_pos, out);
	put_count("mantissa_bits", t->man_bits, out);
	put_word("normalization", norms[t->norm], out);
}

static void put_string(const struct oq_dtype *t, struct oq_buf *out)
{
	static const char *const pads[] = {
		[OQ_NULLTERM] = "nullterm",
		[OQ_NULLPAD] = "nullpad",
		[OQ_SPACEPAD] = "spacepad",
	};

	put_word("padding", pads[t->pad], out);
	put_word("charset", t->is_utf8 ? "UTF-8" : "ASCII", out);
}

/* What it is made of. */
static void put_base(const struct oq_dtype *base, struct oq_buf *out)
{
	oq_buf_puts(out, ",\"base\":");
	oq_dtype_put_json(base, out);
}

static void put_members(const struct oq_dtype *t, struct oq_buf *out)
{
	oq_buf_puts(out, ",\"members\":[");
	for (size_t i = 0; i < t->nmembers; i++) {
		const struct oq_member *m = &t->members[i];

		oq_buf_puts(out, i ? ",{\"name\":" : "{\"name\":");
		oq_json_put_str(m->name, strlen(m->name), false, out);
		put_count("offset", m->offset, out);
		oq_buf_puts(out, ",\"type\":");
		oq_dtype_put_json(m->type, out);
		oq_buf_putc(out, '}');
	}
	oq_buf_putc(out, ']');
}

static void put_symbols(const struct oq_dtype *t, struct oq_buf *out)
{
	put_base(t->base, out);
	oq_buf_puts(out, ",\"symbols\":[");
	for (size_t i = 0; i < t->nsymbols; i++) {
		const struct oq_symbol *s = &t->symbols[i];

		oq_buf_puts(out, i ? ",{\"name\":" : "{\"name\":");
		oq_json_put_str(s->name, strlen(s->name), false, out);
		oq_buf_puts(out, ",\"value\":");
		oq_int_put(t->base, s->value, out);
		oq_buf_putc(out, '}');
	}
	oq_buf_putc(out, ']');
}

static void put_array(const struct oq_dtype *t, struct oq_buf *out)
{
	oq_buf_puts(out, ",\"dims\":[");
	for (unsigned i = 0; i < t->rank; i++)
		oq_buf_printf(out, "%s%" PRIu64, i ? "," : "", t->dims[i]);
	oq_buf_putc(out, ']');
	put_base(t->base, out);
}

static void put_datetime(const struct oq_dtype *t, struct oq_buf *out)
{
	put_order(t, out);
	put_word("unit", oq_datetime_unit(t->unit), out);
	put_count("multiple", t->multiple, out);
	if (t->tag)
		put_text("tag", t->tag, out);
}

static void put_details(const struct oq_dtype *t, struct oq_buf *out)
{
	switch (t->cls) {
	case OQ_INT:
	case OQ_TIME:
	case OQ_BITFIELD:
		put_bits(t, out);
		return;
	case OQ_FLOAT:
		put_float(t, out);
		return;
	case OQ_STRING:
	case OQ_VSTRING:
		put_string(t, out);
		return;
	case OQ_OPAQUE:
		put_text("tag", t->tag, out);
		return;
	case OQ_COMPOUND:
		if (t->is_complex)
			put_base(t->members[0].type, out);
		else
			put_members(t, out);
		return;
	case OQ_ARRAY:
		put_array(t, out);
		return;
	case OQ_ENUM:
		put_symbols(t, out);
		return;
	case OQ_DATETIME:
	case OQ_TIMEDELTA:
		put_datetime(t, out);
		return;
	case OQ_VLEN:
	case OQ_MASKED:
		put_base(t->base, out);
		return;
	case OQ_OBJREF:
		put_word("to", "object", out);
		return;
	case OQ_REGREF:
		put_word("to", "region", out);
		return;
	}
}

void oq_dtype_put_json(const struct oq_dtype *t, struct oq_buf *out)
{
	oq_buf_printf(out, "{\"class\":\"%s\"", class_word(t));
	/* The size of this process's pointers says nothing of the file. */
	if (t->cls == OQ_VSTRING || t->cls == OQ_VLEN)
		put_word("size", "variable", out);
	else
		put_count("size", t->size, out);
	put_details(t, out);
	if (t->is_committed)
		put_flag("committed", true, out);
	oq_buf_putc(out, '}');
}
