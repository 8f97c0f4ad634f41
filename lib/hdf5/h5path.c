/* SPDX-License-Identifier: MIT */
/* h5path.c - from an object's address to a path that leads to it
 *
 * HDF5 knows objects by address only; a reference shown as text needs a name.
 * One depth-first walk over the hard links, made when first needed, finds
 * for each object the path that comes first by name.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/hdf5/h5int.h"

#define MAX_OBJECTS    ((size_t)1000000)
/* Long names in deep trees: their product must be bounded as well. */
#define MAX_PATH_BYTES ((size_t)256 << 20)

struct spot {
	uint64_t addr;
	char *path; /* NULL: free */
};

struct oq_h5_paths {
	struct spot *table; /* open addressing; 'size' is a power of two */
	size_t n, size;
};

struct step {
	uint64_t addr;
	char *path;
	bool is_group;
};

/* What is still to be visited, the next one last. */
struct todo {
	struct step *v;
	size_t n, room;
	size_t bytes;	   /* of all paths made so far */
	const char *group; /* the path of the group being listed */
	size_t group_len;
	const struct oq_h5_paths *known;
};

/* ---- the table ---- */

static size_t spot_of(const struct oq_h5_paths *p, uint64_t addr)
{
	size_t i = (size_t)((addr * 0x9e3779b97f4a7c15u) >> 32);

	for (i &= p->size - 1; p->table[i].path; i = (i + 1) & (p->size - 1))
		if (p->table[i].addr == addr)
			break;
	return i;
}

static bool make_room(struct oq_h5_paths *p)
{
	struct oq_h5_paths more = { .n = p->n };

	if (p->size && p->n < p->size / 2)
		return true;
	more.size = p->size ? 2 * p->size : 256;
	more.table = calloc(more.size, sizeof(*more.table));
	if (!more.table)
		return false;
	for (size_t i = 0; i < p->size; i++)
		if (p->table[i].path)
			more.table[spot_of(&more, p->table[i].addr)] =
				p->table[i];
	free(p->table);
	*p = more;
	return true;
}

static bool is_known(const struct oq_h5_paths *p, uint64_t addr)
{
	return p->table[spot_of(p, addr)].path;
}

void oq_h5_paths_free(struct oq_h5_paths *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->size; i++)
		free(p->table[i].path);
	free(p->table);
	free(p);
}

/* ---- the walk ---- */

static int push(struct todo *t, uint64_t addr, char *path, bool is_group)
{
	if (t->n == t->room) {
		size_t room = t->room ? 2 * t->room : 64;
		struct step *v = reallocarray(t->v, room, sizeof(*v));

		if (!v)
			return -ENOMEM;
		t->v = v;
		t->room = room;
	}
	t->v[t->n++] = (struct step){ addr, path, is_group };
	return 0;
}

static int push_link(void *ctx, const struct oq_h5_link *l)
{
	struct todo *t = ctx;
	OQ_FREE char *path = NULL;
	int r;

	if (l->link != OQ_LINK_HARD || l->addr == OQ_NO_ADDR ||
	    is_known(t->known, l->addr))
		return 0;
	t->bytes += t->group_len + l->name_len + 2;
	if (t->bytes > MAX_PATH_BYTES || t->n >= MAX_OBJECTS)
		return -E2BIG;
	path = malloc(t->group_len + l->name_len + 2);
	if (!path)
		return -ENOMEM;
	memcpy(path, t->group, t->group_len);
	path[t->group_len] = '/';
	memcpy(path + t->group_len + 1, l->name, l->name_len + 1);
	r = push(t, l->addr, path, l->kind == OQ_KIND_GROUP);
	if (!r)
		(void)oq_steal(&path);
	return r;
}

/* Lists come in name order, and the last pushed is visited first. */
static void reverse(struct step *v, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct step s = v[i];

		v[i] = v[n - 1 - i];
		v[n - 1 - i] = s;
	}
}

/* Visit the next one; -E2BIG or -ENOMEM end the walk, what was found stays. */
static int visit(struct oq_h5 *h, struct oq_h5_paths *p, struct todo *t)
{
	struct step s = t->v[--t->n];
	size_t before = t->n, at;
	int r = 0;

	if (is_known(p, s.addr) || p->n >= MAX_OBJECTS || !make_room(p)) {
		free(s.path);
		return 0;
	}
	at = spot_of(p, s.addr);
	p->table[at] = (struct spot){ s.addr, s.path };
	p->n++;
	if (s.is_group) {
		t->group = s.path;
		t->group_len = strlen(s.path);
		if (s.addr == h->root)
			t->group_len = 0; /* "/" + "a" is "/a" */
		r = oq_h5_links(h, s.addr, false, push_link, t, NULL);
		reverse(t->v + before, t->n - before);
	}
	return r == -E2BIG || r == -ENOMEM ? r : 0;
}

static struct oq_h5_paths *walk(struct oq_h5 *h)
{
	struct oq_h5_paths *p = calloc(1, sizeof(*p));
	struct todo t = { .known = p };
	char *root = strdup("/");

	if (!p || !root || !make_room(p) || push(&t, h->root, root, true)) {
		free(root);
		free(t.v);
		oq_h5_paths_free(p);
		return NULL;
	}
	while (t.n && !visit(h, p, &t))
		;
	while (t.n)
		free(t.v[--t.n].path);
	free(t.v);
	return p;
}

const char *oq_h5_path(struct oq_h5 *h, uint64_t addr)
{
	if (!h->paths)
		h->paths = walk(h);
	if (!h->paths)
		return NULL;
	return h->paths->table[spot_of(h->paths, addr)].path;
}
