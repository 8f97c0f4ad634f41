/* SPDX-License-Identifier: MIT */
/* realizations.c - the paths through the logic tree, with their weights */

#include "lib/results/realizations.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/results/pathnames.h"

/* Until 3.13 what is longer is cut. */
#define OLD_TEXT     100
/* Since when, at the latest, a sum that is only nearly 1 is made it; before
 * 3.13 it is not. */
#define SCALED_SINCE OQ_VERSION(3, 25)
#define NEAR_ONE     1e-7
/* What the names of all may take. */
#define MAX_NAMES    ((uint64_t)64 << 20)

/* Scenarios show the model instead, with its quotes doubled. */
static void put_model_new(const char *text, struct oq_buf *out)
{
	for (; *text; text++)
		oq_buf_puts(out, *text == '"' ? "\"\"" : (char[]){ *text, 0 });
}

/* Before, as Python shows it, within quotes. */
static void put_model_old(const char *text, struct oq_buf *out)
{
	bool both = strchr(text, '"') && strchr(text, '\'');

	oq_buf_putc(out, '"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"')
			oq_buf_puts(out, "\"\"");
		else if (c == '\n')
			oq_buf_puts(out, "\\n");
		else if (c == '\t')
			oq_buf_puts(out, "\\t");
		else if (c == '\r')
			oq_buf_puts(out, "\\r");
		else if (c < 0x20 || c >= 0x7f)
			oq_buf_printf(out, "\\x%02x", c);
		else if (c == '\\' || (c == '\'' && both))
			oq_buf_printf(out, "\\%c", c);
		else
			oq_buf_putc(out, (char)c);
	}
	oq_buf_putc(out, '"');
}

/* 'cut' bytes of a text, which become one that the sheet keeps. */
static const char *take(struct oq_sheet *s, struct oq_buf *b, size_t cut)
{
	if (b->len > cut)
		b->len = cut;
	oq_buf_putc(b, '\0');
	if (oq_buf_failed(b)) {
		oq_buf_free(b);
		s->failed = true;
		return "";
	}
	return oq_sheet_keep(s, oq_steal(&b->data));
}

static bool shows_models(const struct oq_pathnames *p)
{
	return oq_calculation_mode_has(p->c, "scenario") &&
	       (p->tree.ntrts == 1 || p->old);
}

static int name_paths(const struct oq_pathnames *p, struct oq_sheet *s,
		      uint64_t n, const uint64_t *sm, const uint64_t *gsim,
		      const char **names, size_t *longest, struct oq_err *err)
{
	int e = 0;

	for (uint64_t i = 0; !e && i < n; i++) {
		struct oq_buf b = { 0 };

		e = oq_pathnames_put(p, sm[i], gsim + i * p->tree.nsets, &b,
				     err);
		if (b.len > *longest)
			*longest = b.len;
		names[i] = take(s, &b, p->old ? OLD_TEXT : SIZE_MAX);
	}
	return e;
}

static size_t longest_text(const struct oq_values *v)
{
	size_t longest = 0;

	for (uint64_t i = 0; i < v->n; i++)
		if (strlen(v->t[i]) > longest)
			longest = strlen(v->t[i]);
	return longest;
}

static void name_models(const struct oq_pathnames *p, struct oq_sheet *s,
			uint64_t n, const char **names, size_t longest)
{
	bool shaken = oq_param_has_input(p->c, "shakemap");
	size_t cut = p->old ? OLD_TEXT : longest;

	/* Cut to the longest before its quotes were doubled. */
	if (p->c->version >= OQ_VERSION_NEW)
		cut = shaken ? SIZE_MAX : longest_text(&p->tree.text);

	for (uint64_t i = 0; i < n && p->tree.text.n; i++) {
		const char *text = shaken ? "[FromShakeMap]"
					  : p->tree.text.t[i % p->tree.text.n];
		struct oq_buf b = { 0 };

		if (p->c->version >= OQ_VERSION_NEW)
			put_model_new(text, &b);
		else
			put_model_old(text, &b);
		names[i] = take(s, &b, cut);
	}
}

/* ---- weights ---- */

/* Not those that are stored: the engine weighs the tree that it reads again,
 * where the source model's weights are less precise, and so is their sum. */
static int weigh(const struct oq_pathnames *p, uint64_t n, const uint64_t *sm,
		 const uint64_t *gsim, double *out, struct oq_err *err)
{
	double sum = 0;
	bool scaled, near, doubtful;

	oq_logictree_weigh(&p->tree, n, sm, gsim, out);
	for (uint64_t i = 0; i < n; i++)
		sum += out[i];
	near = p->c->version < SCALED_SINCE && fabs(sum - 1) < NEAR_ONE;
	doubtful = near && !p->old;
	scaled = sum != 1 && !near;
	for (uint64_t i = 0; i < n; i++) {
		float as_is = (float)out[i], by_sum = (float)(out[i] / sum);

		if (doubtful && as_is != by_sum)
			return oq_err_set(err, -ENOENT,
					  "whether this version makes the sum "
					  "of their weights 1 is not known");
		out[i] = (double)(scaled ? by_sum : as_is);
	}
	return 0;
}

