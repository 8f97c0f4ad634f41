/* SPDX-License-Identifier: MIT */
/* pytext.c - Python's repr of what a comment line says */

#include "lib/engine/pytext.h"

#include <string.h>

#include "lib/base/quote.h"
#include "lib/text/numtext.h"

void oq_py_put_text(const char *s, struct oq_buf *out)
{
	oq_py_put_str(s, strlen(s), out);
}

void oq_py_put_f64(double v, struct oq_buf *out)
{
	char *to = oq_buf_room(out, OQ_NUMTEXT_MAX);

	if (to)
		out->len += oq_f64_text(to, v);
}

void oq_py_put_i64(int64_t v, struct oq_buf *out)
{
	char *to = oq_buf_room(out, OQ_NUMTEXT_MAX);

	if (to)
		out->len += oq_i64_text(to, v);
}

static void put_list(struct json_object *v, struct oq_buf *out)
{
	oq_buf_putc(out, '[');
	for (size_t i = 0; i < json_object_array_length(v); i++) {
		if (i)
			oq_buf_puts(out, ", ");
		oq_py_put_json(json_object_array_get_idx(v, i), out);
	}
	oq_buf_putc(out, ']');
}

static void put_dict(struct json_object *v, struct oq_buf *out)
{
	bool first = true;

	oq_buf_putc(out, '{');
	json_object_object_foreach(v, key, value)
	{
		if (!first)
			oq_buf_puts(out, ", ");
		first = false;
		oq_py_put_text(key, out);
		oq_buf_puts(out, ": ");
		oq_py_put_json(value, out);
	}
	oq_buf_putc(out, '}');
}

void oq_py_put_json(struct json_object *v, struct oq_buf *out)
{
	switch (json_object_get_type(v)) {
	case json_type_null:
		oq_buf_puts(out, "None");
		break;
	case json_type_boolean:
		oq_buf_puts(out, json_object_get_boolean(v) ? "True" : "False");
		break;
	case json_type_double:
		oq_py_put_f64(json_object_get_double(v), out);
		break;
	case json_type_int:
		oq_py_put_i64(json_object_get_int64(v), out);
		break;
	case json_type_string:
		oq_py_put_str(json_object_get_string(v),
			      (size_t)json_object_get_string_len(v), out);
		break;
	case json_type_array:
		put_list(v, out);
		break;
	case json_type_object:
		put_dict(v, out);
		break;
	}
}

void oq_py_put_values(const struct oq_values *v, uint64_t first, uint64_t n,
		      struct oq_buf *out)
{
	oq_buf_putc(out, '[');
	for (uint64_t i = first; i < first + n && i < v->n; i++) {
		if (i > first)
			oq_buf_puts(out, ", ");
		if (v->type == OQ_VAL_F64)
			oq_py_put_f64(v->f[i], out);
		else if (v->type == OQ_VAL_I64)
			oq_py_put_i64(v->i[i], out);
		else
			oq_py_put_text(v->t[i], out);
	}
	oq_buf_putc(out, ']');
}

void oq_comment_key(struct oq_buf *out, const char *key)
{
	if (out->len)
		oq_buf_puts(out, ", ");
	oq_buf_puts(out, key);
	oq_buf_putc(out, '=');
}
