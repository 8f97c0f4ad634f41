/* SPDX-License-Identifier: MIT */
/* realizations.c - the paths through the logic tree, as the engine names them
 */

#include "lib/results/realizations.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/engine/logictree.h"

/* Until 3.13 what is longer is cut. */
#define OLD_TEXT     100
/* Since when, at the latest, a sum that is only nearly 1 is made it. */
#define SCALED_SINCE OQ_VERSION(3, 25)
#define NEAR_ONE     1e-7

/* A letter for each of the branches of a set: these, and from U+00A1 to U+00FF
 * without the soft hyphen. */
static const char ascii[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`"
			    "abcdefghijklmnopqrstuvwxyz{|}!#$%&'()*+-/"
			    "0123456789:;<=>?@";
static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
#define NLETTERS 183

struct paths {
	const struct oq_calculation *c;
	struct oq_logictree tree;
	bool old;
	uint64_t *place;  /* of each branch of the source model, in its set */
	uint64_t *gplace; /* of each ground motion model, in its type */
};

static void put_letter(uint64_t i, struct oq_buf *out)
{
	unsigned c;

	if (i < sizeof(ascii) - 1) {
		oq_buf_putc(out, ascii[i]);
		return;
	}
	c = 0xa1 + (unsigned)(i - (sizeof(ascii) - 1));
	c += c >= 0xad;
	oq_buf_putc(out, (char)(0xc0 | c >> 6));
	oq_buf_putc(out, (char)(0x80 | (c & 0x3f)));
}

static void put_branch(const struct paths *p, const char *name, size_t n,
		       uint64_t place, struct oq_buf *out)
{
	if (p->old && place < sizeof(digits) - 1)
		oq_buf_putc(out, digits[place]);
	else if (p->old)
		oq_buf_put(out, name, n);
	else if (n && name[0] == '.')
		oq_buf_putc(out, '.');
	else
		put_letter(place, out);
}

/* The branch of the source model with this name; of two the last. */
static uint64_t find_branch(const struct oq_values *names, const char *name,
			    size_t n)
{
	for (uint64_t i = names->n; i-- > 0;)
		if (strlen(names->t[i]) == n &&
		    memcmp(names->t[i], name, n) == 0)
			return i;
	return names->n;
}

static int put_source_path(const struct paths *p, const char *path,
			   struct oq_buf *out, struct oq_err *err)
{
	const struct oq_values *names = &p->tree.sm_branch;

	/* A tree of one branch is that branch, however long the path. */
	if (!p->old && names->n == 1) {
		oq_buf_putc(out, 'A');
		return 0;
	}
	for (;;) {
		size_t n = strcspn(path, "~");
		uint64_t i = find_branch(names, path, n);
		bool filler = n && path[0] == '.';

		if (i == names->n && !filler && !p->old)
			return oq_err_set(err, -EIO,
					  "no branch '%.*s' of the source "
					  "model",
					  (int)n, path);
		put_branch(p, path, n, i < names->n ? p->place[i] : UINT64_MAX,
			   out);
		if (!path[n])
			return 0;
		path += n + 1;
	}
}

/* ---- where branches are in their sets ---- */

static void number_branches(struct paths *p)
{
	const struct oq_logictree *t = &p->tree;

	for (uint64_t i = 0; i < t->sm_set.n; i++)
		for (uint64_t j = 0; j < i; j++)
			p->place[i] +=
				strcmp(t->sm_set.t[i], t->sm_set.t[j]) == 0;
	for (uint64_t s = 0; s < t->nsets; s++)
		for (uint64_t i = 0; i < t->set[s].n; i++) {
			uint64_t row = t->set[s].row[i];

			p->gplace[row] = p->old ? row : i;
		}
	/* Of two models of one name the last gives the letter. */
	for (uint64_t i = 0; i < t->branch.n; i++) {
		uint64_t last = find_branch(&t->branch, t->branch.t[i],
					    strlen(t->branch.t[i]));

		p->gplace[i] = p->gplace[last];
	}
}

static int check_letters(const struct paths *p, struct oq_err *err)
{
	bool many = false;

	for (uint64_t i = 0; i < p->tree.sm_set.n; i++)
		many |= p->place[i] >= NLETTERS;
	for (uint64_t i = 0; i < p->tree.branch.n; i++)
		many |= p->gplace[i] >= NLETTERS;
	if (many && !p->old)
		return oq_err_set(err, -EIO,
				  "a set of more branches than "
				  "there are letters");
	return 0;
}

static int open_paths(struct paths *p, struct oq_err *err)
{
	int e = oq_logictree_open(p->c, &p->tree, err);

	if (e < 0)
		return e;
	if (p->tree.sm_set.n > 65536 || p->tree.branch.n > 65536)
		return oq_err_set(err, -EFBIG,
				  "a logic tree of too many "
				  "branches");
	p->place = calloc(p->tree.sm_set.n + 1, sizeof(*p->place));
	p->gplace = calloc(p->tree.branch.n + 1, sizeof(*p->gplace));
	if (!p->place || !p->gplace)
		return oq_err_set(err, -ENOMEM, "no memory");
	number_branches(p);
	return check_letters(p, err);
}

static void close_paths(struct paths *p)
{
	oq_logictree_close(&p->tree);
	free(p->place);
	free(p->gplace);
}

/* ---- the texts ---- */

static int put_path(const struct paths *p, uint64_t sm, const uint64_t *gsim,
		    struct oq_buf *out, struct oq_err *err)
{
	const struct oq_logictree *t = &p->tree;
	int e = put_source_path(p, t->sm_path.t[sm], out, err);

	oq_buf_putc(out, '~');
	for (uint64_t s = 0; s < t->nsets; s++) {
		const char *name = t->branch.t[gsim[s]];

		if (!p->old && t->branch.n == 1)
			oq_buf_putc(out, 'A');
		else
			put_branch(p, name, strlen(name), p->gplace[gsim[s]],
				   out);
	}
	return e;
}

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

static bool shows_models(const struct paths *p)
{
	return oq_calculation_mode_has(p->c, "scenario") &&
	       (p->tree.ntrts == 1 || p->old);
}

static int name_paths(const struct paths *p, struct oq_sheet *s, uint64_t n,
		      const uint64_t *sm, const uint64_t *gsim,
		      const char **names, size_t *longest, struct oq_err *err)
{
	int e = 0;

	for (uint64_t i = 0; !e && i < n; i++) {
		struct oq_buf b = { 0 };

		e = put_path(p, sm[i], gsim + i * p->tree.nsets, &b, err);
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

static void name_models(const struct paths *p, struct oq_sheet *s, uint64_t n,
			const char **names, size_t longest)
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
static int weigh(const struct paths *p, uint64_t n, const uint64_t *sm,
		 const uint64_t *gsim, double *out, struct oq_err *err)
{
	double sum = 0;
	bool scaled, doubtful;

	oq_logictree_weigh(&p->tree, n, sm, gsim, out);
	for (uint64_t i = 0; i < n; i++)
		sum += out[i];
	doubtful = p->c->version < SCALED_SINCE && fabs(sum - 1) < NEAR_ONE;
	scaled = sum != 1 && !doubtful;
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

/* ---- the sheet ---- */

/* What the rows are made of; the sheet's. */
struct walked {
	uint64_t n, *sm, *gsim;
	double *weight;
};

static int walk(const struct paths *p, struct oq_sheet *s, struct walked *w,
		struct oq_err *err)
{
	OQ_VALUES struct oq_values stored = { 0 };
	int e = oq_logictree_count(&p->tree, &w->n, err);

	if (!e)
		e = oq_calculation_values(p->c, "weights", NULL, &stored, err);
	if (!e && w->n != stored.n)
		e = oq_err_set(err, -EIO, "%llu paths but %llu weights",
			       (unsigned long long)w->n,
			       (unsigned long long)stored.n);
	if (e < 0)
		return e;
	w->sm = oq_sheet_alloc(s, w->n, sizeof(*w->sm));
	w->gsim = oq_sheet_alloc(s, w->n * p->tree.nsets, sizeof(*w->gsim));
	w->weight = oq_sheet_alloc(s, w->n, sizeof(*w->weight));
	if (!w->sm || !w->gsim || !w->weight)
		return oq_err_set(err, -ENOMEM, "no memory");
	e = oq_logictree_walk(&p->tree, w->n, w->sm, w->gsim, err);
	return e ? e : weigh(p, w->n, w->sm, w->gsim, w->weight, err);
}

static int add_columns(const struct paths *p, struct oq_sheet *s,
		       const struct walked *w, struct oq_err *err)
{
	const char **names = oq_sheet_alloc(s, w->n, sizeof(*names));
	int64_t *ids = oq_sheet_alloc(s, w->n, sizeof(*ids));
	size_t longest = 0;
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
	oq_column_set_figure(oq_sheet_add_f64(s, "weight", w->weight),
			     OQ_FIGURE_SMALL7);
	return 0;
}

int oq_realizations_open(const struct oq_calculation *c,
			 const struct oq_exportfile *f, struct oq_sheet *s,
			 struct oq_err *err)
{
	struct paths p = { .c = c, .old = c->version < OQ_VERSION_MIDDLE };
	struct walked w = { 0 };
	int e = open_paths(&p, err);

	if (!e)
		e = walk(&p, s, &w, err);
	if (!e) {
		s->export.nrows = w.n;
		if (!p.old)
			oq_sheet_set_comment(s, c, f, "md");
		e = add_columns(&p, s, &w, err);
	}
	close_paths(&p);
	return e;
}

int oq_realizations_check(const struct oq_calculation *c,
			  const struct oq_exportfile *f, struct oq_err *err)
{
	struct paths p = { .c = c };
	struct oq_sheet *s = oq_sheet_new(c->own, 0);
	struct walked w = { 0 };
	int e = s ? open_paths(&p, err) : -ENOMEM;

	(void)f;
	if (!e)
		e = walk(&p, s, &w, err);
	close_paths(&p);
	oq_sheet_close(s);
	return e;
}
