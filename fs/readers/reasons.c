/* SPDX-License-Identifier: MIT */
/* reasons.c - why objects of a datastore could not be read, the last of each */

#include "fs/readers/reasons.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A datastore that is damaged all over has more, but who asks does so soon. */
#define MOST 256

struct oqfs_reason {
	struct oqfs_attempt of;
	struct oq_err why;
};

void oqfs_reasons_init(struct oqfs_reasons *r)
{
	pthread_mutex_init(&r->lock, NULL);
	atomic_init(&r->n, 0);
	r->reasons = NULL;
}

void oqfs_reasons_done(struct oqfs_reasons *r)
{
	pthread_mutex_destroy(&r->lock);
	free(r->reasons);
}

static bool is_telling(int status)
{
	return status != -EINTR && status != -ESTALE && status != -ENOENT &&
	       status != -ENODATA && status != -EACCES && status != -EINVAL;
}

/* ---- with the lock held --------------------------------------------------*/

static void remove_locked(struct oqfs_reasons *r, size_t i)
{
	size_t n = atomic_load(&r->n) - 1;

	memmove(&r->reasons[i], &r->reasons[i + 1],
		(n - i) * sizeof(*r->reasons));
	atomic_store(&r->n, n);
}

static size_t find_locked(struct oqfs_reasons *r, const struct oqfs_attempt *a)
{
	size_t n = atomic_load(&r->n), i;

	for (i = 0; i < n; i++) {
		const struct oqfs_attempt *of = &r->reasons[i].of;

		if (of->object == a->object && of->what == a->what &&
		    !of->len == !a->len)
			break;
	}
	return i;
}

/* What is left of bytes that failed once some of them came; a reader that died
 * may have been unlucky. */
static bool is_left(struct oqfs_attempt *of, const struct oqfs_attempt *came)
{
	uint64_t end = of->off + of->len, upto = came->off + came->len;

	if (came->off <= of->off && upto > of->off)
		of->off = upto < end ? upto : end;
	else if (came->off < end && upto >= end)
		end = came->off;
	of->len = end - of->off;
	return of->len > 0;
}

static void clear_locked(struct oqfs_reasons *r, const struct oqfs_attempt *a)
{
	size_t i = find_locked(r, a);

	if (i < atomic_load(&r->n) &&
	    (!a->len || !is_left(&r->reasons[i].of, a)))
		remove_locked(r, i);
}

static void keep_locked(struct oqfs_reasons *r, const struct oqfs_attempt *a,
			int status, const struct oq_err *why)
{
	size_t i = find_locked(r, a);
	struct oqfs_reason *last;

	if (!r->reasons)
		r->reasons = calloc(MOST, sizeof(*r->reasons));
	if (!r->reasons)
		return;
	if (i < atomic_load(&r->n))
		remove_locked(r, i);
	else if (i == MOST)
		remove_locked(r, 0);
	last = &r->reasons[atomic_load(&r->n)];
	last->of = *a;
	oq_err_set(&last->why, status, "%s",
		   why->text[0] ? why->text : strerror(-status));
	atomic_fetch_add(&r->n, 1);
}

/* ---- for all --------------------------------------------------------------*/

void oqfs_reasons_note(struct oqfs_reasons *r, const struct oqfs_attempt *a,
		       int status, const struct oq_err *why)
{
	if (status ? !is_telling(status) : !atomic_load(&r->n))
		return;
	pthread_mutex_lock(&r->lock);
	if (status)
		keep_locked(r, a, status, why);
	else
		clear_locked(r, a);
	pthread_mutex_unlock(&r->lock);
}

bool oqfs_reasons_get(struct oqfs_reasons *r, uint64_t object,
		      struct oq_err *why)
{
	size_t i = 0;

	if (!atomic_load(&r->n))
		return false;
	pthread_mutex_lock(&r->lock);
	for (i = atomic_load(&r->n); i > 0; i--)
		if (r->reasons[i - 1].of.object == object)
			break;
	if (i > 0)
		*why = r->reasons[i - 1].why;
	pthread_mutex_unlock(&r->lock);
	return i > 0;
}
