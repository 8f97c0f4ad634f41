/* SPDX-License-Identifier: MIT */
/* calc.c - what a calculation of the engine says of itself */

#include "lib/engine/calc.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/text/json.h"
#include "lib/type/value.h"

/* Parameters are kilobytes; this is not what a datastore is read for. */
#define MAX_PARAM_BYTES ((uint64_t)16 << 20)

void oq_calc_free(struct oq_calc *c)
{
	free(c->engine_version);
	free(c->calculation_mode);
	free(c->description);
	free(c->parent);
	*c = (struct oq_calc){ 0 };
}

/* A calculation number: digits, and not zero or absurd. */
static char *number_of(const char *s)
{
	size_t n = strspn(s, "0123456789");

	if (!n || n > 18 || s[n] || s[0] == '0')
		return NULL;
	return strdup(s);
}

static char *member(struct json_object *o, const char *key)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v) || !v)
		return NULL;
	return strdup(json_object_get_string(v));
}

static void read_json(const char *text, size_t n, struct oq_calc *c)
{
	struct json_object *o = NULL;
	OQ_FREE char *parent = NULL;

	if (n <= MAX_PARAM_BYTES)
		o = oq_json_parse(text, n, OQ_JSON_PARAM);
	if (o && json_object_is_type(o, json_type_object)) {
		c->calculation_mode = member(o, "calculation_mode");
		c->description = member(o, "description");
		parent = member(o, "hazard_calculation_id");
		c->parent = parent ? number_of(parent) : NULL;
	}
	json_object_put(o);
}

/* The text of a member of a row, without the quotes of Python's repr. */
static char *unquoted(const struct oq_member *m, const uint8_t *row)
{
	size_t n = 0;
	const char *s = oq_value_str(m->type, row + m->offset, &n);

	if (!s)
		return NULL;
	if (n >= 2 && (s[0] == '\'' || s[0] == '"') && s[n - 1] == s[0]) {
		s++;
		n -= 2;
	}
	return strndup(s, n);
}

static void keep(char **to, char **text)
{
	if (!*to)
		*to = oq_steal(text);
}

static void read_row(const struct oq_dtype *t, const uint8_t *row,
		     struct oq_calc *c)
{
	OQ_FREE char *name = unquoted(&t->members[0], row);
	OQ_FREE char *value = unquoted(&t->members[1], row);

	if (!name || !value)
		return;
	if (strcmp(name, "calculation_mode") == 0)
		keep(&c->calculation_mode, &value);
	else if (strcmp(name, "description") == 0)
		keep(&c->description, &value);
	else if (strcmp(name, "hazard_calculation_id") == 0 && !c->parent)
		c->parent = number_of(value);
}

static void read_table(const struct oq_dataset *info, const uint8_t *rows,
		       struct oq_calc *c)
{
	const struct oq_dtype *t = info->type;

	if (t->nmembers != 2 || !oq_dtype_is_text(t->members[0].type) ||
	    !oq_dtype_is_text(t->members[1].type))
		return;
	for (uint64_t i = 0; i < info->nelems; i++)
		read_row(t, rows + i * t->size, c);
}

static void read_oqparam(struct oq_h5_dset *d, struct oq_calc *c)
{
	const struct oq_dataset *info = oq_h5_dset_info(d);
	uint64_t start[OQ_MAX_RANK] = { 0 }, step[OQ_MAX_RANK];
	OQ_FREE uint8_t *data = NULL;
	const char *s;
	size_t n;

	if (info->refused || info->nbytes > MAX_PARAM_BYTES || !info->nelems)
		return;
	for (unsigned i = 0; i < OQ_MAX_RANK; i++)
		step[i] = 1;
	data = calloc(1, info->nbytes);
	if (!data || oq_h5_read(d, start, step, info->dims, data, NULL) < 0)
		return;
	if (info->type->cls == OQ_COMPOUND) {
		read_table(info, data, c);
	} else if (oq_dtype_is_text(info->type)) {
		s = oq_value_str(info->type, data, &n);
		if (s)
			read_json(s, n, c);
	}
	oq_h5_reclaim(d, data, info->nelems);
}

void oq_calc_read(const struct oq_env *env, struct oq_calc *c)
{
	uint64_t root = oq_h5_root(env->h5);
	uint64_t addr = oq_h5_find(env->h5, root, "oqparam");
	struct oq_h5_dset *d = NULL;

	*c = (struct oq_calc){ 0 };
	c->engine_version = oq_h5_attr_text(env->h5, root, "engine_version");
	if (addr == OQ_NO_ADDR || oq_h5_dset_open(env->h5, addr, &d, NULL) < 0)
		return;
	read_oqparam(d, c);
	oq_h5_dset_close(d);
}
