/* SPDX-License-Identifier: MIT */
/* labels.c - the names and labels of a dataset's axes */

#include "lib/data/labels.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/data/beside.h"
#include "lib/data/scales.h"
#include "lib/text/json.h"
#include "lib/text/numtext.h"
#include "lib/type/texts.h"
#include "lib/type/value.h"

/* What all labels of a dataset may take: twenty million short ones. */
#define MAX_LABEL_BYTES ((uint64_t)256 << 20)

/* Keep the list that was collected if it has a text for each index. */
static void keep_list(struct oq_labels *l, unsigned axis, struct oq_texts *t)
{
	uint64_t n = t->n;
	OQ_FREE char **list = oq_texts_take(t);

	if (list && n == l->n[axis])
		l->labels[axis] = oq_steal(&list);
}

/* ---- the engine, now: all in one attribute ---- */

static struct json_object *parse_attribute(const struct oq_env *env,
					   uint64_t addr)
{
	OQ_FREE char *text = oq_h5_attr_text(env->h5, addr, "json");

	return text ? oq_json_parse(text, strlen(text)) : NULL;
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
		/* json-c has these for all that are larger, too. */
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
	if (!json_object_is_type(v, json_type_array) ||
	    json_object_array_length(v) != l->n[axis])
		return;
	for (uint64_t i = 0; i < l->n[axis]; i++)
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
	if (a->rank == 1 && a->nelems == l->n[axis]) {
		const uint8_t *elem = a->data;

		for (uint64_t i = 0; i < a->nelems; i++)
			oq_texts_put_value(t, a->type,
					   elem + i * a->type->size);
		keep_list(l, axis, t);
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

static bool is_taken(const struct oq_labels *l, unsigned before,
		     const char *name)
{
	if (strcmp(name, "value") == 0)
		return true;
	for (unsigned i = 0; i < before; i++)
		if (strcmp(name, l->names[i]) == 0)
			return true;
	return false;
}

/* Each axis has a name and no two have the same, nor that of the column of
 * values: most readers of a csv want its columns told apart. */
static bool complete_names(struct oq_labels *l)
{
	for (unsigned i = 0; i < l->rank; i++) {
		OQ_FREE char *given = oq_steal(&l->names[i]);
		OQ_FREE char *name = NULL;
		unsigned k = 0;

		if (!given || !*given)
			free(oq_steal(&given));
		if (!given && asprintf(&given, "d%u", i) < 0)
			given = NULL;
		name = given ? strdup(given) : NULL;
		while (name && is_taken(l, i, name)) {
			free(name);
			if (asprintf(&name, "%s_%u", given, ++k) < 0)
				name = NULL;
		}
		if (!name)
			return false;
		l->names[i] = oq_steal(&name);
	}
	return true;
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
	l->bytes = sizeof(*l) + (size_t)(MAX_LABEL_BYTES - t.left);
	oq_buf_free(&t.buf);
	return found && has_a_name(l) && complete_names(l);
}

struct oq_labels *oq_labels_read(const struct oq_env *env,
				 const struct oq_dataset *info,
				 const char *name)
{
	struct oq_labels *l;

	if (info->space != OQ_SIMPLE || !info->rank ||
	    !(info->has_attrs || oq_beside_may_be(info, name)))
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
