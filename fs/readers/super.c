/* SPDX-License-Identifier: MIT */
/* super.c - the datastores that are open, and who looks after them */

#include "fs/readers/super.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "fs/readers/superint.h"

/* A changed or deleted file is noticed within a second. */
#define MAX_TICK_MS  500
#define MIN_TICK_MS  20
/* A file without a reader is closed after this. */
#define FILE_IDLE_MS 500
/* A killed reader that does not end (a disk that hangs) must not keep the
 * mount from ending. */
#define FREE_MS	     2000
/* Descriptors: of each reader, and of the mount itself. */
#define FDS_EACH     4
#define FDS_OTHER    8

/* ---- the poller ---- */

static void look_after(struct oqfs_store *st)
{
	struct oqfs_super *s = st->super;
	struct oqfs_file *f = oqfs_store_known_file(st);

	if (f) {
		(void)oqfs_store_verify(st, f,
					NULL); /* this retires the store */
		oqfs_file_put(s, f);
	}
	oqfs_store_look(st);
	oqfs_sched_end_idle(st, oqfs_now_ms() - (int64_t)s->o.idle_ms);
	oqfs_store_close_idle(st, oqfs_now_ms() - FILE_IDLE_MS);
}

/* A store that was not looked after in this round yet; held. */
static struct oqfs_store *next_locked(struct oqfs_super *s)
{
	struct oqfs_store *st = s->open;

	while (st && st->round == s->round)
		st = st->next;
	if (st) {
		st->round = s->round;
		st->holds++;
	}
	return st;
}

static int64_t tick_ms(const struct oqfs_super *s)
{
	int64_t tick = s->o.idle_ms / 2;

	if (tick > MAX_TICK_MS)
		return MAX_TICK_MS;
	return tick < MIN_TICK_MS ? MIN_TICK_MS : tick;
}

/* Advance the super's clock, by which waiting for seats is measured.  It stops
 * while the machine is too busy for readers, or for this process: nobody is to
 * blame for such a wait. */
static void tick_locked(struct oqfs_super *s)
{
	int64_t now = oqfs_now_ms(), step = now - s->ticked;

	s->ticked = now;
	for (const struct oqfs_store *st = s->open; st; st = st->next)
		if (st->starting ||
		    (st->proxy && oqfs_proxy_starves(st->proxy)))
			return;
	s->clock += step < 2 * tick_ms(s) ? step : 2 * tick_ms(s);
	if (s->first)
		pthread_cond_broadcast(&s->changed);
}

/* Called and returning with the lock held. */
static void look_after_all_locked(struct oqfs_super *s)
{
	struct oqfs_store *st;

	s->round++;
	while (!s->stop && (st = next_locked(s))) {
		pthread_mutex_unlock(&s->lock);
		look_after(st);
		oqfs_store_release(st);
		pthread_mutex_lock(&s->lock);
	}
}

