/* SPDX-License-Identifier: MIT */
/* watch.c - hears of writes to the files that are open
 *
 * One inotify instance: to close one takes the kernel 8 ms.  Within it all
 * watches of one file have one number, which is never used again.
 */

#include "fs/source/watch.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

enum { STARTING = -1, NONE = -2 };

/* I set before sharing, never changed; L under 'lock' */
struct oqfs_watch {
	int fd; /* I */
	pthread_mutex_t lock;
	struct oqfs_watched *first; /* L: few, so a list will do */
	unsigned starting;	    /* L: of them */
};

struct oqfs_watch *oqfs_watch_new(void)
{
	struct oqfs_watch *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (w->fd < 0) {
		free(w);
		return NULL;
	}
	pthread_mutex_init(&w->lock, NULL);
	return w;
}

void oqfs_watch_free(struct oqfs_watch *w)
{
	if (!w)
		return;
	close(w->fd);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

/* The kernel may ask a file's server: so it is called without the lock. */
void oqfs_watch_begin(struct oqfs_watch *w, struct oqfs_watched *m, int fd)
{
	char path[32];
	int wd;

	*m = (struct oqfs_watched){ .wd = w ? STARTING : NONE };
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	m->link = &w->first;
	m->next = w->first;
	if (m->next)
		m->next->link = &m->next;
	w->first = m;
	w->starting++;
	pthread_mutex_unlock(&w->lock);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	wd = inotify_add_watch(w->fd, path, IN_MODIFY);

	pthread_mutex_lock(&w->lock);
	m->wd = wd < 0 ? NONE : wd;
	w->starting--;
	pthread_mutex_unlock(&w->lock);
}

static bool is_wanted_locked(const struct oqfs_watch *w, int wd)
{
	const struct oqfs_watched *m = w->first;

	while (m && m->wd != wd)
		m = m->next;
	return m || w->starting; /* it may be one of those */
}

void oqfs_watch_end(struct oqfs_watch *w, struct oqfs_watched *m)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	*m->link = m->next;
	if (m->next)
		m->next->link = m->link;
	if (m->wd >= 0 && !is_wanted_locked(w, m->wd))
		(void)inotify_rm_watch(w->fd, m->wd);
	pthread_mutex_unlock(&w->lock);
}

static void take_locked(struct oqfs_watch *w, const struct inotify_event *e)
{
	bool all = e->mask & IN_Q_OVERFLOW;

	if (!all && !(e->mask & IN_MODIFY))
		return;
	if (!all && !is_wanted_locked(w, e->wd))
		(void)inotify_rm_watch(w->fd, e->wd);
	for (struct oqfs_watched *m = w->first; m; m = m->next)
		m->written |= all || m->wd == e->wd || m->wd == STARTING;
}

bool oqfs_watch_saw(struct oqfs_watch *w, struct oqfs_watched *m)
{
	_Alignas(struct inotify_event) char buf[4096];
	bool yes;
	ssize_t n;

	if (!w)
		return false;
	pthread_mutex_lock(&w->lock);
	while ((n = read(w->fd, buf, sizeof(buf))) > 0)
		for (char *at = buf; at < buf + n;) {
			const struct inotify_event *e = (const void *)at;

			take_locked(w, e);
			at += sizeof(*e) + e->len;
		}
	yes = m->written;
	pthread_mutex_unlock(&w->lock);
	return yes;
}
