/* SPDX-License-Identifier: MIT */
/* calculation.c - a calculation as its exporters see it */

#include "lib/engine/calculation.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/grow.h"
#include "lib/base/quote.h"
#include "lib/engine/calc.h"
#include "lib/engine/pytext.h"
#include "lib/text/json.h"

/* Names of objects on the way. */
#define MAX_PATH 512

/* ---- objects ---- */

bool oq_place_find(const struct oq_env *env, const char *path,
		   struct oq_place *at)
{
	char name[MAX_PATH];
	uint64_t addr = oq_h5_root(env->h5);

	while (*path && addr != OQ_NO_ADDR) {
		size_t n = strcspn(path, "/");

		if (n >= sizeof(name))
			return false;
		memcpy(name, path, n);
		name[n] = '\0';
		addr = oq_h5_find(env->h5, addr, name);
		path += n + (path[n] == '/');
	}
	*at = (struct oq_place){ env, addr };
	return addr != OQ_NO_ADDR;
}

bool oq_calculation_has(const struct oq_calculation *c, const char *path)
{
	struct oq_place at;

	return oq_place_find(c->own, path, &at);
}

bool oq_calculation_find(const struct oq_calculation *c, const char *path,
			 struct oq_place *at)
{
	if (oq_place_find(c->own, path, at))
		return true;
	for (size_t i = 0; i < c->nparents; i++)
		if (oq_place_find(c->parents[i], path, at))
			return true;
	return false;
}

int oq_calculation_absent(const struct oq_calculation *c, const char *path,
			  struct oq_err *err)
{
	if (c->absent)
		return oq_err_set(err, -ENOENT, "'%s' is not here: %s", path,
				  c->absent);
	if (c->parent_number && !c->nparents)
		return oq_err_set(err, -ENOENT,
				  "'%s' is in calculation %s, which is absent",
				  path, c->parent_number);
	return oq_err_set(err, -ENOENT, "the datastore has no '%s'", path);
}

int oq_calculation_values(const struct oq_calculation *c, const char *path,
			  const char *field, struct oq_values *out,
			  struct oq_err *err)
{
	struct oq_place at;

	*out = (struct oq_values){ 0 };
	if (!oq_calculation_find(c, path, &at))
		return oq_calculation_absent(c, path, err);
	return oq_values_read(at.env, at.addr, field, out, err);
}

int oq_calculation_attr(const struct oq_calculation *c, const char *path,
			const char *name, struct oq_values *out,
			struct oq_err *err)
{
	struct oq_place at;

	*out = (struct oq_values){ 0 };
	if (!oq_calculation_find(c, path, &at))
		return oq_calculation_absent(c, path, err);
	if (!oq_h5_attr_exists(at.env->h5, at.addr, name))
		return oq_err_set(err, -ENOENT, "'%s' has no attribute '%s'",
				  path, name);
	return oq_values_attr(at.env, at.addr, name, out, err);
}

struct json_object *oq_calculation_json(const struct oq_calculation *c,
					const char *path, const char *name)
{
	struct oq_place at;
	OQ_FREE char *text = NULL;

	if (!oq_calculation_find(c, path, &at))
		return NULL;
	text = oq_h5_attr_text(at.env->h5, at.addr, name);
	return text ? oq_json_parse(text, strlen(text), OQ_JSON_PARAM) : NULL;
}

/* ---- lists of names ---- */

int oq_names_add(struct oq_names *l, const char *s, size_t n)
{
	if (oq_grow(&l->name, &l->room, l->n, sizeof(*l->name)))
		return -ENOMEM;
	l->name[l->n] = strndup(s, n);
	return l->name[l->n] ? (l->n++, 0) : -ENOMEM;
}

void oq_names_free(struct oq_names *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->name[i]);
	free(l->name);
	*l = (struct oq_names){ 0 };
}

/* ---- what it is ---- */

static unsigned version_of(const char *text)
{
	unsigned major = 0, minor = 0;

	if (!text || sscanf(text, "%4u.%3u", &major, &minor) != 2)
		return 0;
	return OQ_VERSION(major, minor);
}

static int read_param(struct oq_calculation *c, struct oq_err *err)
{
	OQ_VALUES struct oq_values v = { 0 };
	int e = oq_calculation_values(c, "oqparam", NULL, &v, err);

	if (e < 0)
		return e;
	if (v.t && v.n == 1)
		c->param = oq_json_parse(v.t[0], strlen(v.t[0]), OQ_JSON_PARAM);
	if (!json_object_is_type(c->param, json_type_object))
		return oq_err_set(err, -EIO, "'oqparam' makes no sense");
	c->mode = json_object_get_string(oq_param(c, "calculation_mode"));
	if (!c->mode)
		c->mode = "";
	return 0;
}

static void put_generator(const struct oq_calculation *c, const char *version,
			  struct oq_buf *out)
{
	uint64_t root = oq_h5_root(c->own->h5);
	OQ_FREE char *aelo = oq_h5_attr_text(c->own->h5, root, "aelo_version");
	OQ_BUF struct oq_buf text = { 0 };