static void *poll_stores(void *arg)
{
	struct oqfs_super *s = arg;

	/* The zygote dies with the thread that started it: this one lives as
	 * long as readers are needed. */
	if (s->o.zygote)
		oqfs_zygote_start(&s->zygote, &s->spawn);
	pthread_mutex_lock(&s->lock);
	while (!s->stop) {
		int64_t next = oqfs_now_ms() + tick_ms(s);

		while (!s->stop && !s->open)
			oqfs_wait_until(&s->poke, &s->lock, OQFS_FOREVER);
		while (!s->stop && oqfs_now_ms() < next)
			oqfs_wait_until(&s->poke, &s->lock, next);
		tick_locked(s);
		look_after_all_locked(s);
		oqfs_share_tell_all_locked(s);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* ---- the super itself ---- */

void oqfs_super_take_opts(const struct oqfs_opts *o, struct oqfs_super_opts *so)
{
	so->nreaders = o->readers;
	so->reader = (struct oq_reader_opts){
		.nthreads = o->threads,
		.cache_bytes = o->cache,
		.memory_bytes = o->memory,
		.csv_split = o->csv_split,
		.conventions = o->conventions,
		.sandbox = o->sandbox,
	};
	so->timeout_ms = o->timeout_ms;
	so->idle_ms = o->idle_ms;
}

/* A reader takes four descriptors here: for its file and for talking to it.
 * One more reader is there while it replaces another.  Half of all descriptors
 * are for plain files, and some are for what is always open. */
static unsigned most_readers(unsigned wanted)
{
	struct rlimit l = { .rlim_cur = RLIM_INFINITY };
	uint64_t seats;

	(void)getrlimit(RLIMIT_NOFILE, &l);
	seats = l.rlim_cur / 2 / FDS_EACH;
	seats = seats > FDS_OTHER / FDS_EACH ? seats - FDS_OTHER / FDS_EACH : 1;
	return seats < wanted ? (unsigned)seats : wanted;
}

int oqfs_super_new(const struct oqfs_super_opts *o, struct oqfs_super **out,
		   struct oq_err *err)
{
	struct oqfs_super *s;
	int rc;

	if (o->nreaders == 0 || o->reader.nthreads == 0 || o->timeout_ms == 0)
		return oq_err_set(err, -EINVAL, "no readers, threads or time");
	s = calloc(1, sizeof(*s));
	if (!s)
		return oq_err_set(err, -ENOMEM, "no memory");
	s->o = *o;
	s->o.nreaders = most_readers(o->nreaders);
	oqfs_sched_plan(s);
	oqfs_zygote_init(&s->zygote);
	s->last = &s->first;
	pthread_mutex_init(&s->lock, NULL);
	oqfs_cond_init(&s->changed);
	oqfs_cond_init(&s->poke);
	if (o->watch)
		s->watch = oqfs_watch_new();
	rc = oqfs_thread_start(&s->poller, poll_stores, s);
	if (rc) {
		oqfs_watch_free(s->watch);
		free(s);
		return oq_err_set(err, rc, "start a thread: %s", strerror(-rc));
	}
	*out = s;
	return 0;
}

void oqfs_super_free(struct oqfs_super *s)
{
	int64_t deadline = oqfs_now_ms() + FREE_MS;
	bool left;

	if (!s)
		return;
	pthread_mutex_lock(&s->lock);
	s->stop = true;
	pthread_cond_signal(&s->poke);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->poller, NULL);
	oqfs_zygote_end(&s->zygote);

	pthread_mutex_lock(&s->lock);
	while (s->nstores > 0 && oqfs_now_ms() < deadline)
		oqfs_wait_until(&s->changed, &s->lock, deadline);
	left = s->nstores > 0;
	pthread_mutex_unlock(&s->lock);
	if (left) { /* their monitors still need it */
		oqfs_log(s->o.log, OQFS_WARN, "a reader does not end");
		return;
	}
	oqfs_watch_free(s->watch);
	pthread_cond_destroy(&s->poke);
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

/* ---- status ---- */

/* One that has something open, or a reader. */
static void put_store_locked(const struct oqfs_store *st, struct oq_buf *out)
{
	unsigned in_hand;
	struct oq_err why;

	oq_buf_put_safe(out, oqfs_store_label(st));
	oq_buf_puts(out, ": ");
	if (st->proxy) {
		pid_t pid = oqfs_proxy_pid(st->proxy, &in_hand);

		oq_buf_printf(out, "reader %d, %u in hand, ", pid, in_hand);
	} else {
		oq_buf_puts(out,
			    st->starting ? "reader starts, " : "no reader, ");
	}
	oq_buf_printf(out, "%" PRIu64 " answered", st->answered);
	if (atomic_load(&st->live))
		oq_buf_puts(out, ", live");
	if (st->leaving || st->draining)
		oq_buf_puts(out, ", ending");
	if (oqfs_store_bar_locked(st, &why))
		oq_buf_printf(out, ", %s", why.text);
	if (st->has_calc)
		oq_buf_puts(out, ", for its exports");
	oq_buf_putc(out, '\n');
}

void oqfs_super_put_status(struct oqfs_super *s, struct oq_buf *out)
{
	const struct oqfs_stats *n = &s->n;

	pthread_mutex_lock(&s->lock);
	oq_buf_printf(out,
		      "readers: %u of %u running, %" PRIu64 " started, %" PRIu64
		      " ended idle or evicted\n",
		      s->running, s->o.nreaders, n->started, n->evicted);
	oq_buf_printf(out,
		      "deaths: %" PRIu64 " of themselves, %" PRIu64
		      " killed from outside, %" PRIu64 " hung, %" PRIu64
		      " lied, %" PRIu64 " refused\n",
		      n->died, n->killed, n->hung, n->lied, n->refused);
	oq_buf_printf(out,
		      "datastores: %" PRIu64 " requests answered, %" PRIu64
		      " retired, %" PRIu64 " given up\n",
		      n->answered, n->retired, n->quarantined);
	oq_buf_printf(out, "cache: %zu kB, %zu for each reader\n",
		      (size_t)s->o.reader.cache_bytes >> 10,
		      oqfs_share_locked(s) >> 10);
	for (const struct oqfs_store *st = s->open; st; st = st->next)
		put_store_locked(st, out);
	pthread_mutex_unlock(&s->lock);
}
