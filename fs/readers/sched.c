/* SPDX-License-Identifier: MIT */
/* sched.c - which stores have a reader: start, share, end, and their deaths */

#include <errno.h>
#include <string.h>

#include "fs/readers/superint.h"
#include "lib/base/num.h"
#include "lib/ipc/shm.h"

/* How long a busy reader may keep its seat while another store waits for one.
 */
#define SLICE_MS	  250
/* It has so many deadlines to finish the requests it has in hand; and so many
 * is a seat waited for. */
#define DRAIN_DEADLINES	  4
#define WAIT_DEADLINES	  5
/* Deaths within this of one another belong together. */
#define MEMORY_MS	  60000
#define QUARANTINE_STREAK 3
#define FREE_DEATHS	  3
#define MAX_BACKOFF_MS	  1000
#define REFUSAL_MS	  1000
#define MAX_REFUSAL_MS	  32000

/* ---- ends ---- */

static int64_t doubled(int64_t ms, unsigned times, int64_t limit)
{
	return oq_min_i64(ms << (times < 16 ? times : 16), limit);
}

static void count_death_locked(struct oqfs_store *st,
			       const struct oqfs_ending *e)
{
	int64_t now = oqfs_now_ms();
	int64_t since = now - st->died;

	if (since > MEMORY_MS)
		st->deaths = 0;
	if (since > MEMORY_MS + (int64_t)st->super->o.timeout_ms)
		st->streak = 0;
	st->died = now;
	/* Shorter than the deadline of a request that waits for it. */
	if (++st->deaths > FREE_DEATHS)
		st->not_before =
			now + doubled(10, st->deaths - FREE_DEATHS - 1,
				      oq_min_i64(MAX_BACKOFF_MS,
						 st->super->o.timeout_ms / 4));
	if (e->how == OQFS_END_KILLED)
		return;
	if (++st->streak < QUARANTINE_STREAK || st->quarantined)
		return;
	st->quarantined = true;
	st->super->n.quarantined++;
	oq_err_set(&st->why, 0, "given up after %u readers: %s", st->streak,
		   e->why.text);
}

static void count_refusal_locked(struct oqfs_store *st,
				 const struct oqfs_ending *e)
{
	/* A lack of memory passes; a fault of the file does not. */
	if (e->status == -ENOMEM)
		st->refusals = 0;
	st->refused_until = oqfs_now_ms() +
			    doubled(REFUSAL_MS, st->refusals, MAX_REFUSAL_MS);
	st->refusals++;
	st->refusal = e->status;
	st->why = e->why;
}

static void count_end_locked(struct oqfs_store *st, const struct oqfs_ending *e)
{
	struct oqfs_stats *n = &st->super->n;

	switch (e->how) {
	case OQFS_END_DIED:
		n->died++;
		count_death_locked(st, e);
		break;
	case OQFS_END_KILLED:
		n->killed++;
		count_death_locked(st, e);
		break;
	case OQFS_END_HUNG:
		n->hung++;
		count_death_locked(st, e);
		break;
	case OQFS_END_LIED:
		n->lied++;
		count_death_locked(st, e);
		break;
	case OQFS_END_REFUSED:
		n->refused++;
		count_refusal_locked(st, e);
		break;
	case OQFS_END_OPEN:
	case OQFS_END_WANTED:
		break;
	}
}

static bool is_death(enum oqfs_end how)
{
	return how != OQFS_END_REFUSED && how != OQFS_END_WANTED;
}

/* The last call of the monitor: the process has ended. */
static void reader_ended(void *arg, const struct oqfs_ending *e)
{
	struct oqfs_store *st = arg;
	struct oqfs_super *s = st->super;
	struct oqfs_proxy *p;
	struct oq_err given_up = { 0 };
	bool retired = atomic_load(&st->retired);

	if (is_death(e->how) && !retired)
		oqfs_log(s->o.log, OQFS_WARN, "%s: %s", oqfs_store_label(st),
			 e->why.text);
	pthread_mutex_lock(&s->lock);
	/* It may have ended before start_reader() has noted it. */
	while (st->starting)
		oqfs_wait_until(&s->changed, &s->lock, OQFS_FOREVER);
	if (!retired) {
		bool before = st->quarantined;

		count_end_locked(st, e);
		if (st->quarantined && !before)
			given_up = st->why;
	}
	p = st->proxy;
	st->proxy = NULL;
	s->leaving -= st->leaving;
	st->leaving = false;
	st->draining = false;
	s->running--;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);

	if (*given_up.text)
		oqfs_log(s->o.log, OQFS_ERROR, "%s: %s", oqfs_store_label(st),
			 given_up.text);
	oqfs_proxy_put(p);
	oqfs_store_release(st);
}

