/* SPDX-License-Identifier: MIT */
/* labels.c - the names and labels of a dataset's axes */

#include "lib/data/labels.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/data/beside.h"
#include "lib/data/hdfeos.h"
#include "lib/data/nexus.h"
#include "lib/data/scales.h"
#include "lib/table/table.h"
#include "lib/text/json.h"
#include "lib/text/numtext.h"
#include "lib/type/texts.h"
#include "lib/type/value.h"

/* What all labels of a dataset may take: twenty million short ones. */
#define MAX_LABEL_BYTES ((uint64_t)256 << 20)

/* An axis without labels shows its indices, which under the name would look
 * like values of it. */
static void drop_name(struct oq_labels *l, unsigned axis)
{
	free(oq_steal(&l->names[axis]));
}

/* Keep the list that was collected, made as long as the axis. */
static void keep_list(struct oq_labels *l, unsigned axis, struct oq_texts *t)
{
	l->labels[axis] = oq_texts_take_n(t, l->n[axis]);
	if (!l->labels[axis] && l->n[axis])
		drop_name(l, axis);
}

/* ---- the engine, now: all in one attribute ---- */

static struct json_object *parse_attribute(const struct oq_env *env,
					   uint64_t addr)
{
	OQ_FREE char *text = oq_h5_attr_text(env->h5, addr, "json");

	return text ? oq_json_parse(text, strlen(text), OQ_JSON_LABELS) : NULL;
}

static void put_json(struct oq_texts *t, struct json_object *v)
{
	char text[OQ_NUMTEXT_MAX];
	const char *s = NULL;

	switch (json_object_get_type(v)) {
	case json_type_string:
		s = json_object_get_string(v);
		oq_texts_put(t, s, (size_t)json_object_get_string_len(v));
		return;
	case json_type_double:
		oq_texts_put(t, text,
			     oq_f64_text(text, json_object_get_double(v)));
		return;
	case json_type_null:
		oq_texts_put(t, "", 0);
		return;
	case json_type_int:
		/* json-c returns these limits for larger numbers, too. */
		t->bad |= json_object_get_int64(v) == INT64_MIN ||
			  json_object_get_uint64(v) == UINT64_MAX;
		s = json_object_to_json_string_ext(v, JSON_C_TO_STRING_PLAIN);
		break;
	case json_type_boolean:
	case json_type_object:
	case json_type_array:
		s = json_object_to_json_string_ext(v, JSON_C_TO_STRING_PLAIN);
		break;
	}
	if (s)
		oq_texts_put(t, s, strlen(s));
	else
		t->bad = true;
}

/* One axis: a list of labels.  An integer stands for its range, and anything
 * else the engine itself could not read. */
static void axis_from_json(struct oq_labels *l, unsigned axis,
			   struct json_object *v, struct oq_texts *t)
{
	uint64_t n;

	if (json_object_is_type(v, json_type_int))
		return;
	if (!json_object_is_type(v, json_type_array)) {
		drop_name(l, axis);
		return;
	}
	n = oq_min_u64(json_object_array_length(v), l->n[axis]);
	for (uint64_t i = 0; i < n; i++)
		put_json(t, json_object_array_get_idx(v, i));
	keep_list(l, axis, t);
}

static char *name_from_json(struct json_object *v)
{
	if (!json_object_is_type(v, json_type_string))
		return NULL;
	return strdup(json_object_get_string(v));
}

/* As get_shape_descr() and ArrayWrapper.to_dframe() of the engine have it: one
 * name an axis, or nothing. */
static bool read_json(struct oq_labels *l, struct json_object *o,
		      struct oq_texts *t)
{
	struct json_object *names, *v;

	if (!json_object_is_type(o, json_type_object) ||
	    !json_object_object_get_ex(o, "shape_descr", &names) ||
	    !json_object_is_type(names, json_type_array) ||
	    json_object_array_length(names) != l->rank)
		return false;
	for (unsigned i = 0; i < l->rank; i++) {
		l->names[i] =
			name_from_json(json_object_array_get_idx(names, i));
		if (l->names[i] &&
		    json_object_object_get_ex(o, l->names[i], &v))
			axis_from_json(l, i, v, t);
	}
	return true;
}

/* ---- the engine, then: an attribute an axis ---- */

static void axis_from_attribute(const struct oq_env *env, uint64_t addr,
				struct oq_labels *l, unsigned axis,
				struct oq_texts *t)
{
	struct oq_attr *a = NULL;

	if (oq_h5_attr_read(env->h5, addr, l->names[axis], &a, NULL) < 0)
		return;
	if (a->rank == 1) {
		const uint8_t *elem = a->data;
		uint64_t n = oq_min_u64(a->nelems, l->n[axis]);

		for (uint64_t i = 0; i < n; i++)
			oq_texts_put_value(t, a->type,
					   elem + i * a->type->size);
		keep_list(l, axis, t);
	} else if (a->rank || a->type->cls != OQ_INT) {
		drop_name(l, axis);
	}
	oq_h5_attr_free(a);
}

