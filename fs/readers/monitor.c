/* SPDX-License-Identifier: MIT */
/* monitor.c - the thread that starts, hears, watches and reaps one reader */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fs/readers/launch.h"
#include "fs/readers/proxyint.h"

/* A reply is far shorter; a longer message is none. */
#define MAX_REPLY_BYTES 1024
/* Signs of life beyond one a millisecond are a flood. */
#define FREE_PROGRESS	1000

/* Between two lines about progress. */
#define TELL_MS		2000

/* ---- ending it ---- */

static void lie_locked(struct oqfs_proxy *p, const struct oqfs_slot *on,
		       const char *what)
{
	if (p->how == OQFS_END_OPEN) {
		p->culprit = on;
		oq_err_set(&p->why, 0, "reader %d sent nonsense: %s", p->pid,
			   what);
	}
	oqfs_proxy_kill_locked(p, OQFS_END_LIED);
	p->deaf = true;
}

/* ---- what it says ---- */

/* What the reader may say; of the rest, some have a meaning to the kernel
 * (ENOSYS turns an operation off for good) that a reader has no say in. */
static int honest_status(int status)
{
	static const int known[] = { EIO,    EOPNOTSUPP, ENOENT, ENOTDIR,
				     EISDIR, EACCES,	 EPERM,	 EOVERFLOW,
				     ENOMEM, ENODATA,	 ERANGE, E2BIG,
				     EINVAL, ELOOP,	 ESTALE, ENAMETOOLONG,
				     EFBIG,  EPROTO };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (status == -known[i])
			return status;
	return -EIO;
}

/* The run of the view's bytes that are the file's own is taken only whole and
 * inside both; else the bytes are asked for, which cannot be wrong. */
static void check_extent(struct oq_reply *r, uint64_t file_bytes)
{
	if (r->ext_len > file_bytes || r->ext_off > file_bytes - r->ext_len ||
	    r->ext_len > r->size || r->ext_at > r->size - r->ext_len)
		r->ext_len = 0;
	if (r->ext_len == 0)
		r->ext_at = r->ext_off = 0;
}

static const char *fault_of(const struct oqfs_slot *s, const struct oq_reply *r)
{
	if (s->state != OQFS_SLOT_SENT || s->id != r->id)
		return "an answer to no request";
	if (r->nbytes > s->len)
		return "more bytes than were asked for";
	if (r->size > INT64_MAX)
		return "a size that no file has";
	return NULL;
}

static void settle_locked(struct oqfs_slot *s, enum oqfs_slot_state state)
{
	s->proxy->in_hand--;
	if (s->abandoned) {
		oqfs_slot_free_locked(s);
		return;
	}
	s->state = state;
	pthread_cond_signal(&s->settled);
}

static void refuse_locked(struct oqfs_proxy *p, const struct oq_reply *r)
{
	if (p->how == OQFS_END_OPEN) {
		p->how = OQFS_END_REFUSED;
		p->refusal = honest_status(r->status);
		p->why = r->err;
	}
	oqfs_proxy_set_term_locked(p);
}

static void take_reply_locked(struct oqfs_proxy *p, struct oq_reply *r)
{
	struct oqfs_slot *s = &p->slots[r->id % OQ_SHM_SLOTS];
	int64_t now = oqfs_now_ms();
	const char *fault;

	if (r->id == 0 && !p->heard) {
		if (r->status)
			refuse_locked(p, r);
		return;
	}
	fault = fault_of(s, r);
	if (fault) {
		lie_locked(p, s->id == r->id ? s : NULL, fault);
		return;
	}
	oqfs_proxy_renew_locked(p, s->seq, now);
	if (r->flags & OQ_REPLY_PROGRESS) {
		if (++s->nprogress > FREE_PROGRESS + (uint64_t)(now - s->since))
			lie_locked(p, s, "a flood");
		return;
	}
	check_extent(r, s->op == OQ_OP_VIEW ? p->o.file_bytes : 0);
	s->reply = *r;
	if (r->status)
		s->reply.status = honest_status(r->status);
	settle_locked(s, OQFS_SLOT_ANSWERED);
}

