/* SPDX-License-Identifier: MIT */
/* group.c - the datasets of a group as columns of one table */

#include "lib/convention/group.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/grow.h"

#define MAX_MEMBERS 100000

struct member {
	char *name; /* owned */
	uint64_t addr;
	unsigned rank;
	uint64_t rows, width;
	const char *why; /* it is no column; NULL: it may be */
};

struct members {
	struct oq_h5 *h5;
	struct member *v; /* owned */
	size_t n, room;
};

static void drop(struct members *m)
{
	for (size_t i = 0; i < m->n; i++)
		free(m->v[i].name);
	free(m->v);
}

/* ---- what there is ---- */

static void describe_dataset(struct oq_h5 *h5, struct member *m)
{
	struct oq_h5_dset *d = NULL;
	const struct oq_dataset *info;

	if (oq_h5_dset_open(h5, m->addr, &d, NULL) < 0) {
		m->why = "it cannot be read";
		return;
	}
	info = oq_h5_dset_info(d);
	m->rank = info->rank;
	m->rows = info->rank ? info->dims[0] : 0;
	m->width = oq_columns_width(info);
	if (info->refused)
		m->why = "it cannot be read";
	else if (!info->rank)
		m->why = "it has no rows";
	else if (!m->width)
		m->why = "its rows have nothing or too much";
	oq_h5_dset_close(d);
}

static void describe(struct oq_h5 *h5, const struct oq_h5_link *l,
		     struct member *m)
{
	m->addr = l->addr;
	if (l->link != OQ_LINK_HARD)
		m->why = "a link";
	else if (l->kind == OQ_KIND_GROUP)
		m->why = "a group";
	else if (l->kind == OQ_KIND_DATASET)
		describe_dataset(h5, m);
	else
		m->why = "it cannot be read";
}

static int note(void *ctx, const struct oq_h5_link *l)
{
	struct members *all = ctx;
	struct member m = { .name = NULL };

	if (all->n == MAX_MEMBERS)
		return -ENOENT;
	if (oq_grow(&all->v, &all->room, all->n, sizeof(m)))
		return -ENOMEM;
	m.name = strndup(l->name, l->name_len);
	if (!m.name)
		return -ENOMEM;
	describe(all->h5, l, &m);
	all->v[all->n++] = m;
	return 0;
}

/* ---- how many rows ---- */

static int rows_of(const struct members *all, const char *name, uint64_t *rows)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct member *m = &all->v[i];

		if (m->why || m->rank != 1 || strcmp(m->name, name) != 0)
			continue;
		*rows = m->rows;
		return 0;
	}
	return -ENOENT;
}

/* That all of one dimension have, or of more. */
static int common_rows(const struct members *all, bool of_one, uint64_t *rows)
{
	int r = -ENOENT;

	for (size_t i = 0; i < all->n; i++) {
		const struct member *m = &all->v[i];

		if (m->why || (m->rank == 1) != of_one)
			continue;
		if (r == 0 && m->rows != *rows)
			return -EEXIST;
		*rows = m->rows;
		r = 0;
	}
	return r;
}

static int count_rows(const struct members *all, const char *name,
		      uint64_t *rows)
{
	int r;

	if (name)
		return rows_of(all, name, rows);
	r = common_rows(all, true, rows);
	if (r == -ENOENT)
		r = common_rows(all, false, rows);
	return r ? -ENOENT : 0;
}

/* ---- columns ---- */

static int add(const struct members *all, const struct member *m, uint64_t rows,
	       struct oq_columns *c)
{
	const char *why = m->why;
	size_t part;
	int r;

	if (!why && m->rows != rows)
		why = "it has another length";
	if (why) {
		oq_columns_leave_out(c, m->name, why);
		return 0;
	}
	r = oq_columns_add_wide(c, all->h5, m->addr, &part);
	return r ? r : oq_columns_add(c, m->name, part, 0, NULL);
}

int oq_group_columns(struct oq_h5 *h5, uint64_t group, const char *rows,
		     struct oq_columns *c)
{
	struct members all = { .h5 = h5 };
	uint64_t n = 0;
	int r = oq_h5_list(h5, group, note, &all, NULL);

	if (r == 0)
		r = count_rows(&all, rows, &n);
	for (size_t i = 0; r == 0 && i < all.n; i++)
		r = add(&all, &all.v[i], n, c);
	drop(&all);
	return r;
}