static void reader_goes_on(void *arg, const char *how_far)
{
	const struct oqfs_store *st = arg;

	oqfs_log(st->super->o.log, OQFS_DEBUG, "%s: %s", oqfs_store_label(st),
		 how_far);
}

/* ---- starts ---- */

/* All the address space that a reader may take: what it works with, its share
 * of the cache, the slots, and for each thread a stack and malloc's arena,
 * which is reserved whole; and what the program itself is. */
static uint64_t address_space(const struct oq_reader_opts *o)
{
	const uint64_t fixed =
		((uint64_t)64 << 20) + OQ_SHM_SLOTS * OQ_SHM_SLOT_BYTES;
	const uint64_t per_thread = (uint64_t)80 << 20;
	uint64_t all, threads;

	if (o->memory_bytes == 0)
		return 0;
	if (oq_mul_overflows(o->nthreads, per_thread, &threads) ||
	    oq_add_overflows(o->memory_bytes, o->cache_bytes, &all) ||
	    oq_add_overflows(all, fixed + threads, &all) || all > SIZE_MAX)
		return 0;
	return all;
}

void oqfs_sched_plan(struct oqfs_super *s)
{
	const struct oqfs_super_opts *o = &s->o;

	s->spawn = (struct oqfs_spawn){
		.reader = o->reader,
		.keep_stderr = o->keep_stderr,
		.zygote = o->zygote ? &s->zygote : NULL,
	};
	s->spawn.reader.cache_bytes = o->reader.cache_bytes / o->nreaders;
	s->spawn.reader.memory_bytes = address_space(&o->reader);
}

static int open_proxy(struct oqfs_store *st, const struct oqfs_file *f,
		      struct oqfs_proxy **out, struct oq_err *err)
{
	const struct oq_request calc = {
		.op = OQ_OP_CALC,
		.off = st->number,
		.name = st->absent,
		.name_len = st->absent ? (uint32_t)strlen(st->absent) : 0,
	};
	const struct oq_request sources = {
		.op = OQ_OP_SOURCES,
		.name = st->sources,
		.name_len = (uint32_t)st->sources_len,
	};
	struct oqfs_proxy_opts po = {
		.spawn = st->super->spawn,
		.file_fd = f->fd,
		.file_bytes = st->id.size,
		.timeout_ms = st->super->o.timeout_ms,
		.first = st->has_calc  ? &calc
			 : st->sources ? &sources
				       : NULL,
		.ended = reader_ended,
		.progress = reader_goes_on,
		.arg = st,
	};

	for (; po.nfirst_fds < st->nparents; po.nfirst_fds++)
		po.first_fds[po.nfirst_fds] = f->parents[po.nfirst_fds]->fd;
	return oqfs_proxy_open(&po, out, err);
}

/* Start the store's reader; its seat is reserved ('starting', 'running'). */
static int start_reader(struct oqfs_store *st, const struct oqfs_file *f,
			struct oq_err *err)
{
	struct oqfs_super *s = st->super;
	struct oqfs_proxy *p = NULL;
	int rc = open_proxy(st, f, &p, err);

	pthread_mutex_lock(&s->lock);
	st->starting = false;
	if (rc) {
		s->running--;
		st->holds--; /* the asker still has its own */
	} else {
		st->proxy = oqfs_proxy_get(p);
		st->started = st->used = oqfs_now_ms();
		st->share = s->spawn.reader.cache_bytes;
		s->n.started++;
		oqfs_share_cut_locked(s);
	}
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);

	/* A store that was retired meanwhile had no reader yet that could be
	 * ended. */
	if (!rc && atomic_load(&st->retired))
		oqfs_proxy_kill(p, NULL);
	oqfs_proxy_put(p);
	return rc;
}

