/* SPDX-License-Identifier: MIT */
/* proxy.c - our end of one running reader: the askers' side
 *
 * The monitor's side is monitor.c.
 */

#include "fs/readers/proxy.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fs/readers/proxyint.h"
#include "lib/base/cleanup.h"

static void wake_monitor(const struct oqfs_proxy *p)
{
	const uint64_t one = 1;

	if (write(p->wake_fd, &one, sizeof(one)) < 0)
		return; /* it is full: the monitor is awake */
}

/* ---- life ---- */

static struct oqfs_proxy *new_proxy(const struct oqfs_proxy_opts *o)
{
	struct oqfs_proxy *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->o = *o;
	p->sock = p->wake_fd = p->line_fd = -1;
	p->file_fd = p->theirs_fd = p->shm_fd = -1;
	p->kill_at = p->killed_at = OQFS_FOREVER;
	atomic_init(&p->refs, 1);
	pthread_mutex_init(&p->lock, NULL);
	oqfs_cond_init(&p->freed);
	for (uint32_t i = 0; i < OQ_SHM_SLOTS; i++) {
		p->slots[i].proxy = p;
		p->slots[i].number = i;
		oqfs_cond_init(&p->slots[i].settled);
	}
	return p;
}

static int open_fds(struct oqfs_proxy *p, struct oq_err *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return oq_err_set(err, -errno, "socketpair: %s",
				  strerror(errno));
	p->sock = pair[0];
	p->theirs_fd = pair[1];
	p->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	p->file_fd = fcntl(p->o.file_fd, F_DUPFD_CLOEXEC, 0);
	if (p->wake_fd < 0 || p->file_fd < 0)
		return oq_err_set(err, -errno, "a descriptor for a reader: %s",
				  strerror(errno));
	return oq_shm_create(&p->shm, &p->shm_fd, err);
}

/* The first request waits in the socket until the reader has started, and is
 * lost with it. */
