/* SPDX-License-Identifier: MIT */
/* stores.c - one store: its life, its file and what becomes of that */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fs/readers/superint.h"

/* ---- stores ---- */

struct oqfs_store *oqfs_store_new(struct oqfs_super *s, const char *path,
				  const struct oqfs_identity *id)
{
	struct oqfs_store *st = calloc(1, sizeof(*st));

	if (!st)
		return NULL;
	st->path = strdup(path);
	if (!st->path) {
		free(st);
		return NULL;
	}
	st->super = s;
	st->id = *id;
	st->users = st->holds = 1;
	pthread_mutex_lock(&s->lock);
	s->nstores++;
	pthread_mutex_unlock(&s->lock);
	return st;
}

int oqfs_store_set_calc(struct oqfs_store *st, const struct oqfs_calc *c)
{
	st->absent = strdup(c->absent ? c->absent : "");
	if (!st->absent)
		return -ENOMEM;
	st->has_calc = true;
	st->number = c->number;
	for (; st->nparents < c->nparents; st->nparents++)
		st->parents[st->nparents] =
			oqfs_store_get(c->parents[st->nparents]);
	return 0;
}

int oqfs_store_set_sources(struct oqfs_store *st, const char *names, size_t len,
			   struct oqfs_store *const *sources, unsigned n)
{
	st->sources = malloc(len + 1);
	if (!st->sources)
		return -ENOMEM;
	memcpy(st->sources, names, len);
	st->sources_len = len;
	for (; st->nparents < n; st->nparents++)
		st->parents[st->nparents] =
			oqfs_store_get(sources[st->nparents]);
	return 0;
}

struct oqfs_store *oqfs_store_get(struct oqfs_store *st)
{
	pthread_mutex_lock(&st->super->lock);
	st->users++;
	pthread_mutex_unlock(&st->super->lock);
	return st;
}

/* Take the store off the list, if nothing of it is open any more. */
static void unlist_locked(struct oqfs_store *st)
{
	if (!st->link || st->file || st->proxy || st->starting)
		return;
	*st->link = st->next;
	if (st->next)
		st->next->link = st->link;
	st->link = NULL;
	st->next = NULL;
}

void oqfs_store_release(struct oqfs_store *st)
{
	struct oqfs_super *s = st->super;
	bool last;

	pthread_mutex_lock(&s->lock);
	last = --st->holds == 0;
	/* A reader that was the last thing open may also have been the last
	 * holder. */
	if (last)
		unlist_locked(st);
	if (last && --s->nstores == 0)
		pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	if (!last)
		return;
	for (unsigned i = 0; i < st->nparents; i++)
		oqfs_store_put(st->parents[i]);
	free(st->absent);
	free(st->sources);
	free(st->path);
	free(st);
}

void oqfs_store_put(struct oqfs_store *st)
{
	bool last;

	if (!st)
		return;
	pthread_mutex_lock(&st->super->lock);
	last = --st->users == 0;
	pthread_mutex_unlock(&st->super->lock);
	if (!last)
		return;
	oqfs_store_retire(st);
	oqfs_store_release(st);
}

bool oqfs_store_is_retired(const struct oqfs_store *st)
{
	return atomic_load(&st->retired);
}

void oqfs_store_set_live(struct oqfs_store *st)
{
	atomic_store(&st->live, true);
}

bool oqfs_store_may_be(const struct oqfs_store *st, const struct stat *now)
{
	return oqfs_identity_holds(&st->id, atomic_load(&st->live), now);
}

const struct oqfs_identity *oqfs_store_identity(const struct oqfs_store *st)
{
	return &st->id;
}

const char *oqfs_store_path(const struct oqfs_store *st)
{
	return st->path;
}

bool oqfs_is_gone(int rc)
{
	return rc == -ENOENT || rc == -ENOTDIR || rc == -ESTALE ||
	       rc == -ELOOP || rc == -EXDEV || rc == -ENXIO;
}