/* ---- all paths ---- */

/* What the rows are made of. */
struct walked {
	uint64_t n, *sm, *gsim; /* owned, all */
	double *weight;
};

static void walked_free(struct walked *w)
{
	free(w->sm);
	free(w->gsim);
	free(w->weight);
}
#define OQ_WALKED __attribute__((cleanup(walked_free)))

/* What the names of 'n' realizations take at most: for each branch a letter of
 * two bytes, or its own name; for each model its text, escaped. */
static uint64_t name_bytes(const struct oq_pathnames *p, uint64_t n)
{
	const struct oq_logictree *t = &p->tree;
	uint64_t sum = 2 * n * (t->nsets + 1), most = MAX_NAMES;

	for (uint64_t i = 0; i < t->sm_path.n && sum < most; i++)
		sum += 2 * (strlen(t->sm_path.t[i]) + 1) *
		       (t->nsamples ? (uint64_t)t->sm_samples.i[i]
				    : n / t->sm_path.n);
	for (uint64_t i = 0; shows_models(p) && i < t->text.n && sum < most;
	     i++)
		sum += 4 * (strlen(t->text.t[i]) + 1) * (n / t->text.n + 1);
	return sum;
}

/* How many there are: as many as weights, and with names that fit. */
static int count(const struct oq_pathnames *p, uint64_t *n, struct oq_err *err)
{
	OQ_VALUES struct oq_values stored = { 0 };
	int e = oq_logictree_count(&p->tree, n, err);

	if (!e)
		e = oq_calculation_values(p->c, "weights", NULL, &stored, err);
	if (e < 0)
		return e;
	if (*n != stored.n)
		return oq_err_set(err, -EIO, "%llu paths but %llu weights",
				  (unsigned long long)*n,
				  (unsigned long long)stored.n);
	if (name_bytes(p, *n) > MAX_NAMES)
		return oq_err_set(err, -EFBIG,
				  "a logic tree of too long names");
	return 0;
}

static int walk(const struct oq_pathnames *p, struct walked *w,
		struct oq_err *err)
{
	int e = count(p, &w->n, err);

	if (e < 0)
		return e;
	w->sm = calloc(w->n + 1, sizeof(*w->sm));
	w->gsim = calloc(w->n * p->tree.nsets + 1, sizeof(*w->gsim));
	w->weight = calloc(w->n + 1, sizeof(*w->weight));
	if (!w->sm || !w->gsim || !w->weight)
		return oq_err_set(err, -ENOMEM, "no memory");
	e = oq_logictree_walk(&p->tree, w->n, w->sm, w->gsim, err);
	return e ? e : weigh(p, w->n, w->sm, w->gsim, w->weight, err);
}

/* ---- the sheet ---- */

static int add_columns(const struct oq_pathnames *p, struct oq_sheet *s,
		       struct walked *w, struct oq_err *err)
{
	const char **names = oq_sheet_alloc(s, w->n, sizeof(*names));
	int64_t *ids = oq_sheet_alloc(s, w->n, sizeof(*ids));
	size_t longest = 0;
	double *weight;
	int e;

	if (!names || !ids)
		return oq_err_set(err, -ENOMEM, "no memory");
	e = name_paths(p, s, w->n, w->sm, w->gsim, names, &longest, err);
	if (e < 0 || s->failed)
		return e ? e : -ENOMEM;
	if (shows_models(p))
		name_models(p, s, w->n, names, longest);
	for (uint64_t i = 0; i < w->n; i++)
		ids[i] = (int64_t)i;
	(void)oq_sheet_add_i64(s, "rlz_id", ids);
	(void)oq_sheet_add_texts(s, "branch_path", names);
	weight = oq_steal(&w->weight);
	oq_column_set_figure(oq_sheet_add_f64(s, "weight",
					      oq_sheet_keep(s, weight)),
			     OQ_FIGURE_SMALL7);
	return 0;
}

int oq_realizations_open(const struct oq_calculation *c,
			 const struct oq_exportfile *f, struct oq_sheet *s,
			 struct oq_err *err)
{
	OQ_PATHNAMES struct oq_pathnames p = { 0 };
	OQ_WALKED struct walked w = { 0 };
	int e = oq_pathnames_open(&p, c, err);

	if (!e)
		e = walk(&p, &w, err);
	if (!e) {
		s->export.nrows = w.n;
		if (!p.old)
			oq_sheet_set_comment(s, c, f, "md");
		e = add_columns(&p, s, &w, err);
	}
	return e;
}

int oq_realizations_check(const struct oq_calculation *c,
			  const struct oq_exportfile *f, struct oq_err *err)
{
	OQ_PATHNAMES struct oq_pathnames p = { 0 };
	OQ_WALKED struct walked w = { 0 };
	int e = oq_pathnames_open(&p, c, err);

	(void)f;
	/* The weights are only looked at where they may be in doubt. */
	if (!e)
		e = c->version < SCALED_SINCE ? walk(&p, &w, err)
					      : count(&p, &w.n, err);
	return e;
}