	oq_buf_puts(&text, aelo ? "AELO " : "OpenQuake engine ");
	oq_buf_puts(&text, aelo ? aelo : version);
	oq_comment_key(out, "generated_by");
	if (text.data)
		oq_py_put_str(text.data, text.len, out);
}

static int describe(struct oq_calculation *c, const char *version,
		    struct oq_err *err)
{
	uint64_t root = oq_h5_root(c->own->h5);
	OQ_FREE char *date = oq_h5_attr_text(c->own->h5, root, "date");
	OQ_VALUES struct oq_values sum = { 0 };
	OQ_BUF struct oq_buf out = { 0 };

	put_generator(c, version, &out);
	oq_comment_key(&out, "start_date");
	oq_py_put_text(date ? date : "", &out);
	oq_comment_key(&out, "checksum");
	if (oq_values_attr(c->own, root, "checksum32", &sum, NULL) == 0 &&
	    sum.i && sum.n == 1)
		oq_py_put_i64(sum.i[0], &out);
	else
		oq_buf_putc(&out, '0');
	oq_buf_putc(&out, '\0');
	if (oq_buf_failed(&out))
		return oq_err_set(err, -ENOMEM, "no memory");
	c->metadata = oq_steal(&out.data);
	return 0;
}

/* ---- what it computes ---- */

static int add_quantile(struct oq_calculation *c, struct json_object *q)
{
	OQ_BUF struct oq_buf name = { 0 };

	oq_buf_puts(&name, "quantile-");
	oq_py_put_json(q, &name);
	return oq_buf_failed(&name)
		       ? -ENOMEM
		       : oq_names_add(&c->stats, name.data, name.len);
}

/* The statistics in the order of the arrays; the mean unless it is declined. */
static int list_stats(struct oq_calculation *c)
{
	struct json_object *q = oq_param(c, "quantiles");
	int e = 0;

	if (!oq_param(c, "mean") || oq_param_is_set(c, "mean"))
		e = oq_names_add(&c->stats, "mean", 4);
	if (!e && oq_param_is_set(c, "std"))
		e = oq_names_add(&c->stats, "std", 3);
	for (size_t i = 0; !e && json_object_is_type(q, json_type_array) &&
			   i < json_object_array_length(q);
	     i++)
		e = add_quantile(c, json_object_array_get_idx(q, i));
	if (!e && oq_param_is_set(c, "max"))
		e = oq_names_add(&c->stats, "max", 3);
	return e;
}

static void count_rlzs(struct oq_calculation *c)
{
	OQ_VALUES struct oq_values w = { 0 };

	if (oq_calculation_values(c, "weights", NULL, &w, NULL) == 0)
		c->nrlzs = w.n;
}

static int look(struct oq_calculation *c, struct oq_err *err)
{
	struct oq_calc say = { 0 };
	int e;

	oq_calc_read(c->own, &say);
	c->version = version_of(say.engine_version);
	c->parent_number = oq_steal(&say.parent);
	if (c->version < OQ_VERSION_FIRST)
		e = oq_err_set(err, -ENOENT,
			       "engine %s: its exports are not "
			       "known",
			       say.engine_version ? say.engine_version
						  : "unknown");
	else
		e = describe(c, say.engine_version, err);
	oq_calc_free(&say);
	if (!e)
		e = read_param(c, err);
	if (!e)
		e = list_stats(c);
	if (!e)
		count_rlzs(c);
	return e;
}

static int copy_spec(const struct oq_exports_spec *spec,
		     struct oq_calculation *c, struct oq_err *err)
{
	if (!spec->number)
		return oq_err_set(err, -ENOENT,
				  "the calculation's number is not known");
	c->own = spec->own;
	for (size_t i = 0; i < spec->nparents; i++)
		c->parents[c->nparents++] = spec->parents[i];
	c->number = strdup(spec->number);
	c->absent = spec->absent ? strdup(spec->absent) : NULL;
	return c->number && (c->absent || !spec->absent) ? 0 : -ENOMEM;
}

int oq_calculation_open(const struct oq_exports_spec *spec,
			struct oq_calculation **out, struct oq_err *err)
{
	struct oq_calculation *c = calloc(1, sizeof(*c));
	int e;

	if (!c)
		return oq_err_set(err, -ENOMEM, "no memory");
	e = copy_spec(spec, c, err);
	if (!e)
		e = look(c, err);
	if (e < 0)
		oq_calculation_close(c);
	else
		*out = c;
	return e;
}

void oq_calculation_close(struct oq_calculation *c)
{
	if (!c)
		return;
	json_object_put(c->param);
	free(c->levels);
	free(c->number);
	free(c->absent);
	free(c->parent_number);
	free(c->metadata);
	oq_names_free(&c->stats);
	oq_names_free(&c->imts);
	oq_names_free(&c->losses);
	free(c);
}
