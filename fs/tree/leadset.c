/* SPDX-License-Identifier: MIT */
/* leadset.c - remembers where the links of a datastore lead */

#include "fs/tree/leadset.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/map.h"
#include "lib/base/name.h"

#define MAX_KEPT 65536

struct kept {
	uint64_t group;
	struct oq_buf link; /* its name */
	struct oqfs_leadfile file;
	struct oqfs_lead lead;
};

/* L under 'lock' */
struct oqfs_leadset {
	pthread_mutex_t lock;
	struct oq_map kept; /* L: struct kept, by a hash of group and name */
};

void oqfs_lead_free(struct oqfs_lead *l)
{
	oq_buf_free(&l->groups);
	oq_buf_free(&l->name);
}

static void free_kept(void *value)
{
	struct kept *k = value;

	oqfs_lead_free(&k->lead);
	oq_buf_free(&k->link);
	free(k->file.path);
	free(k);
}

struct oqfs_leadset *oqfs_leadset_new(void)
{
	struct oqfs_leadset *s = calloc(1, sizeof(*s));

	if (s)
		pthread_mutex_init(&s->lock, NULL);
	return s;
}

void oqfs_leadset_free(struct oqfs_leadset *s)
{
	if (!s)
		return;
	oq_map_free(&s->kept, free_kept);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static uint64_t hash_of(const struct oqfs_leadkey *key)
{
	return oq_name_hash(key->name, key->name_len) ^
	       key->group * UINT64_C(0x9e3779b97f4a7c15);
}

static bool is_of(const struct kept *k, const struct oqfs_leadkey *key)
{
	return k->group == key->group && k->link.len == key->name_len &&
	       memcmp(k->link.data, key->name, key->name_len) == 0;
}

static void copy_buf(const struct oq_buf *from, struct oq_buf *to)
{
	*to = (struct oq_buf){ 0 };
	oq_buf_put(to, from->data, from->len);
}

static int copy(const struct oqfs_leadfile *file, const struct oqfs_lead *lead,
		struct oqfs_leadfile *file_out, struct oqfs_lead *lead_out)
{
	*file_out = *file;
	file_out->path = strdup(file->path);
	*lead_out = *lead;
	copy_buf(&lead->groups, &lead_out->groups);
	copy_buf(&lead->name, &lead_out->name);
	return !file_out->path || oq_buf_failed(&lead_out->groups) ||
			       oq_buf_failed(&lead_out->name)
		       ? -ENOMEM
		       : 0;
}

int oqfs_leadset_get(struct oqfs_leadset *s, const struct oqfs_leadkey *key,
		     struct oqfs_leadfile *file, struct oqfs_lead *out)
{
	const struct kept *k;
	int r = 0;

	if (!s)
		return 0;
	pthread_mutex_lock(&s->lock);
	k = oq_map_get(&s->kept, hash_of(key));
	if (k && is_of(k, key)) {
		r = copy(&k->file, &k->lead, file, out);
		r = r ? r : 1;
	}
	pthread_mutex_unlock(&s->lock);
	return r;
}

static struct kept *new_kept(const struct oqfs_leadkey *key,
			     const struct oqfs_leadfile *file,
			     const struct oqfs_lead *lead)
{
	struct kept *k = calloc(1, sizeof(*k));
	int r;

	if (!k)
		return NULL;
	k->group = key->group;
	oq_buf_put(&k->link, key->name, key->name_len);
	r = copy(file, lead, &k->file, &k->lead);
	if (!r && !oq_buf_failed(&k->link))
		return k;
	free_kept(k);
	return NULL;
}

void oqfs_leadset_put(struct oqfs_leadset *s, const struct oqfs_leadkey *key,
		      const struct oqfs_leadfile *file,
		      const struct oqfs_lead *lead)
{
	struct kept *k = s ? new_kept(key, file, lead) : NULL, *was;
	uint64_t hash = hash_of(key);
	int r = 0;

	if (!k)
		return;
	pthread_mutex_lock(&s->lock);
	was = oq_map_get(&s->kept, hash);
	if (was) {
		struct kept other = *was;

		*was = *k;
		*k = other;
	} else if (s->kept.n < MAX_KEPT) {
		r = oq_map_put(&s->kept, hash, k);
	}
	pthread_mutex_unlock(&s->lock);
	if (r <= 0)
		free_kept(k);
}
