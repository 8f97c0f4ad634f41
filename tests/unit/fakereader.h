/* SPDX-License-Identifier: MIT */
/* fakereader.h - a scripted reader, for the tests of the front
 *
 * The test program starts itself with "--reader".  How this reader starts is
 * said by the first words of the datastore; what it does with a request, by
 * the request's name.  It works off one request after the other, as a real
 * one does with what needs libhdf5.
 */
#ifndef FAKEREADER_H
#define FAKEREADER_H

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lib/ipc/shm.h"
#include "lib/ipc/wire.h"

#define TIMEOUT_MS 500 /* of a reader, in these tests */

struct fake {
	struct oq_shm shm;
	struct oq_request req;
	struct oq_reply reply;
	uint64_t share; /* of the cache, as we were told */
	char calc[128]; /* what came before all else */
};

static void fake_sleep(unsigned ms)
{
	struct timespec ts = { ms / 1000, (long)(ms % 1000) * 1000000 };

	nanosleep(&ts, NULL);
}

static void fake_send(const void *p, size_t n)
{
	if (send(OQ_WIRE_FD_SOCKET, p, n, MSG_NOSIGNAL) < 0)
		_exit(0);
}

static void fake_reply(const struct oq_reply *r)
{
	struct oq_buf out = { 0 };

	oq_wire_put_reply(r, &out);
	fake_send(out.data, out.len);
	oq_buf_free(&out);
}

static void fake_put(struct fake *f, const char *text)
{
	size_t n = strlen(text);

	memcpy(oq_shm_slot(&f->shm, f->req.slot), text, n);
	f->reply.nbytes = (uint32_t)n;
}

/* Which descriptors it has, and what else it was started with. */
static void fake_describe(struct fake *f)
{
	char text[256] = "";
	DIR *d = opendir("/proc/self/fd");
	unsigned long seen = 0;

	for (struct dirent *e; d && (e = readdir(d));)
		if (*e->d_name != '.' && atoi(e->d_name) != dirfd(d))
			seen |= 1UL << atoi(e->d_name);
	snprintf(text, sizeof(text), "fds %lx, environment %s, group %s", seen,
		 environ && *environ ? "full" : "empty",
		 getpgrp() == getpid() ? "own" : "foreign");
	if (d)
		closedir(d);
	fake_put(f, text);
}

static bool fake_is(const struct fake *f, const char *word)
{
	return f->req.name_len >= strlen(word) &&
	       memcmp(f->req.name, word, strlen(word)) == 0;
}

/* Uses up processor time. */
static void fake_compute(unsigned ms)
{
	struct timespec from, now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	do
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	while ((now.tv_sec - from.tv_sec) * 1000 +
		       (now.tv_nsec - from.tv_nsec) / 1000000 <
	       ms);
}

/* Gets hardly any processor: everybody else on the first one is more. */
static void fake_starve(void)
{
	const struct sched_param none = { 0 };
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	(void)sched_setaffinity(0, sizeof(first), &first);
	(void)sched_setscheduler(0, SCHED_IDLE, &none);
	fake_compute(20);
}

/* Waits as for a disk: a parent does while its child has its memory. */
static void fake_block(void)
{
	pid_t child = vfork();

	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
}

/* One long call: nothing is said, but memory is filled, or it is counted. */
static void fake_toil(struct fake *f, unsigned times)
{
	const size_t n = (size_t)2 << 20;

	for (unsigned i = 0; i < times; i++) {
		if (fake_is(f, "toil in memory")) {
			char *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

			for (size_t at = 0; p != MAP_FAILED && at < n;
			     at += 4096)
				p[at] = 1;
		} else if (fake_is(f, "toil in reads")) {
			atomic_fetch_add(oq_shm_counter(&f->shm), n);
		}
		fake_sleep(100);
	}
}

static void fake_die(const struct fake *f)
{
	if (fake_is(f, "exit"))
		_exit(3);
	if (fake_is(f, "crash"))
		raise(SIGSEGV);
	if (fake_is(f, "hang"))
		for (;;)
			pause();
	if (fake_is(f, "loop"))
		for (;;)
			fake_compute(1000);
	if (fake_is(f, "block"))
		fake_block();
	if (fake_is(f, "deaf")) { /* closes its socket, but stays */
		close(OQ_WIRE_FD_SOCKET);
		for (;;)
			pause();
	}
}