/* ---- seats ---- */

static void end_reader_locked(struct oqfs_store *st)
{
	struct oqfs_super *s = st->super;

	st->leaving = true;
	s->leaving++;
	s->n.evicted++;
	/* Only a shutdown of its socket, which cannot block. */
	oqfs_proxy_end(st->proxy);
}

static struct oqfs_store *idlest_locked(const struct oqfs_super *s)
{
	struct oqfs_store *best = NULL;

	for (struct oqfs_store *i = s->open; i; i = i->next)
		if (i->proxy && !i->leaving && i->asks == 0 &&
		    (!best || i->used < best->used))
			best = i;
	return best;
}

static struct oqfs_store *longest_locked(const struct oqfs_super *s)
{
	struct oqfs_store *best = NULL;

	for (struct oqfs_store *i = s->open; i; i = i->next)
		if (i->proxy && !i->leaving && !i->draining &&
		    (!best || i->started < best->started))
			best = i;
	return best;
}

/* End the readers that were told to finish and take too long, while others
 * wait.  This is not counted as a death; the requests are asked again once. */
static void cut_short_locked(struct oqfs_super *s)
{
	int64_t since = s->clock - DRAIN_DEADLINES * (int64_t)s->o.timeout_ms;

	for (struct oqfs_store *i = s->open; i; i = i->next)
		if (i->proxy && i->draining && !i->leaving &&
		    i->drained <= since)
			oqfs_proxy_kill(i->proxy,
					"it took too long while others waited");
}

/* Called by the first in the queue: have a seat become free, by ending a reader
 * that is idle or, after its slice, one that is busy.  Returns when to look
 * again. */
static int64_t vacate_locked(struct oqfs_super *s)
{
	int64_t now = oqfs_now_ms(), next;
	struct oqfs_store *victim;

	if (s->leaving) /* one is on its way */
		return now + SLICE_MS;
	victim = idlest_locked(s);
	if (victim) {
		end_reader_locked(victim);
		return now + SLICE_MS;
	}
	victim = longest_locked(s);
	if (!victim) {
		cut_short_locked(s);
		return now + SLICE_MS;
	}
	/* Each has its slice, and they are not ended all at once. */
	next = oq_max_i64(victim->started + SLICE_MS,
			  s->drained + SLICE_MS / s->o.nreaders);
	if (now < next)
		return next;
	victim->draining = true;
	victim->drained = s->clock;
	s->drained = now;
	return now + SLICE_MS;
}

static const struct oqfs_reader_wait *first_locked(const struct oqfs_super *s)
{
	const struct oqfs_reader_wait *w = s->first;

	while (w && !w->wants)
		w = w->next;
	return w;
}

static void queue_locked(struct oqfs_super *s, struct oqfs_reader_wait *w)
{
	*w = (struct oqfs_reader_wait){ 0 };
	*s->last = w;
	s->last = &w->next;
}

static void unqueue_locked(struct oqfs_super *s, struct oqfs_reader_wait *w)
{
	struct oqfs_reader_wait **at = &s->first;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	if (s->last == &w->next)
		s->last = at;
	/* Nobody waits for a seat any more. */
	if (!first_locked(s))
		for (struct oqfs_store *i = s->open; i; i = i->next)
			i->draining = false;
	pthread_cond_broadcast(&s->changed);
}

enum { USE, START, WAIT };

/* What an asker must do now; for WAIT also until when. */
static int next_step_locked(struct oqfs_store *st, struct oqfs_reader_wait *w,
			    int64_t *until)
{
	struct oqfs_super *s = st->super;

	*until = OQFS_FOREVER;
	w->wants = false;
	if (st->proxy && !st->leaving && !st->draining &&
	    oqfs_proxy_is_usable(st->proxy))
		return USE;
	if (st->proxy || st->starting)
		return WAIT;
	if (oqfs_now_ms() < st->not_before) {
		*until = st->not_before;
		return WAIT;
	}
	w->wants = true;
	if (first_locked(s) != w)
		return WAIT;
	if (s->running < s->o.nreaders)
		return START;
	*until = vacate_locked(s);
	/* A reader that was told to end counts as gone: its end need not be
	 * waited for, as long as it is only one. */
	return s->leaving && s->running == s->o.nreaders ? START : WAIT;
}

