/* SPDX-License-Identifier: MIT */
/* gate.c - how many requests may wait for readers at the same time */

#include "fs/base/gate.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

/* Those of a store that are inside. */
struct party {
	const void *whose;
	unsigned inside; /* > 0 */
};

/* I set before sharing, never changed; L under 'lock' */
struct oqfs_gate {
	pthread_mutex_t lock;
	unsigned each, all;		   /* I */
	unsigned inside;		   /* L: of all stores */
	unsigned nparties;		   /* L */
	struct oqfs_queued *first, **last; /* L: who waits, in order */
	struct party parties[];		   /* L: at most 'all' */
};

struct oqfs_gate *oqfs_gate_new(unsigned each, unsigned all)
{
	struct oqfs_gate *g =
		calloc(1, sizeof(*g) + all * sizeof(g->parties[0]));

	if (!g)
		return NULL;
	pthread_mutex_init(&g->lock, NULL);
	g->each = each;
	g->all = all;
	g->last = &g->first;
	return g;
}

void oqfs_gate_free(struct oqfs_gate *g)
{
	if (!g)
		return;
	pthread_mutex_destroy(&g->lock);
	free(g);
}

/* The store's party, or the place behind the last. */
static struct party *party_locked(struct oqfs_gate *g, const void *whose)
{
	struct party *p = g->parties;

	while (p < g->parties + g->nparties && p->whose != whose)
		p++;
	return p;
}

static bool enter_locked(struct oqfs_gate *g, const void *whose)
{
	struct party *p = party_locked(g, whose);
	bool is_new = p == g->parties + g->nparties;

	if (g->inside >= g->all || (!is_new && p->inside >= g->each))
		return false;
	if (is_new) {
		*p = (struct party){ .whose = whose };
		g->nparties++;
	}
	p->inside++;
	g->inside++;
	return true;
}

static void leave_locked(struct oqfs_gate *g, const void *whose)
{
	struct party *p = party_locked(g, whose);

	g->inside--;
	if (--p->inside == 0)
		*p = g->parties[--g->nparties];
}

static void unqueue_locked(struct oqfs_gate *g, struct oqfs_queued **at)
{
	struct oqfs_queued *t = *at;

	*at = t->next;
	if (g->last == &t->next)
		g->last = at;
	t->next = NULL;
	t->is_waiting = false;
}

bool oqfs_gate_enter(struct oqfs_gate *g, const void *whose)
{
	bool entered;

	pthread_mutex_lock(&g->lock);
	entered = enter_locked(g, whose);
	pthread_mutex_unlock(&g->lock);
	return entered;
}

int oqfs_gate_wait(struct oqfs_gate *g, struct oqfs_queued *t,
		   const void *whose)
{
	int r = 0;

	pthread_mutex_lock(&g->lock);
	if (t->is_withdrawn) {
		r = -EINTR;
	} else if (enter_locked(g, whose)) {
		r = 1;
	} else {
		t->whose = whose;
		t->is_waiting = true;
		t->next = NULL;
		*g->last = t;
		g->last = &t->next;
	}
	pthread_mutex_unlock(&g->lock);
	return r;
}

bool oqfs_gate_withdraw(struct oqfs_gate *g, struct oqfs_queued *t)
{
	struct oqfs_queued **at = &g->first;
	bool was_waiting;

	pthread_mutex_lock(&g->lock);
	was_waiting = t->is_waiting;
	t->is_withdrawn = true;
	while (was_waiting && *at != t)
		at = &(*at)->next;
	if (was_waiting)
		unqueue_locked(g, at);
	pthread_mutex_unlock(&g->lock);
	return was_waiting;
}

struct oqfs_queued *oqfs_gate_leave(struct oqfs_gate *g, const void *whose)
{
	struct oqfs_queued **at = &g->first, *t;

	pthread_mutex_lock(&g->lock);
	leave_locked(g, whose);
	while (*at && !enter_locked(g, (*at)->whose))
		at = &(*at)->next;
	t = *at;
	if (t)
		unqueue_locked(g, at);
	pthread_mutex_unlock(&g->lock);
	return t;
}
