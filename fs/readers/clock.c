/* SPDX-License-Identifier: MIT */
/* clock.c - the reader's own clock, and what it owes by it
 *
 * The monitor looks at a reader that has something in hand ten times in each
 * timeout, adds up what judge.h says, and judges each request by the sum.
 */

#include "fs/readers/look.h"
#include "fs/readers/proxyint.h"
#include "lib/base/num.h"

/* An orderly end may take so long. */
#define TERM_MS	     500
#define LOOKS	     10
#define MIN_STEP_MS  10
#define MAX_SLEEP_MS 60000

static int64_t step_ms(const struct oqfs_proxy *p)
{
	int64_t step = (int64_t)p->o.timeout_ms / LOOKS;

	return step > MIN_STEP_MS ? step : MIN_STEP_MS;
}

/* ---- signs of life ---- */

/* All work so far, in bytes: what the reader reports and what the kernel
 * counts, added up.  Only its growth means something. */
static uint64_t work_locked(const struct oqfs_proxy *p)
{
	return oq_shm_work(&p->shm) + p->look.memory;
}

void oqfs_slot_renew_locked(struct oqfs_slot *s, int64_t now)
{
	struct oqfs_proxy *p = s->proxy;

	/* The current interval will be added whole when it is over, also its
	 * part before now: so it is left out here. */
	s->spent_from = p->spent + 2 * step_ms(p);
	s->alive = now;
	s->unseen = true;
}

void oqfs_proxy_renew_locked(struct oqfs_proxy *p, uint64_t seq, int64_t now)
{
	for (uint32_t i = 0; i < OQ_SHM_SLOTS; i++) {
		struct oqfs_slot *s = &p->slots[i];

		if (s->state != OQFS_SLOT_SENT || s->seq < seq)
			continue;
		oqfs_slot_renew_locked(s, now);
		s->prolonged = 0;
	}
}

void oqfs_proxy_set_term_locked(struct oqfs_proxy *p)
{
	p->closing = true;
	if (p->kill_at == OQFS_FOREVER) {
		p->term_from = oqfs_now_ms();
		p->term_spent = p->spent;
		p->unseen = true;
		p->kill_at = p->term_from + TERM_MS;
	}
	pthread_cond_broadcast(&p->freed);
}

/* ---- looking ---- */

/* A reader that was killed or has nothing in hand need not be looked at. */
static bool is_due_locked(const struct oqfs_proxy *p)
{
	return p->is_ours && p->killed_at == OQFS_FOREVER &&
	       (p->in_hand > 0 || p->kill_at != OQFS_FOREVER);
}

static void note_work_locked(struct oqfs_proxy *p)
{
	for (uint32_t i = 0; i < OQ_SHM_SLOTS; i++) {
		struct oqfs_slot *s = &p->slots[i];

		if (s->unseen)
			s->work = work_locked(p);
		s->unseen = false;
	}
}

static void look(struct oqfs_proxy *p)
{
	struct oqfs_look now, then;
	bool is_due;

	pthread_mutex_lock(&p->lock);
	then = p->look;
	is_due = is_due_locked(p) && oqfs_now_ms() >= then.wall_ms + step_ms(p);
	pthread_mutex_unlock(&p->lock);
	if (!is_due)
		return;
	now = oqfs_look_at(p->pid);
	pthread_mutex_lock(&p->lock);
	/* While it had nothing in hand, its clock stood still. */
	if (!p->unseen)
		p->spent += oqfs_judge_spent(&then, &now, 2 * step_ms(p));
	p->starves = !p->unseen && oqfs_judge_starves(&then, &now);
	p->unseen = false;
	p->look = now;
	note_work_locked(p);
	pthread_mutex_unlock(&p->lock);
}

/* ---- judging ---- */

static void blame_locked(struct oqfs_proxy *p, const struct oqfs_slot *s,
			 enum oqfs_verdict v)
{
	p->culprit = s;
	if (v == OQFS_VERDICT_STARVED)
		oq_err_set(&p->why, 0,
			   "reader %d gave no sign of life for %u times %u ms: "
			   "it gets no processor",
			   p->pid, OQFS_PATIENCE, p->o.timeout_ms);
	else
		oq_err_set(&p->why, 0,
			   "reader %d gave no sign of life for %u ms: %s",
			   p->pid, p->o.timeout_ms,
			   oqfs_judge_word(p->look.activity));
	oqfs_proxy_kill_locked(p, OQFS_END_HUNG);
}