static void tell_progress(struct oqfs_proxy *p, const struct oq_reply *r)
{
	int64_t now = oqfs_now_ms();

	if (!(r->flags & OQ_REPLY_PROGRESS) || !*r->err.text ||
	    now < p->told + TELL_MS)
		return;
	p->told = now;
	p->o.progress(p->o.arg, r->err.text);
}

/* One message.  Returns whether there may be another. */
static bool hear_one(struct oqfs_proxy *p)
{
	uint8_t msg[MAX_REPLY_BYTES];
	struct oq_reply r = { 0 };
	ssize_t n = recv(p->sock, msg, sizeof(msg), MSG_DONTWAIT | MSG_TRUNC);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	/* It ended before it read all requests; what it sent before is still to
	 * come. */
	if (n < 0 && errno == ECONNRESET) {
		p->unread = true;
		return true;
	}
	pthread_mutex_lock(&p->lock);
	if (n <= 0) {
		oqfs_proxy_set_term_locked(p);
		p->deaf = true;
	} else if ((size_t)n > sizeof(msg) ||
		   oq_wire_decode_reply(msg, (size_t)n, &r)) {
		lie_locked(p, NULL, "no message of ours");
	} else {
		take_reply_locked(p, &r);
		p->heard = true;
	}
	pthread_mutex_unlock(&p->lock);
	if (!p->deaf)
		tell_progress(p, &r);
	return !p->deaf;
}

/* ---- watching it ---- */

/* Take all messages if the reader has ended.  Else take no more than it may
 * send for all its slots: a reader that never stops must not keep this thread
 * from the clock. */
static void hear(struct oqfs_proxy *p, bool has_ended)
{
	for (unsigned n = 0; has_ended || n < 4 * OQ_SHM_SLOTS; n++)
		if (p->deaf || !hear_one(p))
			return;
}

static void drain_wakes(const struct oqfs_proxy *p)
{
	uint64_t n;

	if (read(p->wake_fd, &n, sizeof(n)) < 0)
		return; /* there was none after all */
}

/* Watch until the process has ended.  Returns false where it was killed and the
 * kernel does not let it end. */
static bool watch(struct oqfs_proxy *p)
{
	struct pollfd fds[] = { { .fd = p->sock, .events = POLLIN },
				{ .fd = p->line_fd, .events = POLLIN },
				{ .fd = p->wake_fd, .events = POLLIN } };
	bool was_busy = true;

	while (!fds[1].revents) {
		if (oqfs_clock_gives_up(p))
			return false;
		if (poll(fds, 3, oqfs_clock_sleep_ms(p, &was_busy)) < 0)
			continue;
		if (fds[2].revents)
			drain_wakes(p);
		/* Also when it has ended, since it may have answered first.
		 * And before the clock is looked at, in case this process was
		 * stopped. */
		if (fds[0].revents || fds[1].revents)
			hear(p, fds[1].revents);
		if (p->deaf)
			fds[0].fd = -1;
		oqfs_clock_check(p);
	}
	return true;
}

/* ---- its end ---- */

static void name_end_locked(struct oqfs_proxy *p, const siginfo_t *info)
{
	const char *sig;

	if (p->how != OQFS_END_OPEN)
		return;
	p->how = OQFS_END_DIED;
	if (info->si_code == CLD_EXITED) {
		oq_err_set(&p->why, 0, "reader %d exited with status %d",
			   p->pid, info->si_status);
		return;
	}
	if (info->si_status == SIGKILL)
		p->how = OQFS_END_KILLED;
	sig = sigabbrev_np(info->si_status);
	oq_err_set(&p->why, 0, "reader %d died of SIG%s", p->pid,
		   sig ? sig : "?");
}

