/* SPDX-License-Identifier: MIT */
/* recent.c - keeps the rights to a path for a moment */

#include "fs/source/recent.h"

#include <stdlib.h>
#include <string.h>

void oqfs_recent_init(struct oqfs_recent *r)
{
	*r = (struct oqfs_recent){ .next = 0 };
	pthread_mutex_init(&r->lock, NULL);
}

void oqfs_recent_done(struct oqfs_recent *r)
{
	for (size_t i = 0; i < OQFS_RECENT_PATHS; i++)
		free(r->looks[i].path);
	pthread_mutex_destroy(&r->lock);
}

static struct oqfs_recent_look *find_locked(struct oqfs_recent *r,
					    const char *path)
{
	for (size_t i = 0; i < OQFS_RECENT_PATHS; i++)
		if (r->looks[i].path && strcmp(r->looks[i].path, path) == 0)
			return &r->looks[i];
	return NULL;
}

static void keep_locked(struct oqfs_recent *r, const char *path, int64_t now_ms,
			const struct oqfs_rights *may)
{
	struct oqfs_recent_look *l = find_locked(r, path);

	if (!l) {
		l = &r->looks[r->next++ % OQFS_RECENT_PATHS];
		free(l->path);
		l->path = strdup(path);
	}
	l->at_ms = now_ms;
	l->rights = *may;
}

int oqfs_recent_rights(struct oqfs_recent *r, const struct oqfs_roots *roots,
		       const char *path, int64_t now_ms,
		       struct oqfs_rights *may)
{
	const struct oqfs_recent_look *l;
	struct stat st;
	bool known;
	int rc;

	pthread_mutex_lock(&r->lock);
	l = find_locked(r, path);
	known = l && now_ms - l->at_ms <= OQFS_RECENT_MS;
	if (known)
		*may = l->rights;
	pthread_mutex_unlock(&r->lock);
	if (known)
		return 0;
	rc = oqfs_roots_look(roots, path, 0, &st, may);
	if (rc)
		return rc;
	pthread_mutex_lock(&r->lock);
	keep_locked(r, path, now_ms, may);
	pthread_mutex_unlock(&r->lock);
	return 0;
}
