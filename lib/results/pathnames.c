/* SPDX-License-Identifier: MIT */
/* pathnames.c - names of paths through the logic tree, one letter per branch */

#include "lib/results/pathnames.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"

/* The letters of a set's branches: these, then U+00A1 to U+00FF without the
 * soft hyphen. */
static const char ascii[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`"
			    "abcdefghijklmnopqrstuvwxyz{|}!#$%&'()*+-/"
			    "0123456789:;<=>?@";
static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
#define NLETTERS 183

/* ---- texts in order ---- */

static int by_text(const void *a, const void *b, void *ctx)
{
	char *const *text = ctx;
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	int c = strcmp(text[x], text[y]);

	return c ? c : x < y ? -1 : x > y;
}

/* The indices of the texts, sorted by text; equal texts stay in order.  The
 * caller frees them.  NULL: no memory. */
static uint64_t *sort_texts(const struct oq_values *v)
{
	uint64_t *order = calloc(v->n + 1, sizeof(*order));

	for (uint64_t i = 0; order && i < v->n; i++)
		order[i] = i;
	if (order)
		qsort_r(order, v->n, sizeof(*order), by_text, v->t);
	return order;
}

static bool is_like_last(const struct oq_values *v, const uint64_t *order,
			 uint64_t i)
{
	return i && strcmp(v->t[order[i]], v->t[order[i - 1]]) == 0;
}

/* ---- letters ---- */

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

static void put_branch(const struct oq_pathnames *p, const char *name, size_t n,
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

/* The branch of the source model with this name; if there are two, the last. */
static uint64_t find_branch(const struct oq_pathnames *p, const char *name,
			    size_t n)
{
	const struct oq_values *names = &p->tree.sm_branch;
	uint64_t low = 0, high = names->n;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		const char *s = names->t[p->by_name[middle]];
		int c = strncmp(s, name, n);

		if (c < 0 || (!c && !s[n]))
			low = middle + 1;
		else
			high = middle;
	}
	if (low) {
		const char *s = names->t[p->by_name[low - 1]];

		if (strncmp(s, name, n) == 0 && !s[n])
			return p->by_name[low - 1];
	}
	return names->n;
}

static int put_source_path(const struct oq_pathnames *p, const char *path,
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
		uint64_t i = find_branch(p, path, n);
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

static int number_branches(struct oq_pathnames *p)
{
	const struct oq_logictree *t = &p->tree;
	OQ_FREE uint64_t *by_set = sort_texts(&t->sm_set);
	OQ_FREE uint64_t *by_name = sort_texts(&t->branch);

	if (!by_set || !by_name)
		return -ENOMEM;
	for (uint64_t i = 0; i < t->sm_set.n; i++)
		if (is_like_last(&t->sm_set, by_set, i))
			p->place[by_set[i]] = p->place[by_set[i - 1]] + 1;
	for (uint64_t s = 0; s < t->nsets; s++)
		for (uint64_t i = 0; i < t->set[s].n; i++) {
			uint64_t row = t->set[s].row[i];

			p->gplace[row] = p->old ? row : i;
		}
	/* If two models have one name, the last one gives the letter. */
	for (uint64_t i = t->branch.n; i-- > 1;)
		if (is_like_last(&t->branch, by_name, i))
			p->gplace[by_name[i - 1]] = p->gplace[by_name[i]];
	return 0;
}

static int check_letters(const struct oq_pathnames *p, struct oq_err *err)
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

int oq_pathnames_open(struct oq_pathnames *p, const struct oq_calculation *c,
		      struct oq_err *err)
{
	int e;

	p->c = c;
	p->old = c->version < OQ_VERSION_MIDDLE;
	e = oq_logictree_open(c, &p->tree, err);
	if (e < 0)
		return e;
	p->place = calloc(p->tree.sm_set.n + 1, sizeof(*p->place));
	p->gplace = calloc(p->tree.branch.n + 1, sizeof(*p->gplace));
	p->by_name = sort_texts(&p->tree.sm_branch);
	if (!p->place || !p->gplace || !p->by_name)
		return oq_err_set(err, -ENOMEM, "no memory");
	e = number_branches(p);
	return e ? e : check_letters(p, err);
}

void oq_pathnames_close(struct oq_pathnames *p)
{
	oq_logictree_close(&p->tree);
	free(p->place);
	free(p->gplace);
	free(p->by_name);
}

/* ---- the texts ---- */

int oq_pathnames_put(const struct oq_pathnames *p, uint64_t sm,
		     const uint64_t *gsim, struct oq_buf *out,
		     struct oq_err *err)
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
