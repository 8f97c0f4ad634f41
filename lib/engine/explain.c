/* SPDX-License-Identifier: MIT */
/* explain.c - which object says what the numbers of an axis stand for */

#include "lib/engine/explain.h"

#include <string.h>

#include "lib/engine/calc.h"
#include "lib/engine/calculation.h"

/* Which object explains an axis or a column called 'name'.  Of several rows
 * with a name the first counts whose object exists. */
struct row {
	const char *name, *object, *column, *attribute;
	bool labelled; /* only where the axis has texts */
};

static const struct row rows[] = {
	{ "site_id", "sitecol", "sids", NULL, false },
	{ "sid", "complete", "sids", NULL, false },
	{ "sid", "sitecol", "sids", NULL, false },
	{ "asset_id", "assetcol/array", "id", NULL, true },
	{ "asset_id", "assetcol/array", "ordinal", NULL, false },
	{ "event_id", "events", "id", NULL, false },
	{ "eid", "events", "id", NULL, false },
	{ "rup_id", "ruptures", "id", NULL, false },
	{ "loss_type", "crm", NULL, "loss_types", false },
	{ "lti", "crm", NULL, "loss_types", false },
	{ "agg_id", "agg_keys", NULL, NULL, false },
};

/* Whether a calculation always has the object itself, not its parent. */
static bool is_own(const struct row *r)
{
	return strcmp(r->object, "agg_keys") == 0;
}

static bool has_path(const struct oq_env *env, const char *path)
{
	struct oq_place at;

	return oq_place_find(env, path, &at);
}

static bool has_parent(const struct oq_env *env)
{
	struct oq_calc c = { 0 };
	bool has;

	oq_calc_read(env, &c);
	has = c.parent;
	oq_calc_free(&c);
	return has;
}

static void put_row(const struct row *r, bool own, struct oq_buf *out)
{
	oq_buf_printf(out, "%s\"%s\": {\"object\": \"%s%s\"",
		      out->len ? ", " : "{", r->name, own ? "" : "parent/",
		      r->object);
	if (r->column)
		oq_buf_printf(out, ", \"column\": \"%s\"", r->column);
	if (r->attribute)
		oq_buf_printf(out, ", \"attribute\": \"%s\"", r->attribute);
	oq_buf_putc(out, '}');
}

/* Append what explains a name: the first of its objects that exists.  If none
 * does, we take the usual object of the parent's: that of the first row for
 * ids, of the last row for indices. */
static void explain(const struct oq_env *env, const char *name, size_t n,
		    bool labelled, struct oq_buf *out)
{
	const struct row *last = NULL;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *r = &rows[i];

		if (strlen(r->name) != n || memcmp(r->name, name, n) != 0 ||
		    (r->labelled && !labelled))
			continue;
		if (!last || !labelled)
			last = r;
		if (has_path(env, r->object)) {
			put_row(r, true, out);
			return;
		}
	}
	if (last && !is_own(last) && has_parent(env))
		put_row(last, false, out);
}

static bool is_calculation(const struct oq_env *env)
{
	return has_path(env, "oqparam");
}

static void end(struct oq_buf *text, struct oq_buf *out)
{
	if (text->len)
		oq_buf_putc(text, '}');
	oq_buf_put(out, text->data, text->len);
	out->failed |= oq_buf_failed(text);
}

void oq_explain_axes(const struct oq_env *env, const struct oq_labels *labels,
		     struct oq_buf *out)
{
	OQ_BUF struct oq_buf text = { 0 };

	if (!is_calculation(env))
		return;
	for (unsigned i = 0; i < labels->rank; i++)
		if (labels->names[i])
			explain(env, labels->names[i], strlen(labels->names[i]),
				labels->labels[i] != NULL, &text);
	end(&text, out);
}

void oq_explain_columns(const struct oq_env *env, const char *columns,
			struct oq_buf *out)
{
	OQ_BUF struct oq_buf text = { 0 };

	if (!is_calculation(env))
		return;
	while (*columns) {
		size_t n = strcspn(columns, " ");

		explain(env, columns, n, false, &text);
		columns += n + strspn(columns + n, " ");
	}
	end(&text, out);
}
