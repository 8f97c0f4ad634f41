/* SPDX-License-Identifier: MIT */
/* identity.c - what tells two generations of a datastore apart */

#include "identity.h"

#include <time.h>

/* Longer than one write(2) of a gigabyte takes on a slow disk. */
#define YOUNG_NS (10 * INT64_C(1000000000))

static int64_t ns_of(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct oqfs_identity oqfs_identity_of(const struct stat *st)
{
	return (struct oqfs_identity){
		.dev = st->st_dev,
		.ino = st->st_ino,
		.size = (uint64_t)st->st_size,
		.mtime_ns = ns_of(st->st_mtim),
		.ctime_ns = ns_of(st->st_ctim),
	};
}

bool oqfs_identity_same(const struct oqfs_identity *a,
			const struct oqfs_identity *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
	       a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns;
}

bool oqfs_identity_holds(const struct oqfs_identity *id, bool live,
			 const struct stat *now)
{
	const struct oqfs_identity is = oqfs_identity_of(now);

	if (now->st_nlink == 0)
		return false;
	if (!live)
		return oqfs_identity_same(id, &is);
	return is.dev == id->dev && is.ino == id->ino && is.size >= id->size;
}

/* A time to come is of a clock that is not ours: young until it passes. */
bool oqfs_identity_is_young(const struct stat *st)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return ns_of(now) - ns_of(st->st_ctim) < YOUNG_NS;
}