/* What becomes of a request that the reader had in hand when it ended. */
static int loss(const struct oqfs_proxy *p, const struct oqfs_slot *s,
		unsigned in_hand)
{
	switch (p->how) {
	case OQFS_END_DIED:
		/* A single request is to blame, unless the reader never read
		 * it. */
		return in_hand == 1 && !p->unread ? -EIO : OQFS_ASK_AGAIN;
	case OQFS_END_HUNG:
		return s == p->culprit ? -ETIMEDOUT : OQFS_ASK_AGAIN;
	case OQFS_END_LIED:
		return s == p->culprit ? -EPROTO : OQFS_ASK_AGAIN;
	case OQFS_END_REFUSED:
		return p->refusal;
	case OQFS_END_OPEN:
	case OQFS_END_KILLED:
	case OQFS_END_WANTED:
		break;
	}
	return OQFS_ASK_AGAIN;
}

static void finish(struct oqfs_proxy *p)
{
	struct oqfs_ending e;

	pthread_mutex_lock(&p->lock);
	p->closing = true;
	e = (struct oqfs_ending){
		.how = p->how,
		.status = p->refusal,
		.in_hand = p->in_hand,
		.why = p->why,
	};
	pthread_mutex_unlock(&p->lock);
	/* Tell the supervisor first, so that askers who wake up find it
	 * informed. */
	p->o.ended(p->o.arg, &e);

	pthread_mutex_lock(&p->lock);
	for (uint32_t i = 0; i < OQ_SHM_SLOTS; i++) {
		struct oqfs_slot *s = &p->slots[i];

		if (s->state != OQFS_SLOT_SENT)
			continue;
		s->lost = loss(p, s, e.in_hand);
		settle_locked(s, OQFS_SLOT_LOST);
	}
	pthread_cond_broadcast(&p->freed);
	pthread_mutex_unlock(&p->lock);
}

static void close_theirs(struct oqfs_proxy *p)
{
	(void)close(p->theirs_fd);
	(void)close(p->file_fd);
	(void)close(p->shm_fd);
	p->theirs_fd = p->file_fd = p->shm_fd = -1;
}

static int start(struct oqfs_proxy *p)
{
	const struct oqfs_spawn_fds fds = {
		.socket = p->theirs_fd,
		.file = p->file_fd,
		.shm = p->shm_fd,
	};
	struct oq_err err = { 0 };
	pid_t pid = 0;
	int line = -1, rc;

	rc = oqfs_launch_reader(&p->o.spawn, &fds, &pid, &line, &err);
	close_theirs(p);
	pthread_mutex_lock(&p->lock);
	p->pid = pid;
	p->line_fd = line;
	p->is_ours = rc == 0;
	if (rc) {
		p->how = OQFS_END_REFUSED;
		/* Other errors would be taken for the user's own: ENOENT for a
		 * missing file. */
		p->refusal = rc == -EAGAIN || rc == -ENOMEM ? -ENOMEM : -EIO;
		p->why = err;
	} else if (p->how != OQFS_END_OPEN) {
		oqfs_proxy_kill_locked(p, p->how);
	} else {
		/* The time that starting took is not the reader's. */
		oqfs_proxy_renew_locked(p, 0, oqfs_now_ms());
	}
	pthread_mutex_unlock(&p->lock);
	return rc;
}

/* From here on another process may get its number: nobody may kill it any more.
 */
static void reap(struct oqfs_proxy *p, siginfo_t *info)
{
	pthread_mutex_lock(&p->lock);
	p->is_ours = false;
	pthread_mutex_unlock(&p->lock);
	while (waitid(P_PID, (id_t)p->pid, info, WEXITED) && errno == EINTR)
		;
}

void *oqfs_monitor(void *arg)
{
	struct oqfs_proxy *p = arg;
	siginfo_t info = { 0 };
	bool has_ended = true;

	if (start(p)) {
		finish(p);
	} else {
		has_ended = watch(p);
		if (has_ended) {
			reap(p, &info);
			pthread_mutex_lock(&p->lock);
			name_end_locked(p, &info);
			pthread_mutex_unlock(&p->lock);
		}
		finish(p);
		/* The askers have been told; only the process is still to be
		 * reaped. */
		if (!has_ended)
			reap(p, &info);
	}
	oqfs_proxy_put(p);
	return NULL;
}
