/* SPDX-License-Identifier: MIT */
/* node.c - the inode table: what the kernel's numbers stand for */

#include "fs/tree/node.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* I set before sharing, never changed; L under 'lock' */
struct oqfs_nodes {
	pthread_mutex_t lock;
	bool keep;			 /* I */
	uint64_t last_id;		 /* L */
	size_t count, nbuckets;		 /* L */
	struct oqfs_node **ids, **names; /* L: nbuckets of each */
};

static uint64_t mix(uint64_t h, uint64_t v)
{
	h ^= v;
	h *= 0x9e3779b97f4a7c15;
	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93;
	return h ^ h >> 29;
}

uint64_t oqfs_node_salt(const struct oqfs_identity *id)
{
	uint64_t h = mix(mix(0, id->dev), id->ino);

	h = mix(mix(h, id->size), (uint64_t)id->mtime_ns);
	return mix(h, (uint64_t)id->ctime_ns);
}

uint64_t oqfs_node_ino(const struct oqfs_node *parent, const char *name,
		       const struct oqfs_spec *is)
{
	uint64_t h = mix(parent->ino, oq_name_hash(name, strlen(name)));

	h = mix(mix(h, is->dev), is->ino);
	/* The root's own number does not tell its generations apart. */
	if (is->gen && parent->is.kind == OQFS_NODE_STORE && !parent->parent)
		h = mix(h, oqfs_node_salt(oqfs_store_identity(is->gen->store)));
	/* Nor do the exports' own, and a group's, of parents and others. */
	if (is->gen && (parent->is.object == OQ_WIRE_EXPORT || is->gen->others))
		h = mix(h, is->gen->salt);
	return h > OQFS_ROOT_ID ? h : h + 2;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_gen(const struct oqfs_spec *a, const struct oqfs_spec *b)
{
	if (a->gen == b->gen)
		return true;
	return a->kind == OQFS_NODE_STORE && a->gen && b->gen &&
	       !oqfs_store_is_retired(a->gen->store) &&
	       a->gen->is_young == b->gen->is_young &&
	       oqfs_identity_same(oqfs_store_identity(a->gen->store),
				  oqfs_store_identity(b->gen->store));
}

static bool same_spec(const struct oqfs_spec *a, const struct oqfs_spec *b)
{
	return a->kind == b->kind && a->object == b->object &&
	       a->view == b->view && a->part == b->part && a->dev == b->dev &&
	       a->ino == b->ino && same_gen(a, b) &&
	       same_text(a->slice, b->slice) && same_text(a->text, b->text);
}

/* ---- the table ------------------------------------------------------------*/

static struct oqfs_node **id_bucket(struct oqfs_nodes *t, uint64_t id)
{
	return &t->ids[mix(0, id) % t->nbuckets];
}

static struct oqfs_node **name_bucket(struct oqfs_nodes *t, uint64_t parent,
				      const char *name)
{
	return &t->names[mix(parent, oq_name_hash(name, strlen(name))) %
			 t->nbuckets];
}

static int resize(struct oqfs_nodes *t, size_t nbuckets)
{
	struct oqfs_nodes old = *t;

	t->ids = calloc(nbuckets, sizeof(struct oqfs_node *));
	t->names = calloc(nbuckets, sizeof(struct oqfs_node *));
	if (!t->ids || !t->names) {
		free(t->ids);
		free(t->names);
		t->ids = old.ids;
		t->names = old.names;
		return -ENOMEM;
	}
	t->nbuckets = nbuckets;
	for (size_t i = 0; i < old.nbuckets; i++) {
		struct oqfs_node *n, **to;

		while ((n = old.ids[i])) {
			old.ids[i] = n->next_id;
			to = id_bucket(t, n->id);
			n->next_id = *to;
			*to = n;
		}
		while ((n = old.names[i])) {
			old.names[i] = n->next_name;
			to = name_bucket(t, n->parent ? n->parent->id : 0,
					 n->name);
			n->next_name = *to;
			*to = n;
		}
	}
	free(old.ids);
	free(old.names);
	return 0;
}

struct oqfs_nodes *oqfs_nodes_new(bool keep)
{
	struct oqfs_nodes *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	pthread_mutex_init(&t->lock, NULL);
	t->keep = keep;
	if (resize(t, 1024)) {
		oqfs_nodes_free(t);
		return NULL;
	}
	return t;
}

static void free_node(struct oqfs_node *n)
{
	oqfs_generation_put(n->is.gen);
	free(n);
}

void oqfs_nodes_free(struct oqfs_nodes *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->nbuckets; i++) {
		struct oqfs_node *n = t->ids[i], *next;

		for (; n; n = next) {
			next = n->next_id;
			free_node(n);
		}
	}
	free(t->ids);
	free(t->names);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

static void insert_locked(struct oqfs_nodes *t, struct oqfs_node *n)
{
	struct oqfs_node **b;

	/* Without memory for it the chains get longer, that is all. */
	if (t->count >= t->nbuckets)
		(void)resize(t, t->nbuckets * 2);
	n->id = ++t->last_id;
	b = id_bucket(t, n->id);
	n->next_id = *b;
	*b = n;
	b = name_bucket(t, n->parent ? n->parent->id : 0, n->name);
	n->next_name = *b;
	*b = n;
	if (n->parent)
		n->parent->nholds++;
	t->count++;
}

static void hide_locked(struct oqfs_nodes *t, struct oqfs_node *n)
{
	struct oqfs_node **p =
		name_bucket(t, n->parent ? n->parent->id : 0, n->name);

	if (n->is_hidden)
		return;
	while (*p != n)
		p = &(*p)->next_name;
	*p = n->next_name;
	n->is_hidden = true;
}

/* May somebody come back with a handle of it? */
static bool is_kept_locked(const struct oqfs_nodes *t,
			   const struct oqfs_node *n)
{
	return t->keep && n->was_told && !n->is_hidden &&
	       !(n->is.gen && oqfs_store_is_retired(n->is.gen->store));
}

/* Take out what nobody needs any more: the node, and then perhaps the ones
 * above it.  Returns them chained by 'next_id' before 'dead', for the caller to
 * free once the lock is gone: putting a generation may end a reader. */
static struct oqfs_node *prune_locked(struct oqfs_nodes *t, struct oqfs_node *n,
				      struct oqfs_node *dead)
{
	while (n && n->id != OQFS_ROOT_ID && !n->nlookups && !n->nholds &&
	       !is_kept_locked(t, n)) {
		struct oqfs_node *parent = n->parent;
		struct oqfs_node **p = id_bucket(t, n->id);

		hide_locked(t, n);
		while (*p != n)
			p = &(*p)->next_id;
		*p = n->next_id;
		n->next_id = dead;
		dead = n;
		t->count--;
		if (parent)
			parent->nholds--;
		n = parent;
	}
	return dead;
}

/* Kept nodes are not told when they stand for nothing any more, so all are
 * looked at before the table grows. */
static struct oqfs_node *sweep_locked(struct oqfs_nodes *t)
{
	struct oqfs_node *dead = NULL, *n, *next;

	if (!t->keep || t->count < t->nbuckets)
		return NULL;
	for (size_t i = 0; i < t->nbuckets; i++) {
		for (n = t->ids[i]; n; n = next) {
			struct oqfs_node *before = dead;

			next = n->next_id;
			dead = prune_locked(t, n, dead);
			/* Those above it may have been in this chain. */
			if (dead != before)
				next = t->ids[i];
		}
	}
	return dead;
}

static void free_chain(struct oqfs_node *n)
{
	while (n) {
		struct oqfs_node *next = n->next_id;

		free_node(n);
		n = next;
	}
}

/* ---- making ---------------------------------------------------------------*/

static char *copy_in(char **to, const char *from, size_t n)
{
	char *at = *to;

	memcpy(at, from, n);
	at[n] = '\0';
	*to += n + 1;
	return at;
}

/* The node and its strings are one allocation.  A link's name that begins the
 * file name, as most do, is not stored twice. */
static struct oqfs_node *new_node(struct oqfs_node *parent, const char *name,
				  const struct oqfs_spec *is)
{
	size_t name_len = strlen(name);
	size_t slice_len = is->slice ? strlen(is->slice) : 0;
	size_t text_len = is->text ? strlen(is->text) : 0;
	bool shared = is->link_len <= name_len &&
		      memcmp(name, is->link ? is->link : "", is->link_len) == 0;
	struct oqfs_node *n;
	char *to;

	n = calloc(1, sizeof(*n) + name_len + is->link_len + slice_len +
			      text_len + 4);
	if (!n)
		return NULL;
	to = (char *)(n + 1);
	n->is = *is;
	n->name = copy_in(&to, name, name_len);
	if (is->link)
		n->is.link =
			shared ? n->name : copy_in(&to, is->link, is->link_len);
	if (is->slice)
		n->is.slice = copy_in(&to, is->slice, slice_len);
	if (is->text)
		n->is.text = copy_in(&to, is->text, text_len);
	n->parent = parent;
	n->ino = parent ? oqfs_node_ino(parent, name, is) : OQFS_ROOT_ID;
	oqfs_generation_get(n->is.gen);
	return n;
}

int oqfs_nodes_set_root(struct oqfs_nodes *t, const struct oqfs_spec *is)
{
	struct oqfs_node *n = new_node(NULL, "", is);

	if (!n)
		return -ENOMEM;
	pthread_mutex_lock(&t->lock);
	insert_locked(t, n);
	pthread_mutex_unlock(&t->lock);
	return 0;
}

void oqfs_nodes_turn_root(struct oqfs_nodes *t, struct oqfs_generation *gen)
{
	struct oqfs_node *root = oqfs_nodes_find(t, OQFS_ROOT_ID);
	struct oqfs_generation *old;

	pthread_mutex_lock(&t->lock);
	old = root->is.gen;
	root->is.gen = oqfs_generation_get(gen);
	pthread_mutex_unlock(&t->lock);
	oqfs_generation_put(old);
	oqfs_nodes_put(t, root);
}

static struct oqfs_node *child_locked(struct oqfs_nodes *t,
				      const struct oqfs_node *parent,
				      const char *name)
{
	struct oqfs_node *n = *name_bucket(t, parent->id, name);

	while (n && (n->parent != parent || strcmp(n->name, name) != 0))
		n = n->next_name;
	return n;
}

int oqfs_nodes_get(struct oqfs_nodes *t, struct oqfs_node *parent,
		   const char *name, const struct oqfs_spec *is,
		   struct oqfs_node **out)
{
	struct oqfs_node *fresh = NULL, *dead = NULL, *n;

	for (;;) {
		pthread_mutex_lock(&t->lock);
		n = child_locked(t, parent, name);
		if (n && !same_spec(&n->is, is)) {
			/* Its name is another's now. */
			if (fresh)
				hide_locked(t, n);
			n = NULL;
		}
		if (!n && fresh) {
			dead = sweep_locked(t);
			insert_locked(t, fresh);
			n = fresh;
			fresh = NULL;
		}
		if (n)
			n->nholds++;
		pthread_mutex_unlock(&t->lock);
		if (n)
			break;
		fresh = new_node(parent, name, is);
		if (!fresh)
			return -ENOMEM;
	}
	if (fresh)
		free_node(fresh);
	free_chain(dead);
	*out = n;
	return 0;
}

/* ---- finding and holding --------------------------------------------------*/

static struct oqfs_node *find_locked(struct oqfs_nodes *t, uint64_t id)
{
	struct oqfs_node *n = *id_bucket(t, id);

	while (n && n->id != id)
		n = n->next_id;
	return n;
}

struct oqfs_node *oqfs_nodes_find(struct oqfs_nodes *t, uint64_t id)
{
	struct oqfs_node *n;

	pthread_mutex_lock(&t->lock);
	n = find_locked(t, id);
	if (n)
		n->nholds++;
	pthread_mutex_unlock(&t->lock);
	return n;
}

struct oqfs_node *oqfs_nodes_child(struct oqfs_nodes *t,
				   struct oqfs_node *parent, const char *name)
{
	struct oqfs_node *n;

	pthread_mutex_lock(&t->lock);
	n = child_locked(t, parent, name);
	if (n)
		n->nholds++;
	pthread_mutex_unlock(&t->lock);
	return n;
}

void oqfs_nodes_hold(struct oqfs_nodes *t, struct oqfs_node *n)
{
	pthread_mutex_lock(&t->lock);
	n->nholds++;
	pthread_mutex_unlock(&t->lock);
}

void oqfs_nodes_put(struct oqfs_nodes *t, struct oqfs_node *n)
{
	struct oqfs_node *dead;

	if (!n)
		return;
	pthread_mutex_lock(&t->lock);
	n->nholds--;
	dead = prune_locked(t, n, NULL);
	pthread_mutex_unlock(&t->lock);
	free_chain(dead);
}

void oqfs_nodes_remember(struct oqfs_nodes *t, struct oqfs_node *n)
{
	pthread_mutex_lock(&t->lock);
	n->nlookups++;
	n->was_told = true;
	pthread_mutex_unlock(&t->lock);
}

void oqfs_nodes_forget(struct oqfs_nodes *t, uint64_t id, uint64_t nlookups)
{
	struct oqfs_node *n, *dead = NULL;

	pthread_mutex_lock(&t->lock);
	n = find_locked(t, id);
	if (n) {
		n->nlookups -= nlookups < n->nlookups ? nlookups : n->nlookups;
		dead = prune_locked(t, n, NULL);
	}
	pthread_mutex_unlock(&t->lock);
	free_chain(dead);
}

struct oqfs_generation *oqfs_node_gen(struct oqfs_nodes *t,
				      const struct oqfs_node *n)
{
	struct oqfs_generation *g;

	pthread_mutex_lock(&t->lock);
	g = oqfs_generation_get(n->is.gen);
	pthread_mutex_unlock(&t->lock);
	return g;
}

bool oqfs_node_extent(struct oqfs_nodes *t, const struct oqfs_node *n,
		      struct oqfs_extent *e)
{
	bool known;

	pthread_mutex_lock(&t->lock);
	known = n->is_measured;
	*e = n->extent;
	pthread_mutex_unlock(&t->lock);
	return known;
}

void oqfs_node_set_extent(struct oqfs_nodes *t, struct oqfs_node *n,
			  const struct oqfs_extent *e)
{
	pthread_mutex_lock(&t->lock);
	n->extent = *e;
	n->is_measured = true;
	pthread_mutex_unlock(&t->lock);
}

uint64_t oqfs_nodes_count(struct oqfs_nodes *t)
{
	uint64_t n;

	pthread_mutex_lock(&t->lock);
	n = t->count;
	pthread_mutex_unlock(&t->lock);
	return n;
}
