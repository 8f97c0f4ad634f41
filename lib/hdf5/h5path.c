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
#include "lib/base/grow.h"
#include "lib/base/map.h"
#include "lib/hdf5/h5int.h"

#define MAX_OBJECTS    ((size_t)1000000)
/* A bound on objects alone does not do: each has a path, and names may be long
 * and trees deep. */
#define MAX_PATH_BYTES ((size_t)256 << 20)

struct oq_h5_paths {
	struct oq_map by_addr; /* owned strings */
};

struct step {
	uint64_t addr;
	char *path;
	bool is_group;
};

/* A stack of the objects that are still to be visited. */
struct todo {
	struct step *v;
	size_t n, room;
	size_t bytes;	   /* of all paths made so far */
	const char *group; /* the path of the group being listed */
	size_t group_len;
	const struct oq_h5_paths *known;
};

/* ---- the walk ---- */

void oq_h5_paths_free(struct oq_h5_paths *p)
{
	if (!p)
		return;
	oq_map_free(&p->by_addr, free);
	free(p);
}

static int push(struct todo *t, uint64_t addr, char *path, bool is_group)
{
	if (oq_grow(&t->v, &t->room, t->n, sizeof(*t->v)))
		return -ENOMEM;
	t->v[t->n++] = (struct step){ addr, path, is_group };
	return 0;
}

static int push_link(void *ctx, const struct oq_h5_link *l)
{
	struct todo *t = ctx;
	OQ_FREE char *path = NULL;
	int r;

	if (l->link != OQ_LINK_HARD || l->addr == OQ_NO_ADDR ||
	    oq_map_get(&t->known->by_addr, l->addr))
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

/* A group's links come in name order, but the one pushed last is visited
 * first. */
static void reverse(struct step *v, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		struct step s = v[i];

		v[i] = v[n - 1 - i];
		v[n - 1 - i] = s;
	}
}

/* Visit the next object.  -E2BIG and -ENOMEM end the walk; the paths found so
 * far are kept. */
static int visit(struct oq_h5 *h, struct oq_h5_paths *p, struct todo *t)
{
	struct step s = t->v[--t->n];
	size_t before = t->n;
	int r = 0;

	if (p->by_addr.n >= MAX_OBJECTS ||
	    oq_map_put(&p->by_addr, s.addr, s.path) <= 0) {
		free(s.path);
		return 0;
	}
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

	if (!p || !root || push(&t, h->root, root, true)) {
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
	return oq_map_get(&h->paths->by_addr, addr);
}