bool oqfs_store_look(struct oqfs_store *st)
{
	struct stat now;
	int rc = oqfs_roots_stat(st->super->o.roots, st->path, 0, &now);
	bool same = rc ? !oqfs_is_gone(rc) : oqfs_store_may_be(st, &now);

	for (unsigned i = 0; same && i < st->nparents; i++)
		same = oqfs_store_look(st->parents[i]);
	if (same)
		return true;
	oqfs_store_retire(st);
	return false;
}

const char *oqfs_store_label(const struct oqfs_store *st)
{
	return *st->path ? st->path : "datastore";
}

void oqfs_store_list_locked(struct oqfs_store *st)
{
	struct oqfs_super *s = st->super;

	if (st->link)
		return;
	st->round = s->round;
	st->next = s->open;
	if (st->next)
		st->next->link = &st->next;
	st->link = &s->open;
	s->open = st;
	pthread_cond_signal(&s->poke);
}

int oqfs_store_bar_locked(const struct oqfs_store *st, struct oq_err *err)
{
	if (atomic_load(&st->retired))
		return oq_err_set(err, -ESTALE, "the datastore was replaced");
	if (st->quarantined)
		return oq_err_set(err, -EIO, "%s", st->why.text);
	if (st->refusals && oqfs_now_ms() < st->refused_until)
		return oq_err_set(err, st->refusal, "%s", st->why.text);
	return 0;
}

/* ---- files ---- */

/* Returns the file if it is to be closed (with no lock held), or NULL. */
static struct oqfs_file *drop_file_locked(struct oqfs_file *f)
{
	return f && --f->refs == 0 ? f : NULL;
}

static void close_file(struct oqfs_super *s, struct oqfs_file *f)
{
	if (!f)
		return;
	oqfs_watch_end(s->watch, &f->watched);
	(void)close(f->fd);
	for (size_t i = 0; i < OQ_MAX_SOURCES && f->parents[i]; i++)
		oqfs_file_put(s, f->parents[i]);
	free(f);
}

void oqfs_file_put(struct oqfs_super *s, struct oqfs_file *f)
{
	pthread_mutex_lock(&s->lock);
	f = drop_file_locked(f);
	pthread_mutex_unlock(&s->lock);
	close_file(s, f);
}

static int open_parents(const struct oqfs_store *st, struct oqfs_file *f,
			struct oq_err *err)
{
	int rc = 0;

	for (unsigned i = 0; !rc && i < st->nparents; i++)
		rc = oqfs_store_file(st->parents[i], &f->parents[i], err);
	return rc;
}

/* NULL with the reason in '*rc'. */
static struct oqfs_file *open_file(struct oqfs_store *st, int *rc,
				   struct oq_err *err)
{
	struct oqfs_super *s = st->super;
	int fd = oqfs_roots_open_file(s->o.roots, st->path);
	struct oqfs_file *f;

	if (fd < 0) {
		*rc = oq_err_set(err, oqfs_is_gone(fd) ? -ESTALE : fd,
				 "open: %s", strerror(-fd));
		if (*rc == -ESTALE)
			oqfs_store_retire(st);
		return NULL;
	}
	f = calloc(1, sizeof(*f));
	if (!f) {
		close(fd);
		*rc = oq_err_set(err, -ENOMEM, "no memory");
		return NULL;
	}
	f->refs = 1;
	f->fd = fd;
	/* Watch before looking, so that no change comes in between. */
	oqfs_watch_begin(s->watch, &f->watched, fd);
	*rc = open_parents(st, f, err);
	if (*rc == 0)
		*rc = oqfs_store_verify(st, f, err);
	else if (*rc == -ESTALE)
		oqfs_store_retire(st);
	if (*rc == 0)
		return f;
	close_file(s, f);
	return NULL;
}

struct oqfs_file *oqfs_store_known_file(struct oqfs_store *st)
{
	struct oqfs_super *s = st->super;
	struct oqfs_file *f;

	pthread_mutex_lock(&s->lock);
	f = st->file;
	if (f)
		f->refs++;
	pthread_mutex_unlock(&s->lock);
	return f;
}

