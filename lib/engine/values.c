/* SPDX-License-Identifier: MIT */
/* values.c - a small dataset or attribute as an array of values */

#include "lib/engine/values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/type/texts.h"

void oq_values_free(struct oq_values *v)
{
	free(v->f);
	free(v->i);
	free(v->t);
	*v = (struct oq_values){ 0 };
}

static int load_texts(const struct oq_load *l, const uint8_t *from,
		      size_t stride, struct oq_values *out, struct oq_err *err)
{
	struct oq_texts t = { .left = OQ_VALUES_BYTES };
	struct oq_span_text one;

	for (uint64_t i = 0; i < out->n; i++) {
		(void)oq_load_run(l, from + i * stride, stride, 1, &one, err);
		oq_texts_put(&t, one.s, one.n);
	}
	out->t = oq_texts_take(&t);
	oq_buf_free(&t.buf);
	return out->t ? 0
		      : oq_err_set(err, -EIO, "texts that cannot be labels");
}

int oq_values_load(const struct oq_dtype *t, const uint8_t *elems,
		   const char *field, uint64_t n, struct oq_values *out,
		   struct oq_err *err)
{
	size_t offset = 0, stride = t->size;
	struct oq_load l;
	void *to;
	int e;

	e = oq_load_field(&l, t, field, &offset, err);
	if (e < 0)
		return e;
	out->type = l.type;
	out->single = l.single;
	out->is_bool = l.is_bool;
	out->n = n;
	if (l.type == OQ_VAL_TEXT)
		return load_texts(&l, elems + offset, stride, out, err);
	to = calloc(n + 1, 8);
	if (!to)
		return oq_err_set(err, -ENOMEM, "no memory");
	if (l.type == OQ_VAL_F64)
		out->f = to;
	else
		out->i = to;
	return oq_load_run(&l, elems + offset, stride, n, to, err);
}

static int read_dataset(struct oq_h5_dset *d, const char *field,
			struct oq_values *out, struct oq_err *err)
{
	const struct oq_dataset *info = oq_h5_dset_info(d);
	uint64_t start[OQ_MAX_RANK] = { 0 }, step[OQ_MAX_RANK];
	OQ_FREE uint8_t *data = NULL;
	int e;

	if (info->refused)
		return oq_err_set(err, info->refused, "%s", info->why.text);
	if (info->nbytes > OQ_VALUES_BYTES)
		return oq_err_set(err, -EFBIG, "an input of more than %d MiB",
				  (int)(OQ_VALUES_BYTES >> 20));
	out->rank = info->rank;
	memcpy(out->dims, info->dims, sizeof(out->dims));
	for (unsigned i = 0; i < OQ_MAX_RANK; i++)
		step[i] = 1;
	data = calloc(1, info->nbytes + 1);
	if (!data)
		return oq_err_set(err, -ENOMEM, "no memory");
	if (!info->nelems)
		return oq_values_load(info->type, data, field, 0, out, err);
	e = oq_h5_read(d, start, step, info->dims, data, err);
	if (e < 0)
		return e;
	e = oq_values_load(info->type, data, field, info->nelems, out, err);
	oq_h5_reclaim(d, data, info->nelems);
	return e;
}

int oq_values_read(const struct oq_env *env, uint64_t addr, const char *field,
		   struct oq_values *out, struct oq_err *err)
{
	struct oq_h5_dset *d = NULL;
	int e = oq_h5_dset_open(env->h5, addr, &d, err);

	*out = (struct oq_values){ 0 };
	if (e < 0)
		return e;
	e = read_dataset(d, field, out, err);
	oq_h5_dset_close(d);
	if (e < 0)
		oq_values_free(out);
	return e;
}

int oq_values_attr(const struct oq_env *env, uint64_t addr, const char *name,
		   struct oq_values *out, struct oq_err *err)
{
	struct oq_attr *a = NULL;
	int e = oq_h5_attr_read(env->h5, addr, name, &a, err);

	*out = (struct oq_values){ 0 };
	if (e < 0)
		return e;
	out->rank = a->rank;
	memcpy(out->dims, a->dims, sizeof(out->dims));
	e = oq_values_load(a->type, a->data, NULL, a->nelems, out, err);
	oq_h5_attr_free(a);
	if (e < 0)
		oq_values_free(out);
	return e;
}

bool oq_values_is(const struct oq_values *v, uint64_t i, const char *text)
{
	return v->t && i < v->n && strcmp(v->t[i], text) == 0;
}

uint64_t oq_values_find(const struct oq_values *v, const char *text)
{
	for (uint64_t i = 0; i < v->n; i++)
		if (oq_values_is(v, i, text))
			return i;
	return v->n;
}
