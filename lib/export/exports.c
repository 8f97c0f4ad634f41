/* SPDX-License-Identifier: MIT */
/* exports.c - which files a calculation's export has */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/grow.h"
#include "lib/base/quote.h"
#include "lib/engine/export.h"
#include "lib/engine/intensities.h"
#include "lib/engine/losstypes.h"
#include "lib/export/names.h"
#include "lib/sheet/finish.h"
#include "lib/sheet/kinds.h"

static const struct oq_kindtable *const tables[] = {
	&oq_kinds_hazard, &oq_kinds_events, &oq_kinds_disagg,
	&oq_kinds_assets, &oq_kinds_losses, &oq_kinds_tables,
};

struct reason {
	const char *key; /* the table's */
	struct oq_err why;
};

struct oq_exports {
	struct oq_calculation *calc;
	struct oq_exportlist list;
	struct reason *reasons; /* owned */
	size_t nreasons, reason_room;
};

/* The first reason for a kind is the one that is told. */
static int leave_out(struct oq_exports *x, const struct oq_exportkind *k,
		     const struct oq_err *why)
{
	for (size_t i = 0; i < x->nreasons; i++)
		if (strcmp(x->reasons[i].key, k->key) == 0)
			return 0;
	if (oq_grow(&x->reasons, &x->reason_room, x->nreasons,
		    sizeof(*x->reasons)))
		return -ENOMEM;
	x->reasons[x->nreasons++] = (struct reason){ k->key, *why };
	return 0;
}

/* ---- whether a kind is there ---- */

/* Each of the blank separated paths; the first that is not there is left in
 * 'path[n]'. */
static bool has_all(const struct oq_calculation *c, const char *paths,
		    bool own_only, char *path, size_t n)
{
	struct oq_place at;

	while (paths && *paths) {
		size_t len = strcspn(paths, " ");

		if (len >= n)
			return false;
		memcpy(path, paths, len);
		path[len] = '\0';
		if (own_only ? !oq_calculation_has(c, path)
			     : !oq_calculation_find(c, path, &at))
			return false;
		paths += len + strspn(paths + len, " ");
	}
	return true;
}

static int add_kind(struct oq_exports *x, const struct oq_exportkind *k)
{
	const struct oq_calculation *c = x->calc;
	struct oq_err err = { "" };
	size_t before = x->list.n;
	char path[128];
	int e;

	if (c->version < k->since || c->version >= k->until ||
	    !has_all(c, k->own, true, path, sizeof(path)) ||
	    (k->when && !k->when(c)))
		return 0;
	if (k->why_not)
		e = oq_err_set(&err, -ENOENT, "%s", k->why_not);
	else if (!has_all(c, k->any, false, path, sizeof(path)))
		e = oq_calculation_absent(c, path, &err);
	else
		e = oq_exportlist_add(&x->list, c, k, &err);
	if (e == -ENOMEM || !e)
		return e;
	oq_exportlist_cut(&x->list, before);
	return leave_out(x, k, &err);
}

static int list(struct oq_exports *x)
{
	int e = 0;

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		for (size_t k = 0; !e && k < tables[i]->n; k++)
			e = add_kind(x, &tables[i]->kinds[k]);
	oq_exportlist_sort(&x->list);
	return e;
}

int oq_exports_new(const struct oq_exports_spec *spec, struct oq_exports **out,
		   struct oq_err *err)
{
	struct oq_exports *x = calloc(1, sizeof(*x));
	int e;

	if (!x)
		return oq_err_set(err, -ENOMEM, "no memory");
	e = oq_calculation_open(spec, &x->calc, err);
	if (!e)
		e = oq_intensities_list(x->calc);
	if (!e)
		e = oq_losstypes_list(x->calc);
	if (!e)
		e = list(x);
	if (e < 0)
		oq_exports_free(x);
	else
		*out = x;
	return e;
}

void oq_exports_free(struct oq_exports *x)
{
	if (!x)
		return;
	oq_exportlist_free(&x->list);
	oq_calculation_close(x->calc);
	free(x->reasons);
	free(x);
}

size_t oq_exports_count(const struct oq_exports *x)
{
	return x->list.n;
}

const char *oq_exports_name(const struct oq_exports *x, size_t i)
{
	return x->list.files[i].name;
}

void oq_exports_put_left_out(const struct oq_exports *x, struct oq_buf *out)
{
	oq_buf_putc(out, '{');
	for (size_t i = 0; i < x->nreasons; i++) {
		const struct reason *r = &x->reasons[i];

		if (i)
			oq_buf_puts(out, ", ");
		oq_json_put_str(r->key, strlen(r->key), false, out);
		oq_buf_puts(out, ": ");
		oq_json_put_str(r->why.text, strlen(r->why.text), false, out);
	}
	oq_buf_putc(out, '}');
}

int oq_exports_open(const struct oq_exports *x, const char *name,
		    struct oq_export **out, struct oq_err *err)
{
	const struct oq_exportfile *f = oq_exportlist_find(&x->list, name);
	struct oq_sheet *s;
	int e;

	if (!f)
		return oq_err_set(err, -ENOENT, "no export '%s'", name);
	s = oq_sheet_new(x->calc->own, 0);
	if (!s)
		return oq_err_set(err, -ENOMEM, "no memory");
	e = f->kind->open(x->calc, f, s, err);
	if (!e)
		e = oq_sheet_finish(s, err);
	if (e < 0) {
		oq_buf_free(&s->export.head);
		oq_sheet_close(s);
	} else {
		*out = &s->export;
	}
	return e;
}