int oqfs_store_file(struct oqfs_store *st, struct oqfs_file **out,
		    struct oq_err *err)
{
	struct oqfs_super *s = st->super;
	struct oqfs_file *f = oqfs_store_known_file(st);
	int rc;

	if (f) {
		*out = f;
		return 0;
	}
	if (atomic_load(&st->retired))
		return oq_err_set(err, -ESTALE, "the datastore was replaced");
	f = open_file(st, &rc, err);
	if (!f)
		return rc;
	pthread_mutex_lock(&s->lock);
	/* If another thread was quicker, this file is only the caller's. */
	if (!st->file && !atomic_load(&st->retired)) {
		f->refs++;
		st->file = f;
		st->used = oqfs_now_ms();
		oqfs_store_list_locked(st);
	}
	pthread_mutex_unlock(&s->lock);
	*out = f;
	return 0;
}

void oqfs_store_touch(struct oqfs_store *st)
{
	pthread_mutex_lock(&st->super->lock);
	st->used = oqfs_now_ms();
	pthread_mutex_unlock(&st->super->lock);
}

/* Whether a live store is still of the same writer's session.  The session was
 * noted while the file was exactly as the store's identity says. */
static bool session_holds(struct oqfs_store *st, int fd, const struct stat *now)
{
	struct oqfs_identity is = oqfs_identity_of(now);
	struct oqfs_session seen;
	bool known;

	pthread_mutex_lock(&st->super->lock);
	known = st->has_session;
	pthread_mutex_unlock(&st->super->lock);
	if (known)
		return oqfs_session_holds(fd, &st->session);
	if (!oqfs_identity_same(&st->id, &is) ||
	    oqfs_session_read(fd, &seen) < 0)
		return false;
	pthread_mutex_lock(&st->super->lock);
	if (!st->has_session)
		st->session = seen;
	st->has_session = true;
	pthread_mutex_unlock(&st->super->lock);
	return oqfs_session_holds(fd, &st->session);
}

static bool parents_hold(const struct oqfs_store *st, const struct oqfs_file *f)
{
	for (unsigned i = 0; i < st->nparents; i++)
		if (oqfs_store_verify(st->parents[i], f->parents[i], NULL))
			return false;
	return true;
}

int oqfs_store_verify(struct oqfs_store *st, struct oqfs_file *f,
		      struct oq_err *err)
{
	struct stat now;

	if (oqfs_identity_stat(f->fd, &now) == 0 &&
	    oqfs_store_may_be(st, &now) &&
	    (atomic_load(&st->live)
		     ? session_holds(st, f->fd, &now)
		     : !oqfs_watch_saw(st->super->watch, &f->watched)) &&
	    parents_hold(st, f) && !atomic_load(&st->retired))
		return 0;
	oqfs_store_retire(st);
	return oq_err_set(err, -ESTALE, "the datastore was replaced");
}

void oqfs_store_retire(struct oqfs_store *st)
{
	struct oqfs_super *s = st->super;
	struct oqfs_proxy *p = NULL;
	struct oqfs_file *f;

	pthread_mutex_lock(&s->lock);
	s->n.retired += st->users > 0 && !atomic_load(&st->retired);
	atomic_store(&st->retired, true);
	if (st->proxy)
		p = oqfs_proxy_get(st->proxy);
	f = drop_file_locked(st->file);
	st->file = NULL;
	unlist_locked(st);
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);

	close_file(s, f);
	if (p)
		oqfs_proxy_kill(p, NULL);
	oqfs_proxy_put(p);
}

void oqfs_store_close_idle(struct oqfs_store *st, int64_t before)
{
	struct oqfs_super *s = st->super;
	struct oqfs_file *f = NULL;

	pthread_mutex_lock(&s->lock);
	if (!st->proxy && !st->starting && st->used <= before) {
		f = drop_file_locked(st->file);
		st->file = NULL;
		unlist_locked(st);
	}
	pthread_mutex_unlock(&s->lock);
	close_file(s, f);
}