static enum oqfs_verdict judge_slot_locked(struct oqfs_slot *s)
{
	const struct oqfs_proxy *p = s->proxy;
	int64_t now = p->look.wall_ms;
	const struct oqfs_claim c = {
		.spent_ms = p->spent - s->spent_from,
		.waited_ms = now - s->alive,
		.timeout_ms = p->o.timeout_ms,
		.prolonged = s->prolonged,
		.worked = work_locked(p) - s->work,
	};
	enum oqfs_verdict v = oqfs_judge(&c);

	if (v == OQFS_VERDICT_PROLONG) {
		s->prolonged++;
		oqfs_slot_renew_locked(s, now);
	}
	return v;
}

/* Of the requests that have used up their time, the oldest is the one that the
 * reader hangs on. */
static void judge_locked(struct oqfs_proxy *p)
{
	enum oqfs_verdict worst = OQFS_VERDICT_WAIT;
	const struct oqfs_slot *oldest = NULL;

	for (uint32_t i = 0; i < OQ_SHM_SLOTS; i++) {
		struct oqfs_slot *s = &p->slots[i];
		enum oqfs_verdict v;

		if (s->state != OQFS_SLOT_SENT)
			continue;
		v = judge_slot_locked(s);
		if (v < OQFS_VERDICT_HUNG || (oldest && oldest->seq < s->seq))
			continue;
		oldest = s;
		worst = v;
	}
	if (oldest)
		blame_locked(p, oldest, worst);
}

/* The reader's socket is closed, but it has not ended.  If it was told to end,
 * it loses nothing by being killed.  If not, it is dying, and its exit status
 * is worth waiting for. */
static void judge_term_locked(struct oqfs_proxy *p)
{
	int64_t now = oqfs_now_ms();

	if (now < p->kill_at)
		return;
	if (p->how == OQFS_END_OPEN) {
		if (p->spent - p->term_spent < TERM_MS / 2 &&
		    (now - p->term_from) / OQFS_PATIENCE < TERM_MS) {
			p->kill_at = now + TERM_MS / 4;
			return;
		}
		oq_err_set(&p->why, 0, "reader %d closed its socket", p->pid);
	}
	oqfs_proxy_kill_locked(p, OQFS_END_DIED);
	p->kill_at = OQFS_FOREVER;
}

void oqfs_clock_check(struct oqfs_proxy *p)
{
	look(p);
	pthread_mutex_lock(&p->lock);
	/* With its socket closed it has a term instead of deadlines. */
	if (p->kill_at != OQFS_FOREVER)
		judge_term_locked(p);
	else if (p->how == OQFS_END_OPEN && !p->unseen)
		judge_locked(p);
	pthread_mutex_unlock(&p->lock);
}

/* One that waits for a processor ends when it gets one; it is the kernel that
 * keeps any other. */
bool oqfs_clock_gives_up(struct oqfs_proxy *p)
{
	int64_t since;
	pid_t pid;

	pthread_mutex_lock(&p->lock);
	since = p->killed_at == OQFS_FOREVER ? 0 : oqfs_now_ms() - p->killed_at;
	pid = p->pid;
	pthread_mutex_unlock(&p->lock);
	return since >= (int64_t)p->o.timeout_ms &&
	       (since / OQFS_PATIENCE >= (int64_t)p->o.timeout_ms ||
		oqfs_look_at(pid).activity != OQFS_ACTIVITY_RUNS);
}

/* ---- sleeping ---- */

/* How long the monitor may sleep.  It sleeps without end only after an interval
 * without requests, so that a busy reader costs few wake-ups. */
static int64_t until_locked(struct oqfs_proxy *p, bool was_busy, int64_t now)
{
	if (p->killed_at != OQFS_FOREVER)
		return oq_max_i64(p->killed_at + p->o.timeout_ms,
				  now + step_ms(p));
	if (is_due_locked(p))
		return oq_min_i64(p->look.wall_ms + step_ms(p), p->kill_at);
	return was_busy ? now + step_ms(p) : OQFS_FOREVER;
}

int oqfs_clock_sleep_ms(struct oqfs_proxy *p, bool *was_busy)
{
	int64_t now = oqfs_now_ms(), until;

	pthread_mutex_lock(&p->lock);
	until = until_locked(p, *was_busy, now);
	*was_busy = p->in_hand > 0;
	p->asleep = until == OQFS_FOREVER;
	pthread_mutex_unlock(&p->lock);

	if (until == OQFS_FOREVER)
		return -1;
	until -= now;
	return until < 0 ? 0 : (int)oq_min_i64(until, MAX_SLEEP_MS);
}