static int send_first(struct oqfs_proxy *p, struct oq_err *err)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(p->o.first_fds))];
	} control = { 0 };
	const size_t nbytes = p->o.nfirst_fds * sizeof(int);
	struct oq_request first = *p->o.first;
	OQ_BUF struct oq_buf text = { 0 };
	struct iovec io;
	struct msghdr msg = { .msg_iov = &io, .msg_iovlen = 1 };

	first.id = UINT32_MAX;
	oq_wire_put_request(&first, &text);
	if (oq_buf_failed(&text))
		return oq_err_set(err, -ENOMEM, "no memory for a reader");
	io = (struct iovec){ text.data, text.len };
	if (nbytes) {
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(nbytes);
		control.head.cmsg_level = SOL_SOCKET;
		control.head.cmsg_type = SCM_RIGHTS;
		control.head.cmsg_len = CMSG_LEN(nbytes);
		memcpy(CMSG_DATA(&control.head), p->o.first_fds, nbytes);
	}
	if (sendmsg(p->sock, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return oq_err_set(err, -errno, "a message for a reader: %s",
				  strerror(errno));
	return 0;
}

int oqfs_proxy_open(const struct oqfs_proxy_opts *o, struct oqfs_proxy **out,
		    struct oq_err *err)
{
	struct oqfs_proxy *p = new_proxy(o);
	pthread_t monitor;
	int rc;

	if (!p)
		return oq_err_set(err, -ENOMEM, "no memory for a reader");
	rc = open_fds(p, err);
	if (!rc && o->first)
		rc = send_first(p, err);
	p->o.first = NULL;
	if (!rc) {
		oqfs_proxy_get(p); /* the monitor's */
		rc = oqfs_thread_start(&monitor, oqfs_monitor, p);
		if (rc)
			oq_err_set(err, rc, "a thread for a reader: %s",
				   strerror(-rc));
	}
	if (rc) {
		oqfs_proxy_free(p);
		return rc;
	}
	pthread_detach(monitor);
	*out = p;
	return 0;
}

void oqfs_proxy_end(struct oqfs_proxy *p)
{
	pthread_mutex_lock(&p->lock);
	if (p->how == OQFS_END_OPEN)
		p->how = OQFS_END_WANTED;
	p->closing = true;
	pthread_mutex_unlock(&p->lock);
	/* The monitor sees the end of the socket too, and sets a term. */
	(void)shutdown(p->sock, SHUT_RDWR);
}

void oqfs_proxy_kill(struct oqfs_proxy *p, const char *why)
{
	pthread_mutex_lock(&p->lock);
	if (why && p->how == OQFS_END_OPEN)
		oq_err_set(&p->why, 0, "reader %d: %s", p->pid, why);
	oqfs_proxy_kill_locked(p, OQFS_END_WANTED);
	pthread_mutex_unlock(&p->lock);
	wake_monitor(p); /* which sets the reader a term */
}

bool oqfs_proxy_is_usable(struct oqfs_proxy *p)
{
	bool usable;

	pthread_mutex_lock(&p->lock);
	usable = !p->closing && p->how == OQFS_END_OPEN;
	pthread_mutex_unlock(&p->lock);
	return usable;
}

bool oqfs_proxy_starves(struct oqfs_proxy *p)
{
	bool starves;

	pthread_mutex_lock(&p->lock);
	starves = p->starves && p->in_hand > 0;
	pthread_mutex_unlock(&p->lock);
	return starves;
}

pid_t oqfs_proxy_pid(struct oqfs_proxy *p, unsigned *in_hand)
{
	pid_t pid;

	pthread_mutex_lock(&p->lock);
	pid = p->pid;
	*in_hand = p->in_hand;
	pthread_mutex_unlock(&p->lock);
	return pid;
}

/* ---- slots ---- */

static struct oqfs_slot *free_slot_locked(struct oqfs_proxy *p)
{
	/* The lowest: each slot once written to keeps its memory. */
	for (uint32_t i = 0; i < OQ_SHM_SLOTS; i++)
		if (p->slots[i].state == OQFS_SLOT_FREE)
			return &p->slots[i];
	return NULL;
}

/* Whether all slots are filled with requests that nobody waits for any more. */
static bool all_abandoned_locked(const struct oqfs_proxy *p)
{
	for (uint32_t i = 0; i < OQ_SHM_SLOTS; i++)
		if (p->slots[i].state != OQFS_SLOT_SENT ||
		    !p->slots[i].abandoned)
			return false;
	return true;
}

static void fill_slot_locked(struct oqfs_slot *s, const struct oq_request *req)
{
	/* An id tells its slot; 0 is the start's. */
	s->id = (uint32_t)(++s->proxy->ntaken * OQ_SHM_SLOTS + s->number);
	if (s->id == 0)
		s->id = OQ_SHM_SLOTS;
	s->op = req->op;
	s->len = req->len;
	s->abandoned = false;
	s->nprogress = 0;
	s->state = OQFS_SLOT_TAKEN;
}

/* From here on the reader owes an answer. */
static void note_sent_locked(struct oqfs_slot *s)
{
	struct oqfs_proxy *p = s->proxy;
	int64_t now = oqfs_now_ms();

	s->seq = ++p->nsent;
	s->since = now;
	s->prolonged = 0;
	/* Most requests are answered before a look would be of use. */
	if (p->in_hand == 0) {
		p->unseen = true;
		p->look.wall_ms = now;
	}
	oqfs_slot_renew_locked(s, now);
	s->state = OQFS_SLOT_SENT;
	p->in_hand++;
}

/* Whether the monitor sleeps without a deadline and must hear of a new one. */
static bool must_wake_locked(struct oqfs_proxy *p)
{
	bool asleep = p->asleep;

	p->asleep = false;
	return asleep;
}

/* A free slot, filled for the request; NULL with the reason in '*rc'. */
static struct oqfs_slot *take_slot(struct oqfs_proxy *p,
				   const struct oq_request *req,
				   struct oqfs_cancel *cancel, int *rc)
{
	/* Just in case: the requests that fill the slots have deadlines of
	 * their own. */
	int64_t deadline =
		oqfs_now_ms() + OQFS_PATIENCE * (int64_t)p->o.timeout_ms;
	struct oqfs_slot *s = NULL;

	*rc = 0;
	oqfs_cancel_watch(cancel, &p->lock, &p->freed);
	pthread_mutex_lock(&p->lock);
	while (!s && !*rc) {
		if (p->closing || p->how != OQFS_END_OPEN) {
			*rc = OQFS_ASK_GONE;
		} else if (oqfs_cancel_fired(cancel)) {
			*rc = -EINTR;
		} else if ((s = free_slot_locked(p))) {
			fill_slot_locked(s, req);
		} else if (all_abandoned_locked(p)) {
			oqfs_proxy_kill_locked(p, OQFS_END_WANTED);
		} else {
			*rc = oqfs_wait_until(&p->freed, &p->lock, deadline);
		}
	}
	/* If a wake-up was meant for this thread, it passes on to another. */
	if (!s)
		pthread_cond_signal(&p->freed);
	pthread_mutex_unlock(&p->lock);
	oqfs_cancel_unwatch(cancel);
	return s;
}

void oqfs_proxy_done(void *slot)
{
	struct oqfs_slot *s = slot;
	struct oqfs_proxy *p = s->proxy;

	pthread_mutex_lock(&p->lock);
	oqfs_slot_free_locked(s);
	pthread_mutex_unlock(&p->lock);
	oqfs_proxy_put(p);
}

/* ---- asking ---- */

/* The socket is full: the reader is busy with what it has.  A look at the
 * cancel now and then is enough, this hardly ever happens. */
static int wait_writable(struct oqfs_proxy *p, struct oqfs_cancel *cancel)
{
	struct pollfd pfd = { .fd = p->sock, .events = POLLOUT };

	(void)poll(&pfd, 1, 20);
	if (oqfs_cancel_fired(cancel))
		return -EINTR;
	return oqfs_proxy_is_usable(p) ? 0 : OQFS_ASK_GONE;
}

/* Returns 0 or OQFS_ASK_GONE, or an errno, also of what may be tried again. */
static int send_locked(struct oqfs_slot *s, const struct oq_buf *msg)
{
	struct oqfs_proxy *p = s->proxy;

	if (p->closing || p->how != OQFS_END_OPEN)
		return OQFS_ASK_GONE;
	if (send(p->sock, msg->data, msg->len, MSG_DONTWAIT | MSG_NOSIGNAL) >=
	    0) {
		note_sent_locked(s);
		return 0;
	}
	if (errno != EPIPE && errno != ECONNRESET && errno != ENOTCONN)
		return -errno;
	p->closing = true;
	return OQFS_ASK_GONE;
}

/* Under the lock, so that the numbers are in the order in which the reader gets
 * the requests, and it is not held against it that we took our time. */
static int send_once(struct oqfs_slot *s, const struct oq_buf *msg)
{
	struct oqfs_proxy *p = s->proxy;
	bool wake;
	int rc;

	pthread_mutex_lock(&p->lock);
	rc = send_locked(s, msg);
	wake = rc == 0 && must_wake_locked(p);
	pthread_mutex_unlock(&p->lock);
	if (wake)
		wake_monitor(p);
	return rc;
}

static int send_request(struct oqfs_slot *s, const struct oq_buf *msg,
			struct oqfs_cancel *cancel)
{
	for (;;) {
		int rc = send_once(s, msg);

		if (rc == -EAGAIN) {
			rc = wait_writable(s->proxy, cancel);
			if (rc)
				return rc;
		} else if (rc != -EINTR) {
			return rc;
		}
	}
}

/* Free the slot of a request that was not sent. */
static void unsend(struct oqfs_slot *s)
{
	struct oqfs_proxy *p = s->proxy;

	pthread_mutex_lock(&p->lock);
	oqfs_slot_free_locked(s);
	pthread_mutex_unlock(&p->lock);
}

static int take_answer_locked(struct oqfs_slot *s, struct oqfs_reply *out,
			      struct oq_err *err)
{
	int status = s->reply.status;

	out->answered = true;
	if (status) {
		if (err)
			*err = s->reply.err;
		oqfs_slot_free_locked(s);
		return status;
	}
	out->reply = s->reply;
	out->bytes = oq_shm_slot(&s->proxy->shm, s->number);
	out->slot = s;
	oqfs_proxy_get(s->proxy); /* the answer's, for its bytes */
	return 0;
}

/* Best effort, never blocks.  A reader that does not get the message works in
 * vain, or keeps more or less than it should. */
static void tell(struct oqfs_proxy *p, const struct oq_request *req)
{
	OQ_BUF struct oq_buf msg = { 0 };

	oq_wire_put_request(req, &msg);
	if (!oq_buf_failed(&msg))
		(void)send(p->sock, msg.data, msg.len,
			   MSG_DONTWAIT | MSG_NOSIGNAL);
}

void oqfs_proxy_set_cache(struct oqfs_proxy *p, size_t bytes)
{
	tell(p, &(struct oq_request){
			.id = UINT32_MAX, .op = OQ_OP_CACHE, .off = bytes });
}

static int wait_reply(struct oqfs_slot *s, struct oqfs_cancel *cancel,
		      struct oqfs_reply *out, struct oq_err *err)
{
	struct oqfs_proxy *p = s->proxy;
	uint32_t id = s->id;
	bool abandoned = false;
	int rc;

	oqfs_cancel_watch(cancel, &p->lock, &s->settled);
	pthread_mutex_lock(&p->lock);
	/* Without a deadline: the monitor has it, and settles every slot. */
	while (s->state == OQFS_SLOT_SENT && !oqfs_cancel_fired(cancel))
		pthread_cond_wait(&s->settled, &p->lock);
	if (s->state == OQFS_SLOT_ANSWERED) {
		rc = take_answer_locked(s, out, err);
	} else if (s->state == OQFS_SLOT_LOST) {
		rc = s->lost;
		if (err)
			*err = p->why;
		oqfs_slot_free_locked(s);
	} else {
		rc = oq_err_set(err, -EINTR, "interrupted");
		s->abandoned = abandoned = true;
		/* Those who wait for a slot may now end the reader. */
		if (all_abandoned_locked(p))
			pthread_cond_broadcast(&p->freed);
	}
	pthread_mutex_unlock(&p->lock);
	oqfs_cancel_unwatch(cancel);
	if (abandoned)
		tell(p, &(struct oq_request){ .id = id, .op = OQ_OP_CANCEL });
	return rc;
}

int oqfs_proxy_ask(struct oqfs_proxy *p, const struct oq_request *req,
		   struct oqfs_cancel *cancel, struct oqfs_reply *out,
		   struct oq_err *err)
{
	OQ_BUF struct oq_buf msg = { 0 };
	struct oq_request full = *req;
	struct oqfs_slot *s;
	int rc;

	*out = (struct oqfs_reply){ 0 };
	if (req->name_len > OQ_WIRE_MAX_NAME ||
	    req->slice_len > OQ_WIRE_MAX_NAME)
		return oq_err_set(err, -ENAMETOOLONG, "name too long");
	if (full.len > OQ_SHM_SLOT_BYTES)
		full.len = OQ_SHM_SLOT_BYTES;

	s = take_slot(p, &full, cancel, &rc);
	if (!s)
		return oq_err_set(err, rc, "no reply from its reader");
	full.id = s->id;
	full.slot = s->number;
	oq_wire_put_request(&full, &msg);
	rc = oq_buf_failed(&msg) ? -ENOMEM : send_request(s, &msg, cancel);
	if (rc) {
		unsend(s);
		return oq_err_set(err, rc, "cannot ask its reader");
	}
	return wait_reply(s, cancel, out, err);
}
