/* SPDX-License-Identifier: MIT */
/* reader.c - the child process that reads one datastore
 *
 *	main thread    receives requests; lists, describes, opens views;
 *	               runs errands (libhdf5 for the workers)
 *	workers        sizes and bytes of views, straight into the slots;
 *	               they send their replies themselves
 */

#include "lib/reader/reader.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/ipc/shm.h"
#include "lib/ipc/wire.h"
#include "lib/reader/sandbox.h"
#include "lib/reader/store.h"

/* A request that may take a while tells so, once a second. */
struct pulse {
	uint32_t id;
	char name[64]; /* of what is worked on, as far as it fits */
	time_t told;
	atomic_bool cancelled;
};

/* How the fields below are protected:
 *   I  set before there are workers, never changed
 *   L  under 'lock' */
struct reader {
	struct oq_shm shm;	/* I */
	struct oq_store *store; /* I */
	pthread_mutex_t lock;
	struct task *tasks; /* L: those on their way */
};

/* A VIEW or READ on its way through a worker. */
struct task {
	struct oq_job job; /* first: the job is its task */
	struct reader *reader;
	struct oq_cached_file *view;
	enum oq_op op;
	uint32_t slot, len;
	uint64_t off;
	struct pulse pulse;
	struct task *next; /* L */
};

/* Add what the user can do: the reader is at its own limit, while the machine
 * may have more memory. */
static void name_remedy(struct oq_err *err)
{
	static const char remedy[] = " (more with -o memory)";
	size_t n = strnlen(err->text, sizeof(err->text) - sizeof(remedy));

	memcpy(err->text + n, remedy, sizeof(remedy));
}

/* One message is one packet: it arrives whole or the front is gone, which
 * the main thread will see. */
static void send_reply(struct oq_reply *r)
{
	OQ_BUF struct oq_buf msg = { 0 };

	if (r->status == -ENOMEM)
		name_remedy(&r->err);
	oq_wire_put_reply(r, &msg);
	if (!oq_buf_failed(&msg))
		(void)send(OQ_WIRE_FD_SOCKET, msg.data, msg.len, MSG_NOSIGNAL);
}

static bool tell_progress(void *ctx, uint64_t done, uint64_t all)
{
	struct pulse *p = ctx;
	struct oq_reply r = { .id = p->id, .flags = OQ_REPLY_PROGRESS };
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	if (now.tv_sec != p->told) {
		p->told = now.tv_sec;
		if (all)
			oq_err_set(&r.err, 0,
				   "%s: %" PRIu64 " of %" PRIu64
				   " rows measured",
				   p->name, done, all);
		send_reply(&r);
	}
	return !atomic_load(&p->cancelled);
}

/* ---- tasks on their way ---- */

static void add_task(struct reader *rd, struct task *t)
{
	pthread_mutex_lock(&rd->lock);
	t->next = rd->tasks;
	rd->tasks = t;
	pthread_mutex_unlock(&rd->lock);
}

static void remove_task(struct reader *rd, const struct task *t)
{
	struct task **p = &rd->tasks;

	pthread_mutex_lock(&rd->lock);
	while (*p != t)
		p = &(*p)->next;
	*p = t->next;
	pthread_mutex_unlock(&rd->lock);
}

static void cancel_task(struct reader *rd, uint32_t id)
{
	pthread_mutex_lock(&rd->lock);
	for (struct task *t = rd->tasks; t; t = t->next)
		if (t->pulse.id == id)
			atomic_store(&t->pulse.cancelled, true);
	pthread_mutex_unlock(&rd->lock);
}

/* ---- workers ---- */

static void do_task(struct oq_job *job)
{
	struct task *t = (struct task *)job;
	struct oq_file *s = oq_filecache_file(t->view);
	struct oq_progress progress = { tell_progress, &t->pulse };
	struct oq_reply r = { .id = t->pulse.id };
	ssize_t n = 0;

	oq_store_quiesce(t->reader->store);
	/* A read measures too where that has not been done by this reader. */
	r.status = s->size(s, &progress, &r.size, &r.err);
	if (r.status == 0 && t->op == OQ_OP_READ && s->ready)
		r.status = s->ready(s, t->off, t->len, &progress, &r.err);
	if (r.status == 0 && t->op == OQ_OP_READ) {
		n = s->read(s, t->off, t->len,
			    oq_shm_slot(&t->reader->shm, t->slot), &r.err);
		r.status = n < 0 ? (int32_t)n : 0;
		r.nbytes = n < 0 ? 0 : (uint32_t)n;
	} else if (r.status == 0) {
		r.ext_at = s->ext_at;
		r.ext_off = s->ext_off;
		r.ext_len = s->ext_len;
	}
	oq_filecache_put(t->view);
	remove_task(t->reader, t);
	send_reply(&r);
	free(t);
}

/* ---- the main thread ---- */

static int start_task(struct reader *rd, const struct oq_request *q,
		      struct oq_err *err)
{
	struct task *t = calloc(1, sizeof(*t));
	int r;

