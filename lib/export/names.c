/* SPDX-License-Identifier: MIT */
/* names.c - the files of a kind, by the pattern of their names */

#include "lib/export/names.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/grow.h"
#include "lib/engine/aggids.h"
#include "lib/sheet/axes.h"

/* More than any calculation has, and than a directory should. */
#define MAX_FILES ((size_t)1 << 18)
/* Of files by site. */
#define MAX_SITES 1000
/* What a name may take, with ".parquet" behind it. */
#define MAX_NAME  240

struct walk {
	struct oq_exportlist *list;
	const struct oq_calculation *c;
	const struct oq_exportkind *kind;
	struct oq_names members;
	uint64_t nsites;
	struct oq_err *err;
};

static bool has_word(const struct oq_exportkind *k, const char *word)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "{%s}", word);
	return strstr(k->names, text) != NULL;
}

/* ---- a name ---- */

static bool is_quantile(const struct oq_exportfile *f)
{
	return f->label && strncmp(f->label, "quantile-", 9) == 0;
}

static void put_word(const struct walk *w, const struct oq_exportfile *f,
		     const char *word, struct oq_buf *out)
{
	if (strcmp(word, "hazard") == 0)
		oq_buf_puts(out, is_quantile(f) ? "quantile" : "hazard");
	else if (strcmp(word, "stat") == 0)
		oq_buf_puts(out,
			    f->label + (is_quantile(f) && has_word(w->kind,
								   "hazard")
						? 9
						: 0));
	else if (strcmp(word, "rlz") == 0 || strcmp(word, "rlz1") == 0 ||
		 strcmp(word, "col") == 0)
		oq_buf_puts(out, f->label);
	else if (strcmp(word, "imt") == 0)
		oq_buf_puts(out, w->c->imts.name[f->imt]);
	else if (strcmp(word, "site") == 0)
		oq_buf_printf(out, "%zu", f->site);
	else if (strcmp(word, "member") == 0)
		oq_buf_puts(out, f->member);
	else if (strcmp(word, "tags") == 0)
		oq_aggids_put_name(w->c, f->agg, out);
}

static void put_name(const struct walk *w, const struct oq_exportfile *f,
		     struct oq_buf *out)
{
	char word[32];

	for (const char *p = w->kind->names; *p;) {
		size_t n = strcspn(p, "{");

		oq_buf_put(out, p, n);
		p += n;
		if (!*p)
			break;
		n = strcspn(++p, "}");
		(void)snprintf(word, sizeof(word), "%.*s", (int)n, p);
		put_word(w, f, word, out);
		p += n + 1;
	}
	for (size_t i = 0; i < out->len; i++)
		if (out->data[i] == '/')
			out->data[i] = '-';
	oq_buf_printf(out, "_%s", w->c->number);
}

static bool is_name(const struct oq_buf *b)
{
	for (size_t i = 0; i < b->len; i++)
		if ((unsigned char)b->data[i] < ' ')
			return false;
	return b->len <= MAX_NAME;
}

/* ---- the list ---- */

static int keep(struct oq_exportlist *l, const struct oq_exportfile *f,
		const struct oq_buf *name, struct oq_err *err)
{
	struct oq_exportfile *to;

	if (l->n == MAX_FILES)
		return oq_err_set(err, -EFBIG, "too many files");
	if (oq_grow(&l->files, &l->room, l->n, sizeof(*l->files)))
		return -ENOMEM;
	to = &l->files[l->n];
	*to = *f;
	to->name = strndup(name->data, name->len);
	to->member = f->member ? strdup(f->member) : NULL;
	to->label = f->label ? strdup(f->label) : NULL;
	l->n++;
	return to->name && (to->member || !f->member) &&
			       (to->label || !f->label)
		       ? 0
		       : -ENOMEM;
}

static int add_file(struct walk *w, const struct oq_exportfile *f)
{
	OQ_BUF struct oq_buf name = { 0 };
	int e;

	put_name(w, f, &name);
	if (oq_buf_failed(&name))
		return -ENOMEM;
	e = w->kind->check ? w->kind->check(w->c, f, w->err) : 0;
	if (e == -ENOENT && !w->err->text[0])
		return 0;
	if (e < 0)
		return e;
	return is_name(&name) ? keep(w->list, f, &name, w->err) : 0;
}

/* ---- what names run over ---- */

static int over_members(struct walk *w, struct oq_exportfile *f)
{
	int e = 0;

	if (!has_word(w->kind, "member"))
		return add_file(w, f);
	for (size_t i = 0; !e && i < w->members.n; i++) {
		f->member = w->members.name[i];
		e = add_file(w, f);
	}
	return e;
}

static int over_aggs(struct walk *w, struct oq_exportfile *f)
{
	size_t n = has_word(w->kind, "tags") ? oq_aggids_count(w->c) + 1 : 1;
	int e = 0;

	for (f->agg = 0; !e && f->agg < n; f->agg++)
		e = over_members(w, f);
	return e;
}

static int over_sites(struct walk *w, struct oq_exportfile *f)
{
	uint64_t n = has_word(w->kind, "site") ? w->nsites : 1;
	int e = 0;

	for (f->site = 0; !e && f->site < n; f->site++)
		e = over_aggs(w, f);
	return e;
}

static int over_imts(struct walk *w, struct oq_exportfile *f)
{
	size_t n = has_word(w->kind, "imt") ? w->c->imts.n : 1;
	int e = 0;

	for (f->imt = 0; !e && f->imt < n; f->imt++)
		e = over_sites(w, f);
	return e;
}