/* Whether an asker has waited too long: by the super's clock, or, so that all
 * waiting ends, by the wall's. */
static bool is_too_late_locked(const struct oqfs_super *s, int64_t clock,
			       int64_t deadline)
{
	return s->clock >= oq_max_i64(clock, s->granted_clock) +
				   WAIT_DEADLINES * (int64_t)s->o.timeout_ms ||
	       oqfs_now_ms() >= deadline;
}

/* Wait for a reader of the store, or for the right to start one.  The deadline
 * counts from the last seat that was given. */
static int await_locked(struct oqfs_store *st, struct oqfs_cancel *cancel,
			int *step, struct oq_err *err)
{
	struct oqfs_super *s = st->super;
	int64_t from = oqfs_now_ms(), clock = s->clock, deadline, until;
	struct oqfs_reader_wait w;
	int rc = 0;

	queue_locked(s, &w);
	for (;;) {
		rc = oqfs_store_bar_locked(st, err);
		if (rc)
			break;
		*step = next_step_locked(st, &w, &until);
		if (*step != WAIT)
			break;
		deadline = oq_max_i64(from, s->granted) +
			   OQFS_PATIENCE * (int64_t)s->o.timeout_ms;
		if (oqfs_cancel_fired(cancel))
			rc = oq_err_set(err, -EINTR, "interrupted");
		else if (is_too_late_locked(s, clock, deadline))
			rc = oq_err_set(err, -ETIMEDOUT,
					"all readers are busy");
		if (rc)
			break;
		oqfs_wait_until(&s->changed, &s->lock,
				oq_min_i64(until, deadline));
	}
	unqueue_locked(s, &w);
	return rc;
}

int oqfs_reader_acquire(struct oqfs_store *st, const struct oqfs_file *f,
			struct oqfs_cancel *cancel, struct oqfs_proxy **out,
			struct oq_err *err)
{
	struct oqfs_super *s = st->super;
	int step = WAIT, rc = 0;

	oqfs_cancel_watch(cancel, &s->lock, &s->changed);
	while (!rc && step != USE) {
		pthread_mutex_lock(&s->lock);
		rc = await_locked(st, cancel, &step, err);
		if (!rc && step == USE) {
			st->asks++;
			*out = oqfs_proxy_get(st->proxy);
		} else if (!rc) {
			st->starting = true;
			s->granted = oqfs_now_ms();
			s->granted_clock = s->clock;
			st->holds++; /* the reader's */
			s->running++;
			oqfs_store_list_locked(st);
		}
		pthread_mutex_unlock(&s->lock);
		if (!rc && step == START)
			rc = start_reader(st, f, err);
	}
	oqfs_cancel_unwatch(cancel);
	return rc;
}

void oqfs_reader_release(struct oqfs_store *st, struct oqfs_proxy *p,
			 bool answered)
{
	struct oqfs_super *s = st->super;

	pthread_mutex_lock(&s->lock);
	st->asks--;
	st->used = oqfs_now_ms();
	if (answered) {
		st->answered++;
		s->n.answered++;
		st->streak = 0;
		st->refusals = 0;
	}
	if (st->proxy == p && st->asks == 0 && !st->leaving &&
	    (st->draining || s->first)) {
		if (st->draining)
			end_reader_locked(st);
		pthread_cond_broadcast(&s->changed);
	}
	pthread_mutex_unlock(&s->lock);
	oqfs_proxy_put(p);
}

void oqfs_sched_end_idle(struct oqfs_store *st, int64_t before)
{
	struct oqfs_super *s = st->super;

	pthread_mutex_lock(&s->lock);
	if (st->proxy && !st->leaving && st->asks == 0 && st->used <= before)
		end_reader_locked(st);
	pthread_mutex_unlock(&s->lock);
}