	if (!t)
		return oq_err_set(err, -ENOMEM, "no memory");
	r = oq_store_view(rd->store, q, &t->view, err);
	if (r < 0) {
		free(t);
		return r;
	}
	t->job.run = do_task;
	t->reader = rd;
	t->op = q->op;
	t->pulse.id = q->id;
	snprintf(t->pulse.name, sizeof(t->pulse.name), "%.*s%.*s",
		 (int)q->name_len, q->name, (int)q->slice_len, q->slice);
	t->slot = q->slot;
	t->len = q->len;
	t->off = q->off;
	add_task(rd, t);
	oq_pool_submit(oq_store_env(rd->store)->pool, &t->job, OQ_URGENT);
	return 0;
}

static int do_list(struct reader *rd, const struct oq_request *q,
		   struct oq_buf *out, struct oq_reply *r)
{
	struct pulse pulse = { .id = q->id };
	struct oq_progress progress = { tell_progress, &pulse };
	struct oq_list_spec spec = { q->object, q->off, q->len, &progress };

	return oq_store_list(rd->store, &spec, out, &r->size, &r->err);
}

static int do_family(struct reader *rd, const struct oq_request *q,
		     struct oq_buf *out, struct oq_reply *r)
{
	struct pulse pulse = { .id = q->id };
	struct oq_progress progress = { tell_progress, &pulse };
	struct oq_list_spec spec = { q->object, 0, q->len, &progress };
	OQ_BUF struct oq_buf names = { 0 };

	if (!q->name_len || q->name[q->name_len - 1])
		return oq_err_set(&r->err, -EPROTO, "no names");
	oq_buf_put(&names, q->name, q->name_len);
	if (oq_buf_failed(&names))
		return oq_err_set(&r->err, -ENOMEM, "no memory");
	return oq_store_family(rd->store, &spec, &names, out, &r->size,
			       &r->err);
}

static int do_xlists(struct reader *rd, const struct oq_request *q,
		     struct oq_buf *out, struct oq_err *err)
{
	struct oq_cursor l = { (const uint8_t *)q->name, q->name_len, false };
	struct pulse pulse = { .id = q->id };
	int r = 0;

	while (l.left && r == 0) {
		OQ_BUF struct oq_buf names = { 0 };
		uint64_t object = oq_cursor_u64(&l);

		if (l.bad)
			return oq_err_set(err, -EPROTO, "half a number");
		(void)tell_progress(&pulse, 0, 0);
		r = oq_store_xlist(rd->store, object, &names, err);
		if (r == 0 && out->len + sizeof(uint32_t) + names.len > q->len)
			break;
		oq_buf_put_str(out, names.data, names.len);
	}
	if (r == 0 && oq_buf_failed(out))
		r = oq_err_set(err, -ENOMEM, "no memory");
	return r;
}

static int do_xget(struct reader *rd, const struct oq_request *q,
		   struct oq_buf *out, struct oq_err *err)
{
	OQ_FREE char *name = strndup(q->name, q->name_len);

	if (!name)
		return oq_err_set(err, -ENOMEM, "no memory");
	return oq_store_xget(rd->store, q->object, name, out, err);
}

/* What is answered by the main thread at once. */
static void answer(struct reader *rd, const struct oq_request *q)
{
	struct oq_reply r = { .id = q->id };
	OQ_BUF struct oq_buf out = { 0 };

	switch (q->op) {
	case OQ_OP_LIST:
		r.status = do_list(rd, q, &out, &r);
		break;
	case OQ_OP_FAMILY:
		r.status = do_family(rd, q, &out, &r);
		break;
	case OQ_OP_XLIST:
		r.status = oq_store_xlist(rd->store, q->object, &out, &r.err);
		break;
	case OQ_OP_XLISTS:
		r.status = do_xlists(rd, q, &out, &r.err);
		break;
	case OQ_OP_XGET:
		r.status = do_xget(rd, q, &out, &r.err);
		break;
	case OQ_OP_XCHECK:
		r.status = oq_store_xcheck(rd->store, q->object, &r.err);
		break;
	case OQ_OP_VIEW:
	case OQ_OP_READ:
		r.status = start_task(rd, q, &r.err);
		if (r.status == 0)
			return;
		break;
	case OQ_OP_CANCEL:
		cancel_task(rd, q->id);
		return;
	case OQ_OP_CACHE:
		oq_cache_set_budget(oq_store_env(rd->store)->cache,
				    oq_min_u64(q->off, SIZE_MAX));
		return;
	case OQ_OP_CALC: /* take_request() */
	case OQ_OP_SOURCES:
	case OQ_NOPS:
		return;
	}
	if (r.status == 0 && out.len > q->len)
		r.status = oq_err_set(&r.err, -E2BIG, "too long an answer");
	if (r.status == 0 && out.len) {
		memcpy(oq_shm_slot(&rd->shm, q->slot), out.data, out.len);
		r.nbytes = (uint32_t)out.len;
	}
	send_reply(&r);
}

/* Descriptors that came with a message. */
struct gift {
	int fds[OQ_MAX_SOURCES];
	size_t n;
};