size_t oq_exportlist_rlzs(const struct oq_calculation *c)
{
	return oq_param_is_set(c, "collect_rlzs") && c->nrlzs ? 1 : c->nrlzs;
}

static int add_member(void *names, const struct oq_h5_link *l)
{
	return oq_names_add(names, l->name, l->name_len);
}

/* Columns of an array, or of the first of a group. */
static int count_columns(const struct walk *w, uint64_t *n)
{
	struct oq_names first = { 0 };
	struct oq_place at;
	struct oq_axes a = { 0 };
	OQ_FREE char *path = NULL;
	enum oq_kind kind = OQ_KIND_NONE;
	int e;

	if (!oq_calculation_find(w->c, w->kind->data, &at))
		return oq_calculation_absent(w->c, w->kind->data, w->err);
	e = oq_h5_kind(at.env->h5, at.addr, &kind, w->err);
	if (!e && kind == OQ_KIND_GROUP)
		e = oq_h5_list(at.env->h5, at.addr, add_member, &first, w->err);
	if (!e && asprintf(&path, "%s%s%s", w->kind->data, first.n ? "/" : "",
			   first.n ? first.name[0] : "") < 0) {
		path = NULL;
		e = -ENOMEM;
	}
	oq_names_free(&first);
	if (!e)
		e = oq_axes_read(w->c, path, &at, &a, w->err);
	if (!e && a.rank < 2)
		e = oq_err_set(w->err, -EIO, "'%s' has no columns",
			       w->kind->data);
	*n = e ? 0 : a.dims[1];
	if (!e && w->c->nrlzs && *n > w->c->nrlzs)
		e = oq_err_set(w->err, -EIO,
			       "'%s' is of more realizations than there are",
			       w->kind->data);
	return e;
}

static int over_rlzs(struct walk *w, struct oq_exportfile *f)
{
	bool padded = !has_word(w->kind, "rlz1");
	uint64_t n = oq_exportlist_rlzs(w->c);
	char label[40];
	int e = 0;

	if (has_word(w->kind, "col"))
		e = count_columns(w, &n);
	f->label = label;
	for (f->which = 0; !e && f->which < n; f->which++) {
		(void)snprintf(label, sizeof(label),
			       padded ? "rlz-%03zu" : "rlz-%zu", f->which);
		e = over_imts(w, f);
	}
	return e;
}

static int over_kinds(struct walk *w, struct oq_exportfile *f)
{
	int e = 0;

	if (has_word(w->kind, "rlz") || has_word(w->kind, "rlz1") ||
	    has_word(w->kind, "col"))
		return over_rlzs(w, f);
	if (!has_word(w->kind, "stat"))
		return over_imts(w, f);
	for (f->which = 0; !e && f->which < w->c->stats.n; f->which++) {
		f->label = w->c->stats.name[f->which];
		e = over_imts(w, f);
	}
	return e;
}

static int list_members(struct walk *w)
{
	struct oq_place at;

	if (!has_word(w->kind, "member"))
		return 0;
	if (!oq_calculation_find(w->c, w->kind->data, &at))
		return oq_calculation_absent(w->c, w->kind->data, w->err);
	return oq_h5_list(at.env->h5, at.addr, add_member, &w->members, w->err);
}

static int count_sites(struct walk *w)
{
	OQ_VALUES struct oq_values v = { 0 };
	int e = 0;

	if (!has_word(w->kind, "site"))
		return 0;
	e = oq_calculation_values(w->c, "sitecol/sids", NULL, &v, w->err);
	w->nsites = v.n;
	if (!e && v.n > MAX_SITES)
		e = oq_err_set(w->err, -EFBIG, "a file for each of %llu sites",
			       (unsigned long long)v.n);
	return e;
}

int oq_exportlist_add(struct oq_exportlist *l, const struct oq_calculation *c,
		      const struct oq_exportkind *k, struct oq_err *err)
{
	struct walk w = { .list = l, .c = c, .kind = k, .err = err };
	struct oq_exportfile f = { .kind = k };
	int e = list_members(&w);

	if (!e)
		e = count_sites(&w);
	if (!e)
		e = over_kinds(&w, &f);
	oq_names_free(&w.members);
	return e;
}

/* ---- finding ---- */

static int by_name(const void *a, const void *b)
{
	const struct oq_exportfile *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void free_file(struct oq_exportfile *f)
{
	free(f->name);
	free(f->member);
	free(f->label);
}

void oq_exportlist_sort(struct oq_exportlist *l)
{
	size_t kept = 0;

	if (l->n)
		qsort(l->files, l->n, sizeof(*l->files), by_name);
	for (size_t i = 0; i < l->n; i++)
		if (kept && by_name(&l->files[kept - 1], &l->files[i]) == 0)
			free_file(&l->files[i]);
		else
			l->files[kept++] = l->files[i];
	l->n = kept;
}

const struct oq_exportfile *oq_exportlist_find(const struct oq_exportlist *l,
					       const char *name)
{
	size_t low = 0, high = l->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int c = strcmp(l->files[middle].name, name);

		if (!c)
			return &l->files[middle];
		if (c < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

void oq_exportlist_cut(struct oq_exportlist *l, size_t n)
{
	while (l->n > n)
		free_file(&l->files[--l->n]);
}

void oq_exportlist_free(struct oq_exportlist *l)
{
	oq_exportlist_cut(l, 0);
	free(l->files);
	*l = (struct oq_exportlist){ 0 };
}