/* Everything a reader must not say.  Returns whether it was said. */
static bool fake_lie(struct fake *f)
{
	char bytes[4096] = "lies";

	if (fake_is(f, "lie nbytes")) {
		f->reply.nbytes = f->req.len + 1;
	} else if (fake_is(f, "lie size")) {
		f->reply.size = (uint64_t)INT64_MAX + 1;
	} else if (fake_is(f, "lie id")) {
		f->reply.id += OQ_SHM_SLOTS;
	} else if (fake_is(f, "lie start")) {
		f->reply.id = 0;
	} else if (fake_is(f, "lie status")) {
		f->reply.status = 7;
	} else if (fake_is(f, "lie short")) {
		fake_send(bytes, 4);
		return true;
	} else if (fake_is(f, "lie long")) {
		fake_send(bytes, sizeof(bytes));
		return true;
	} else if (fake_is(f, "lie flood")) {
		f->reply.flags = OQ_REPLY_PROGRESS;
		for (int i = 0; i < 100000; i++)
			fake_reply(&f->reply);
	} else {
		return false;
	}
	fake_reply(&f->reply);
	return true;
}

static uint64_t fake_chance(uint64_t *x, uint64_t n)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x % n;
}

/* A reply with some of its words as chance has them. */
static void fake_spoil(struct oq_reply *r, uint64_t *x)
{
	static const uint64_t odd[] = {
		0,	    1,	       31,
		32,	    4096,      4097,
		INT32_MAX,  INT64_MAX, (uint64_t)INT64_MAX + 1,
		UINT64_MAX, 1 << 20,   (1 << 20) + 1
	};
	uint64_t word = odd[fake_chance(x, sizeof(odd) / sizeof(*odd))];

	switch (fake_chance(x, 9)) {
	case 0:
		r->id = (uint32_t)word;
		break;
	case 1:
		r->id += (uint32_t)fake_chance(x, 64);
		break;
	case 2:
		r->flags = (uint32_t)fake_chance(x, 3);
		break;
	case 3:
		r->status = (int32_t)fake_chance(x, 300) - 200;
		break;
	case 4:
		r->nbytes = (uint32_t)word;
		break;
	case 5:
		r->size = word;
		break;
	case 6:
		r->ext_len = word;
		r->ext_off = fake_chance(x, 2) ? word : 3;
		break;
	case 7:
		r->ext_at = word;
		r->ext_len = 1;
		break;
	default:
		memset(r->err.text, (int)fake_chance(x, 256), 200);
	}
}

/* Whatever chance says: bytes, replies to this, to others and to nothing, once
 * or more often, and perhaps the right one. */
static void fake_nonsense(struct fake *f, uint64_t seed)
{
	uint64_t x = seed * 0x9e3779b97f4a7c15 + 1;
	uint8_t bytes[2000];

	for (uint64_t i = fake_chance(&x, 5); i-- > 0;) {
		struct oq_reply r = f->reply;

		if (fake_chance(&x, 5) == 0) {
			for (size_t k = 0; k < sizeof(bytes); k++)
				bytes[k] = (uint8_t)fake_chance(&x, 256);
			fake_send(bytes, 1 + fake_chance(&x, sizeof(bytes)));
			continue;
		}
		for (uint64_t k = fake_chance(&x, 4); k-- > 0;)
			fake_spoil(&r, &x);
		fake_reply(&r);
	}
	if (fake_chance(&x, 8) == 0)
		fake_sleep(TIMEOUT_MS + 50);
}

