/* SPDX-License-Identifier: MIT */
/* load.c - elements of a file as doubles, integers or texts */

#include "lib/engine/load.h"

#include <errno.h>
#include <string.h>

#include "lib/type/value.h"

/* Elements loaded at once. */
#define BATCH 64

int oq_load_init(struct oq_load *l, const struct oq_dtype *t,
		 struct oq_err *err)
{
	*l = (struct oq_load){ .from = t, .bytes = t->size };
	if (oq_dtype_is_text(t)) {
		l->type = OQ_VAL_TEXT;
		return 0;
	}
	if (oq_dtype_is_bool(t)) {
		l->is_bool = true;
		t = t->base;
	}
	l->scalar = oq_scalar_of(t);
	if (!l->scalar || !oq_dtype_is_plain(t))
		return oq_err_set(err, -EIO,
				  "a type that the engine does not export");
	l->type = t->cls == OQ_FLOAT ? OQ_VAL_F64 : OQ_VAL_I64;
	l->single = t->cls == OQ_FLOAT && t->size == 4;
	l->big = t->cls != OQ_FLOAT && !t->is_signed && t->size == 8;
	if (t->cls == OQ_FLOAT && t->size < 4)
		return oq_err_set(err, -EIO, "a float of two bytes");
	return 0;
}

static double as_double(uint64_t word, bool single)
{
	uint32_t half = (uint32_t)word;
	double d;
	float f;

	if (single) {
		memcpy(&f, &half, sizeof(f));
		return (double)f;
	}
	memcpy(&d, &word, sizeof(d));
	return d;
}

static void put_texts(const struct oq_load *l, const uint8_t *from,
		      size_t stride, size_t n, struct oq_span_text *out)
{
	for (size_t i = 0; i < n; i++) {
		out[i].n = 0;
		out[i].s = oq_value_str(l->from, from + i * stride, &out[i].n);
		if (!out[i].s)
			out[i] = (struct oq_span_text){ "", 0 };
	}
}

static int put_numbers(const struct oq_load *l, const uint64_t *words, size_t n,
		       void *out, struct oq_err *err)
{
	int64_t *ints = out;
	double *doubles = out;

	for (size_t i = 0; i < n; i++) {
		if (l->type == OQ_VAL_F64)
			doubles[i] = as_double(words[i], l->single);
		else if (l->big && words[i] > INT64_MAX)
			return oq_err_set(err, -EIO,
					  "an integer is out of range");
		else
			ints[i] = (int64_t)words[i];
	}
	return 0;
}

int oq_load_run(const struct oq_load *l, const uint8_t *from, size_t stride,
		size_t n, void *out, struct oq_err *err)
{
	uint64_t words[BATCH];
	int e;

	if (l->type == OQ_VAL_TEXT) {
		put_texts(l, from, stride, n, out);
		return 0;
	}
	for (size_t i = 0; i < n; i += BATCH) {
		size_t batch = n - i < BATCH ? n - i : BATCH;

		l->scalar->load(words, from + i * stride, stride, batch);
		e = put_numbers(l, words, batch, (uint64_t *)out + i, err);
		if (e < 0)
			return e;
	}
	return 0;
}

const struct oq_dtype *oq_load_member(const struct oq_dtype *t,
				      const char *name, size_t *offset)
{
	for (size_t i = 0; t->cls == OQ_COMPOUND && i < t->nmembers; i++) {
		const struct oq_member *m = &t->members[i];
		size_t n = strlen(m->name);

		if (strcmp(m->name, name) == 0) {
			*offset += m->offset;
			return m->type;
		}
		if (strncmp(m->name, name, n) == 0 && name[n] == '.') {
			*offset += m->offset;
			return oq_load_member(m->type, name + n + 1, offset);
		}
	}
	return NULL;
}

int oq_load_field(struct oq_load *l, const struct oq_dtype *t,
		  const char *field, size_t *offset, struct oq_err *err)
{
	*offset = 0;
	if (field)
		t = oq_load_member(t, field, offset);
	if (!t)
		return oq_err_set(err, -ENOENT, "no field '%s'", field);
	return oq_load_init(l, t, err);
}