static bool read_names(const struct oq_env *env, uint64_t addr,
		       struct oq_labels *l)
{
	struct oq_attr *a = NULL;
	bool fits;

	if (oq_h5_attr_read(env->h5, addr, "shape_descr", &a, NULL) < 0)
		return false;
	fits = oq_dtype_is_text(a->type) && a->nelems == l->rank;
	for (unsigned i = 0; fits && i < l->rank; i++) {
		const uint8_t *elem = a->data;
		size_t n;
		const char *s =
			oq_value_str(a->type, elem + i * a->type->size, &n);

		l->names[i] = s ? strndup(s, n) : NULL;
	}
	oq_h5_attr_free(a);
	return fits;
}

static bool read_attributes(const struct oq_env *env, uint64_t addr,
			    struct oq_labels *l, struct oq_texts *t)
{
	if (!read_names(env, addr, l))
		return false;
	for (unsigned i = 0; i < l->rank; i++)
		if (l->names[i])
			axis_from_attribute(env, addr, l, i, t);
	return true;
}

/* ---- all of them ---- */

/* An axis without a name is called by its number. */
static bool fill_names(struct oq_labels *l)
{
	bool ok = true;

	for (unsigned i = 0; i < l->rank; i++) {
		if (l->names[i] && !l->names[i][0])
			drop_name(l, i);
		if (!l->names[i] && asprintf(&l->names[i], "d%u", i) < 0)
			l->names[i] = NULL;
		ok &= l->names[i] != NULL;
	}
	return ok;
}

/* Take the names that the columns of a table of the whole dataset have. */
static bool take_column_names(struct oq_labels *l, const struct oq_table *t)
{
	for (unsigned i = 0; i < l->rank; i++) {
		char *shown;

		if (strcmp(l->names[i], t->axis_names[i]) == 0)
			continue;
		shown = strdup(t->axis_names[i]);
		if (!shown)
			return false;
		l->given[i] = l->names[i];
		l->names[i] = shown;
	}
	return true;
}

static bool complete_names(struct oq_labels *l, const struct oq_dtype *type)
{
	struct oq_axis axes[OQ_MAX_RANK] = { 0 };
	const uint64_t none[OQ_MAX_RANK] = { 0 };
	struct oq_table_spec spec = {
		.name = "",
		.type = type,
		.form = OQ_LONG,
		.rank = l->rank,
		.dims = none,
		.axes = axes,
	};
	struct oq_table *t = NULL;
	bool ok = fill_names(l);

	for (unsigned i = 0; i < l->rank; i++)
		axes[i].name = l->names[i];
	ok = ok && oq_table_new(&spec, &t, NULL) == 0 &&
	     take_column_names(l, t);
	oq_table_free(t);
	return ok;
}

static bool has_a_name(const struct oq_labels *l)
{
	for (unsigned i = 0; i < l->rank; i++)
		if (l->names[i] && l->names[i][0])
			return true;
	return false;
}

static bool read_own(const struct oq_env *env, const struct oq_dataset *info,
		     struct oq_labels *l, struct oq_texts *t)
{
	struct json_object *o = parse_attribute(env, info->addr);
	bool found = read_json(l, o, t) ||
		     read_attributes(env, info->addr, l, t) ||
		     oq_scales_read(env, info, l, t);

	json_object_put(o);
	return found;
}

static bool read_labels(const struct oq_env *env, const struct oq_dataset *info,
			const char *name, struct oq_labels *l)
{
	struct oq_texts t = { .left = MAX_LABEL_BYTES };
	bool found = info->has_attrs && read_own(env, info, l, &t);

	if (!found && oq_beside_may_be(info, name))
		found = l->beside = oq_beside_read(env, info, l, &t);
	if (!found && oq_nexus_may_be(env))
		found = oq_nexus_read(env, info, l, &t);
	if (!found && oq_hdfeos_may_be(env))
		found = oq_hdfeos_read(env, info, l);
	l->bytes = sizeof(*l) + (size_t)(MAX_LABEL_BYTES - t.left);
	oq_buf_free(&t.buf);
	return found && has_a_name(l) && complete_names(l, info->type);
}

struct oq_labels *oq_labels_read(const struct oq_env *env,
				 const struct oq_dataset *info,
				 const char *name)
{
	struct oq_labels *l;

	if (info->space != OQ_SIMPLE || !info->rank ||
	    !(info->has_attrs || oq_beside_may_be(info, name) ||
	      oq_nexus_may_be(env) || oq_hdfeos_may_be(env)))
		return NULL;
	l = oq_labels_new(info);
	if (!l)
		return NULL;
	if (!read_labels(env, info, name, l)) {
		oq_labels_put(l);
		return NULL;
	}
	return l;
}

struct oq_labels *oq_labels_share(const struct oq_env *env,
				  const struct oq_dataset *info,
				  const char *name, struct oq_labels *known)
{
	if (known && known->rank == info->rank &&
	    (!known->beside || oq_beside_may_be(info, name)) &&
	    memcmp(known->n, info->dims, info->rank * sizeof(*info->dims)) == 0)
		return oq_labels_get(known);
	return oq_labels_read(env, info, name);
}