/* One message, and what came with it.  Returns its length, or -errno. */
static ssize_t receive(uint8_t *to, struct gift *gift)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(gift->fds))];
	} control = { 0 };
	struct iovec io = { to, OQ_WIRE_MAX_BYTES };
	struct msghdr msg = {
		.msg_iov = &io,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(OQ_WIRE_FD_SOCKET, &msg, MSG_DONTWAIT);
	const struct cmsghdr *c = n < 0 ? NULL : CMSG_FIRSTHDR(&msg);

	gift->n = 0;
	if (n < 0)
		return -errno;
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
		gift->n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(gift->fds, CMSG_DATA(c), gift->n * sizeof(int));
	}
	return msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC) ? -EPROTO : n;
}

/* Keep the descriptors if the request is one that brings some; else close them.
 */
static int take_gift(struct reader *rd, const struct oq_request *q,
		     const struct gift *gift)
{
	struct oq_calc_spec spec = {
		.number = q->off,
		.fds = gift->fds,
		.nfds = gift->n,
		.absent = q->name,
		.absent_len = q->name_len,
	};
	int r = 0;

	if (q->op == OQ_OP_CALC)
		r = gift->n <= OQ_MAX_PARENTS
			    ? oq_store_set_calc(rd->store, &spec)
			    : -EPROTO;
	else if (q->op == OQ_OP_SOURCES)
		r = oq_h5_set_sources(oq_store_env(rd->store)->h5, gift->fds,
				      gift->n, q->name, q->name_len);
	else if (gift->n)
		r = -EPROTO;
	if (r < 0)
		for (size_t i = 0; i < gift->n; i++)
			(void)close(gift->fds[i]);
	return r;
}

/* Returns 1, 0 when the front is gone, or a negative errno. */
static int take_request(struct reader *rd, uint8_t *msg)
{
	struct oq_request q;
	struct gift gift;
	ssize_t n = receive(msg, &gift);
	int r;

	if (n < 0)
		return n == -EAGAIN || n == -EINTR ? 1 : (int)n;
	if (n == 0)
		return 0;
	if (oq_wire_decode_request(msg, (size_t)n, &q) < 0)
		return -EPROTO;
	r = take_gift(rd, &q, &gift);
	if (r < 0)
		return r;
	answer(rd, &q);
	return 1;
}

static int serve(struct reader *rd)
{
	struct oq_errands *errands = oq_store_env(rd->store)->errands;
	OQ_FREE uint8_t *msg = malloc(OQ_WIRE_MAX_BYTES);
	struct pollfd fds[2] = {
		{ .fd = OQ_WIRE_FD_SOCKET, .events = POLLIN },
		{ .fd = oq_errands_fd(errands), .events = POLLIN },
	};
	int r = 1;

	while (msg && r > 0) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return -errno;
		if (fds[1].revents)
			oq_errands_run(errands);
		if (fds[0].revents)
			r = take_request(rd, msg);
	}
	return msg ? r : -ENOMEM;
}

/* ---- starting ---- */

/* The path of the datastore, found while the sandbox still allows to ask. */
static const char *find_path(char path[PATH_MAX])
{
	char link[32];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", OQ_WIRE_FD_FILE);
	n = readlink(link, path, PATH_MAX - 1);
	if (n < 0)
		return NULL;
	path[n] = '\0';
	return path;
}

static int start(const struct oq_reader *w, struct reader *rd,
		 struct oq_err *err)
{
	char path[PATH_MAX];
	struct oq_sandbox box = {
		.memory_bytes = w->opts.memory_bytes,
		.open_files = 64 + OQ_MAX_SOURCES,
		.program = w->program,
	};
	struct oq_store_opts opts = {
		.fd = OQ_WIRE_FD_FILE,
		.path = find_path(path),
		.reader = w->opts,
		.seal = w->opts.sandbox ? oq_sandbox_seal : NULL,
	};
	int r = oq_shm_map(&rd->shm, OQ_WIRE_FD_SHM, err);

	if (r == 0)
		opts.nread = oq_shm_counter(&rd->shm);
	if (r == 0 && w->opts.sandbox)
		r = oq_sandbox_enter(&box, err);
	if (r == 0)
		r = oq_store_open(&opts, &rd->store, err);
	return r;
}

void oq_reader_run(const struct oq_reader *r)
{
	struct oq_reply hello = { .id = 0 };
	struct reader rd = { .lock = PTHREAD_MUTEX_INITIALIZER };

	hello.status = start(r, &rd, &hello.err);
	send_reply(&hello);
	/* Whatever libhdf5 would tidy up at exit has been known to crash on
	 * damaged files, and the kernel tidies up better. */
	if (hello.status < 0)
		_exit(1);
	_exit(serve(&rd) < 0);
}

int oq_reader_main(int argc, char **argv)
{
	struct oq_reader r = { .program = NULL };

	signal(SIGPIPE, SIG_IGN);
	if (!oq_reader_opts_decode(argc, argv, &r.opts))
		return 2;
	oq_reader_run(&r);
}
