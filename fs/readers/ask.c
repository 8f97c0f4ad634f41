/* SPDX-License-Identifier: MIT */
/* ask.c - asking a store: turns, and what is asked again */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fs/readers/superint.h"
#include "lib/base/preadn.h"

/* So many readers in turn may end before they have even received the request.
 */
#define MAX_GONE 8

/* ---- turns ---- */

static bool may_enter_locked(const struct oqfs_store *st, bool alone)
{
	if (alone)
		return !st->alone && st->sharing == 0;
	return !st->alone && st->wants_alone == 0;
}

/* Without a deadline: the requests that are waited for have theirs. */
static int enter(struct oqfs_store *st, bool alone, struct oqfs_cancel *cancel,
		 struct oq_err *err)
{
	struct oqfs_super *s = st->super;
	int rc = 0;

	oqfs_cancel_watch(cancel, &s->lock, &s->changed);
	pthread_mutex_lock(&s->lock);
	st->wants_alone += alone;
	for (;;) {
		rc = oqfs_store_bar_locked(st, err);
		if (!rc && oqfs_cancel_fired(cancel))
			rc = oq_err_set(err, -EINTR, "interrupted");
		if (rc || may_enter_locked(st, alone))
			break;
		oqfs_wait_until(&s->changed, &s->lock, OQFS_FOREVER);
	}
	st->wants_alone -= alone;
	if (!rc && alone)
		st->alone = true;
	else if (!rc)
		st->sharing++;
	else if (alone)
		pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	oqfs_cancel_unwatch(cancel);
	return rc;
}

static void leave(struct oqfs_store *st, bool alone)
{
	struct oqfs_super *s = st->super;

	pthread_mutex_lock(&s->lock);
	if (alone)
		st->alone = false;
	else
		st->sharing--;
	/* Others only wait for a request that is alone, or waits to be. */
	if (alone || st->wants_alone)
		pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

/* ---- asking ---- */

static int ask_reader(struct oqfs_store *st, struct oqfs_file *f,
		      const struct oq_request *req, struct oqfs_cancel *cancel,
		      struct oqfs_reply *out, struct oq_err *err)
{
	struct oqfs_proxy *p = NULL;
	int rc, verdict;

	*out = (struct oqfs_reply){ 0 };
	rc = oqfs_reader_acquire(st, f, cancel, &p, err);
	if (rc)
		return rc;
	/* The reader keeps text while it measures, so it must know its share of
	 * the cache. */
	if (req->op == OQ_OP_VIEW)
		oqfs_share_tell(st);
	rc = oqfs_proxy_ask(p, req, cancel, out, err);
	oqfs_reader_release(st, p, out->answered);
	if (rc == -EINTR)
		return rc;
	/* The answer, good or bad, counts only if the file is still the same.
	 */
	verdict = oqfs_store_verify(st, f, err);
	if (verdict && rc == 0)
		oqfs_proxy_done(out->slot);
	return verdict ? verdict : rc;
}

static int ask_in_turn(struct oqfs_store *st, const struct oq_request *req,
		       bool alone, struct oqfs_cancel *cancel,
		       struct oqfs_reply *out, struct oq_err *err)
{
	struct oqfs_file *f = NULL;
	int rc = enter(st, alone, cancel, err);

	if (rc)
		return rc;
	rc = oqfs_store_file(st, &f, err);
	if (!rc) {
		rc = ask_reader(st, f, req, cancel, out, err);
		oqfs_file_put(st->super, f);
	}
	leave(st, alone);
	return rc;
}

int oqfs_store_ask(struct oqfs_store *st, const struct oq_request *req,
		   struct oqfs_cancel *cancel, struct oqfs_answer *out,
		   struct oq_err *err)
{
	struct oqfs_reply reply;
	unsigned gone = 0;
	bool alone = false;
	int rc;

	for (;;) {
		rc = ask_in_turn(st, req, alone, cancel, &reply, err);
		if (rc == OQFS_ASK_GONE && ++gone < MAX_GONE)
			continue;
		if (rc != OQFS_ASK_AGAIN || alone)
			break;
		alone = true;
	}
	if (rc > 0) /* asked again, or gone, too often; 'err' has the reason */
		rc = -EIO;
	/* A file that a reader refused may have been mended since. */
	if (rc == -EIO && !oqfs_store_look(st))
		return oq_err_set(err, -ESTALE, "the datastore was replaced");
	if (rc)
		return rc;
	*out = (struct oqfs_answer){
		.reply = reply.reply,
		.bytes = reply.bytes,
		.ticket = reply.slot,
	};
	return 0;
}

void oqfs_answer_done(struct oqfs_answer *a)
{
	if (a->ticket)
		oqfs_proxy_done(a->ticket);
	a->ticket = NULL;
	a->bytes = NULL;
}

/* ---- the file itself ---- */

static int read_all(int fd, void *buf, size_t len, uint64_t off,
		    struct oq_err *err)
{
	ssize_t n = oq_preadn(fd, buf, len, off);

	if (n < 0)
		return oq_err_set(err, n == -ESTALE ? -ESTALE : -EIO,
				  "read: %s", strerror((int)-n));
	if ((size_t)n < len)
		return oq_err_set(err, -EIO, "the file ends at %llu",
				  (unsigned long long)(off + (uint64_t)n));
	return 0;
}

int oqfs_store_pread(struct oqfs_store *st, void *buf, size_t len, uint64_t off,
		     struct oq_err *err)
{
	struct oqfs_file *f = NULL;
	int rc, verdict;

	if (off > INT64_MAX || len > INT64_MAX - off)
		return oq_err_set(err, -EIO,
				  "read beyond what a file can hold");
	rc = oqfs_store_file(st, &f, err);
	if (rc)
		return rc;
	rc = read_all(f->fd, buf, len, off, err);
	verdict = oqfs_store_verify(st, f, err);
	oqfs_file_put(st->super, f);
	oqfs_store_touch(st);
	return verdict ? verdict : rc;
}