static void fake_answer(struct fake *f)
{
	char text[64];

	if (fake_is(f, "nonsense "))
		fake_nonsense(f, strtoull(f->req.slice, NULL, 10));
	if (fake_is(f, "echo"))
		fake_put(f, f->req.slice);
	if (fake_is(f, "pid")) {
		snprintf(text, sizeof(text), "%d", getpid());
		fake_put(f, text);
	}
	if (fake_is(f, "share")) {
		snprintf(text, sizeof(text), "%llu",
			 (unsigned long long)f->share);
		fake_put(f, text);
	}
	if (fake_is(f, "calc"))
		fake_put(f, f->calc);
	if (fake_is(f, "describe"))
		fake_describe(f);
	if (fake_is(f, "slow"))
		fake_sleep(100);
	if (fake_is(f, "very slow"))
		fake_sleep(600);
	if (fake_is(f, "starve"))
		fake_starve();
	if (fake_is(f, "toil"))
		fake_toil(f, 20);
	if (fake_is(f, "extent")) { /* of the bytes 4..8 of the file */
		f->reply.size = 10;
		f->reply.ext_at = 6;
		f->reply.ext_off = 4;
		f->reply.ext_len = 4;
	}
	if (fake_is(f, "extent beyond"))
		f->reply.ext_off = 1000000;
	if (fake_is(f, "extent huge"))
		f->reply.ext_off = UINT64_MAX - 1;
	if (fake_is(f, "error")) {
		f->reply.status = fake_is(f, "error odd") ? -ENOSYS : -ENODATA;
		snprintf(f->reply.err.text, sizeof(f->reply.err.text),
			 "no such thing\n");
	}
	for (int i = 0;
	     fake_is(f, "no end") || (i < 8 && fake_is(f, "progress")); i++) {
		f->reply.flags = OQ_REPLY_PROGRESS;
		fake_reply(&f->reply);
		f->reply.flags = 0;
		fake_sleep(100);
	}
	fake_reply(&f->reply);
	if (fake_is(f, "twice"))
		fake_reply(&f->reply);
	if (fake_is(f, "echo and crash"))
		raise(SIGSEGV);
}

static void fake_start(void)
{
	struct oq_reply r = { .err = { "no HDF5 file" } };
	char text[64] = "";

	if (pread(OQ_WIRE_FD_FILE, text, sizeof(text) - 1, 0) < 0)
		_exit(1);
	if (strncmp(text, "refuse", 6) == 0) {
		r.status = -EIO;
		fake_reply(&r);
		_exit(1);
	}
	if (strncmp(text, "crash", 5) == 0)
		raise(SIGSEGV);
	if (strncmp(text, "hello", 5) == 0)
		fake_reply(&(struct oq_reply){ 0 });
}

/* Like a real one: a message, with the descriptors that came with it. */
static ssize_t fake_receive(char *to, size_t size, int fds[2], size_t *nfds)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(2 * sizeof(int))];
	} control = { 0 };
	struct iovec io = { to, size };
	struct msghdr msg = {
		.msg_iov = &io,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(OQ_WIRE_FD_SOCKET, &msg, 0);
	const struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&msg) : NULL;

	*nfds = c ? (c->cmsg_len - CMSG_LEN(0)) / sizeof(int) : 0;
	if (c)
		memcpy(fds, CMSG_DATA(c), *nfds * sizeof(int));
	return n;
}

/* The number, the reason, and how each of the other files begins. */
static void fake_note_calc(struct fake *f, const int *fds, size_t nfds)
{
	size_t n = (size_t)snprintf(f->calc, sizeof(f->calc), "%llu '%.*s'",
				    (unsigned long long)f->req.off,
				    (int)f->req.name_len, f->req.name);

	for (size_t i = 0; i < nfds; i++) {
		char text[16] = "";

		if (pread(fds[i], text, sizeof(text) - 1, 0) < 0)
			_exit(1);
		n += (size_t)snprintf(f->calc + n, sizeof(f->calc) - n, " %s",
				      text);
	}
}

static int fake_reader(void)
{
	static char msg[OQ_WIRE_MAX_BYTES];
	struct fake f = { 0 };
	int fds[2];
	size_t nfds;

	signal(SIGSEGV, SIG_DFL); /* no sanitizer's report */
	if (oq_shm_map(&f.shm, OQ_WIRE_FD_SHM, NULL))
		return 1;
	fake_start();
	for (;;) {
		ssize_t n = fake_receive(msg, sizeof(msg), fds, &nfds);

		if (n <= 0)
			break;
		if (oq_wire_decode_request(msg, (size_t)n, &f.req))
			return 1;
		if (f.req.op == OQ_OP_CACHE)
			f.share = f.req.off;
		if (f.req.op == OQ_OP_CALC)
			fake_note_calc(&f, fds, nfds);
		if (f.req.op == OQ_OP_CANCEL || f.req.op == OQ_OP_CACHE ||
		    f.req.op == OQ_OP_CALC)
			continue; /* no reply is due */
		f.reply = (struct oq_reply){ .id = f.req.id };
		fake_die(&f);
		if (!fake_lie(&f))
			fake_answer(&f);
	}
	_exit(0);
}

#endif
