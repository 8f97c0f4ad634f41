/* SPDX-License-Identifier: MIT */
/* share.c - what each reader may keep: its share of the cache */

#include "fs/readers/superint.h"

static void tell_share_locked(struct oqfs_store *st, size_t share)
{
	if (!st->proxy || st->leaving || st->share == share)
		return;
	st->share = share;
	oqfs_proxy_set_cache(st->proxy, share);
}

size_t oqfs_share_locked(const struct oqfs_super *s)
{
	return s->o.reader.cache_bytes / (s->running ? s->running : 1);
}

void oqfs_share_tell_all_locked(struct oqfs_super *s)
{
	for (struct oqfs_store *i = s->open; i; i = i->next)
		tell_share_locked(i, oqfs_share_locked(s));
}

void oqfs_share_tell(struct oqfs_store *st)
{
	struct oqfs_super *s = st->super;

	pthread_mutex_lock(&s->lock);
	tell_share_locked(st, oqfs_share_locked(s));
	pthread_mutex_unlock(&s->lock);
}

void oqfs_share_cut_locked(struct oqfs_super *s)
{
	size_t share = oqfs_share_locked(s);

	for (struct oqfs_store *i = s->open; i; i = i->next)
		if (i->share > share)
			tell_share_locked(i, share);
}
