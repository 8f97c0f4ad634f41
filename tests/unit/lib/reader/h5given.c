/* SPDX-License-Identifier: MIT */
/* h5given.c - a reader in its sandbox, and the descriptors it is sent */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/ipc/shm.h"
#include "lib/ipc/wire.h"
#include "lib/reader/reader.h"
#include "tests/make/h5fixture.h"

struct state {
	pid_t pid;
	int sock, file, shm_fd;
	struct oq_shm shm;
};

/* What a reader is started with, at its places; then what readers do. */
static void be_reader(const struct state *s, int sock)
{
	const struct oq_reader r = {
		.opts = { .nthreads = 1,
			  .cache_bytes = 1 << 20,
			  .sandbox = true },
	};
	int from[] = { fcntl(sock, F_DUPFD, 20), fcntl(s->file, F_DUPFD, 20),
		       fcntl(s->shm_fd, F_DUPFD, 20) };

	for (int i = 0; i < 3; i++)
		if (dup2(from[i], OQ_WIRE_FD_SOCKET + i) < 0)
			_exit(9);
	(void)close_range(OQ_WIRE_FD_SHM + 1, ~0U, 0);
	oq_reader_run(&r);
}

static bool hear(struct state *s, struct oq_reply *r)
{
	char msg[1024];
	struct pollfd p = { .fd = s->sock, .events = POLLIN };
	ssize_t n;

	assert_int_equal(poll(&p, 1, 10000), 1);
	n = recv(s->sock, msg, sizeof(msg), 0);
	if (n <= 0)
		return false;
	assert_int_equal(oq_wire_decode_reply(msg, (size_t)n, r), 0);
	return true;
}

static int set_up(void **ctx)
{
	char name[] = "/tmp/oqfs-given-XXXXXX";
	struct state *s = mk_alloc(sizeof(*s));
	struct oq_reply hello;
	int pair[2];
	hid_t file;

	OK(mkstemp(name));
	file = mk_file(name, LATEST, 0);
	mk_attr_str(file, "engine_version", "3.25.0");
	mk_done(file);
	s->file = (int)OK(open(name, O_RDONLY | O_CLOEXEC));
	OK(unlink(name));
	OK(oq_shm_create(&s->shm, &s->shm_fd, NULL));
	OK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair));
	s->pid = (pid_t)OK(fork());
	if (s->pid == 0)
		be_reader(s, pair[1]);
	close(pair[1]);
	s->sock = pair[0];
	assert_true(hear(s, &hello));
	assert_int_equal(hello.status, 0);
	*ctx = s;
	return 0;
}

static int tear_down(void **ctx)
{
	struct state *s = *ctx;

	close(s->sock);
	waitpid(s->pid, NULL, 0);
	close(s->file);
	close(s->shm_fd);
	oq_shm_unmap(&s->shm);
	free(s);
	return 0;
}

/* Send a request with 'n' descriptors, all of the file. */
static void tell(struct state *s, enum oq_op op, const char *name, size_t n)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(3 * sizeof(int))];
	} control = { 0 };
	struct oq_request q = {
		.id = 7,
		.op = op,
		.object = OQ_WIRE_EXPORT,
		.part = OQ_WIRE_NO_PART,
		.len = 4096,
		.off = op == OQ_OP_CALC ? 42 : 0,
		.name = name,
		.name_len = (uint32_t)strlen(name) + (op == OQ_OP_SOURCES),
	};
	OQ_BUF struct oq_buf text = { 0 };
	struct iovec io;
	struct msghdr msg = { .msg_iov = &io, .msg_iovlen = 1 };

	oq_wire_put_request(&q, &text);
	io = (struct iovec){ text.data, text.len };
	if (n) {
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(n * sizeof(int));
		control.head.cmsg_level = SOL_SOCKET;
		control.head.cmsg_type = SCM_RIGHTS;
		control.head.cmsg_len = CMSG_LEN(n * sizeof(int));
		for (size_t i = 0; i < n; i++)
			memcpy(CMSG_DATA(&control.head) + i * sizeof(int),
			       &s->file, sizeof(int));
	}
	OK(sendmsg(s->sock, &msg, MSG_NOSIGNAL));
}

static void expect_end(struct state *s)
{
	struct oq_reply r;
	int status;

	assert_false(hear(s, &r));
	OK(waitpid(s->pid, &status, 0));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
}

static void expect_listing(struct state *s)
{
	struct oq_reply r;

	tell(s, OQ_OP_LIST, "", 0);
	assert_true(hear(s, &r));
	assert_int_equal(r.id, 7);
	assert_int_equal(r.status, 0);
}

/* ---- the tests ---- */

static void taken(void **ctx)
{
	struct state *s = *ctx;
	struct oq_reply r;

	tell(s, OQ_OP_CALC, "no more", 2);
	expect_listing(s);
	tell(s, OQ_OP_XGET, "oqfs.export", 0);
	assert_true(hear(s, &r));
	assert_int_equal(r.status, 0);
	assert_memory_equal(oq_shm_slot(&s->shm, 0), "{", 1);
	tell(s, OQ_OP_XGET, "oqfs.shape", 0);
	assert_true(hear(s, &r));
	assert_int_equal(r.status, -ENODATA);
}

static void none_needed(void **ctx)
{
	expect_listing(*ctx);
}

static void not_asked_for(void **ctx)
{
	struct state *s = *ctx;

	tell(s, OQ_OP_LIST, "", 1);
	expect_end(s);
}

static void twice(void **ctx)
{
	struct state *s = *ctx;

	tell(s, OQ_OP_CALC, "", 1);
	tell(s, OQ_OP_CALC, "", 1);
	expect_end(s);
}

static void too_late(void **ctx)
{
	struct state *s = *ctx;

	expect_listing(s);
	tell(s, OQ_OP_CALC, "", 1);
	expect_end(s);
}

static void sources(void **ctx)
{
	struct state *s = *ctx;

	tell(s, OQ_OP_SOURCES, "a.h5", 1);
	expect_listing(s);
	tell(s, OQ_OP_SOURCES, "b.h5", 1);
	expect_end(s);
}

static void nameless(void **ctx)
{
	struct state *s = *ctx;

	tell(s, OQ_OP_SOURCES, "a.h5", 2);
	expect_end(s);
}

static void too_many(void **ctx)
{
	struct state *s = *ctx;

	tell(s, OQ_OP_CALC, "", 3);
	expect_end(s);
}

#define TEST(sentence, fn)                            \
	{                                             \
		sentence, fn, set_up, tear_down, NULL \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("a reader takes the datastores it is given", taken),
		TEST("and does without", none_needed),
		TEST("others that it is sent end it", not_asked_for),
		TEST("it takes them once", twice),
		TEST("and before it is asked anything", too_late),
		TEST("sources are taken once", sources),
		TEST("each source has a name", nameless),
		TEST("more than there can be end it", too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
