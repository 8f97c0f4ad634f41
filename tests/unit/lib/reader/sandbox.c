/* SPDX-License-Identifier: MIT */
/* sandbox.c - what a reader can and cannot do once it is shut in
 *
 * Each attempt is made in a child of its own, shut in, since there is no way
 * back out.
 */

#include "lib/reader/sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/sanitized.h"
#include "tests/unit/test.h"

/* What a child is given before it is shut in, as a reader is. */
struct given {
	int file;      /* a regular file, for reading */
	int socket[2]; /* a seqpacket pair */
	pid_t parent;
};

/* Returns 0 if all went as a reader needs it, else some number. */
typedef int attempt(const struct given *g);

enum { NO_SANDBOX = 100 };

/* The exit status of the attempt, or 1000 and the signal it died of. */
static int shut_in(attempt *try)
{
	const struct oq_sandbox limits = {
		.memory_bytes = (size_t)1 << 30,
		.open_files = 16,
	};
	struct given g = { .parent = getpid() };
	struct oq_err err = { 0 };
	int status;
	pid_t pid;

	g.file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	assert_true(g.file >= 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, g.socket), 0);
	pid = fork();
	if (pid == 0) {
		if (oq_sandbox_enter(&limits, &err)) {
			fprintf(stderr, "# %s\n", err.text);
			_exit(NO_SANDBOX);
		}
		_exit(try(&g));
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(g.file);
	close(g.socket[0]);
	close(g.socket[1]);
	if (WIFSIGNALED(status))
		return 1000 + WTERMSIG(status);
	return WEXITSTATUS(status);
}

static int refused(long rc)
{
	if (rc >= 0)
		return 1;
	return errno == EPERM || errno == EACCES || errno == ENOSYS ? 0 : 2;
}

/* ---- what it needs ---- */

static int reads(const struct given *g)
{
	char b[8];
	struct stat st;

	return !(pread(g->file, b, 4, 0) == 4 && memcmp(b, "\177ELF", 4) == 0 &&
		 fstat(g->file, &st) == 0 && lseek(g->file, 0, SEEK_END) > 0);
}

static int talks(const struct given *g)
{
	struct pollfd pfd = { .fd = g->socket[1], .events = POLLIN };
	struct iovec iov = { .iov_base = (char[]){ "hi" }, .iov_len = 2 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	char b[8];

	return !(send(g->socket[0], "hi", 2, MSG_NOSIGNAL) == 2 &&
		 poll(&pfd, 1, 1000) == 1 && recv(g->socket[1], b, 8, 0) == 2 &&
		 sendmsg(g->socket[1], &m, 0) == 2 &&
		 recvmsg(g->socket[0], &m, 0) == 2);
}

static int allocates(const struct given *g)
{
	char *p = malloc(64 << 20);

	(void)g;
	if (!p)
		return 1;
	memset(p, 1, 64 << 20);
	p = realloc(p, 96 << 20);
	if (!p || p[5] != 1)
		return 2;
	free(p);
	return 0;
}

static void *ring(void *arg)
{
	const uint64_t one = 1;
	int *fd = arg;

	return write(*fd, &one, sizeof(one)) == sizeof(one) ? arg : NULL;
}

static int threads(const struct given *g)
{
	struct timespec ts = { 0, 1000000 };
	pthread_t t[4];
	uint64_t n = 0;
	void *rung;
	int fd = eventfd(0, EFD_CLOEXEC);

	(void)g;
	for (int i = 0; i < 4; i++)
		if (pthread_create(&t[i], NULL, ring, &fd))
			return 1;
	for (int i = 0; i < 4; i++)
		if (pthread_join(t[i], &rung) || !rung)
			return 2;
	nanosleep(&ts, NULL);
	return read(fd, &n, sizeof(n)) == sizeof(n) && n == 4 ? 0 : 3;
}

static int complains(const struct given *g)
{
	(void)g;
	abort(); /* as assert() does; not a death by seccomp */
}

static int sorts(const struct given *g)
{
	time_t now = time(NULL);
	struct tm tm;

	(void)g; /* libc looks for the time zone, and does without */
	return localtime_r(&now, &tm) ? 0 : 1;
}

/* ---- what it must not, and does without ---- */

static int opens(const struct given *g)
{
	(void)g;
	return refused(open("/etc/passwd", O_RDONLY)) |
	       refused(open(".", O_RDONLY | O_DIRECTORY)) |
	       refused(open("/tmp", O_TMPFILE | O_RDWR, 0600)) |
	       refused(syscall(SYS_openat2, AT_FDCWD, "/", NULL, 0)) |
	       refused(unlink("/tmp/nothing")) |
	       refused(mkdir("/tmp/nothing", 0700)) |
	       refused(rename("/tmp/a", "/tmp/b")) |
	       refused(symlink("a", "/tmp/b")) | refused(chmod("/tmp", 0700)) |
	       refused(truncate("/tmp/a", 0));
}

static int stats(const struct given *g)
{
	struct stat st;
	char b[64];

	(void)g;
	return refused(stat("/etc/passwd", &st)) |
	       refused(access("/etc/passwd", R_OK)) |
	       refused(readlink("/proc/self/exe", b, sizeof(b))) |
	       refused(getcwd(b, sizeof(b)) ? 0 : -1);
}

static int locks(const struct given *g)
{
	struct flock l = { .l_type = F_RDLCK };

	return refused(flock(g->file, LOCK_SH)) |
	       refused(fcntl(g->file, F_SETLK, &l)) |
	       refused(fcntl(g->file, F_OFD_SETLK, &l)) |
	       refused(fcntl(g->file, F_SETFL, O_NONBLOCK)) |
	       refused(ioctl(g->file, TIOCSTI, "x"));
}

static int signals_others(const struct given *g)
{
	return refused(kill(g->parent, 0)) |
	       refused(syscall(SYS_tgkill, g->parent, g->parent, 0)) |
	       refused(kill(-1, 0));
}

static int makes_code(const struct given *g)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *x = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *f = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, g->file,
		       0);

	if (p == MAP_FAILED)
		return 4;
	return refused(x == MAP_FAILED ? -1 : 0) |
	       refused(f == MAP_FAILED ? -1 : 0) |
	       refused(mprotect(p, 4096, PROT_READ | PROT_EXEC));
}

static int changes_limits(const struct given *g)
{
	struct rlimit l = { 1 << 20, 1 << 20 };

	return refused(setrlimit(RLIMIT_NOFILE, &l)) |
	       refused(setrlimit(RLIMIT_AS, &l)) |
	       refused(prctl(PR_SET_DUMPABLE, 1)) |
	       refused(syscall(SYS_prlimit64, g->parent, RLIMIT_CORE, &l,
			       NULL));
}

static int keeps_limits(const struct given *g)
{
	struct rlimit l;

	(void)g;
	if (getrlimit(RLIMIT_CORE, &l) || l.rlim_max != 0)
		return 1;
	if (getrlimit(RLIMIT_FSIZE, &l) || l.rlim_max != 0)
		return 2;
	if (getrlimit(RLIMIT_NOFILE, &l) || l.rlim_max != 16)
		return 3;
	if (!OQ_SANITIZED &&
	    mmap(NULL, (size_t)2 << 30, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
		return 4;
	for (int i = 0; i < 20; i++)
		if (eventfd(0, 0) < 0)
			return errno == EMFILE ? 0 : 5;
	return 6;
}

/* Its last word goes to a stderr that may be a file: no death of SIGXFSZ. */
static int writes_no_file(const struct given *g)
{
	(void)g;
	return write(STDERR_FILENO, "", 0) == 0 ? 0 : 1;
}

/* ---- what it dies of ---- */

static int execs(const struct given *g)
{
	char name[] = "/bin/true";
	char *argv[] = { name, NULL };

	(void)g;
	return execv(name, argv) ? 1 : 2;
}

static int forks(const struct given *g)
{
	(void)g;
	/* Past a sanitizer's and libc's own thoughts about forking. */
	return syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL) ? 1 : 2;
}

static int namespaces(const struct given *g)
{
	(void)g;
	return unshare(CLONE_NEWUSER) ? 1 : 2;
}

static int connects(const struct given *g)
{
	(void)g;
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? 1 : 2;
}

static int traces(const struct given *g)
{
	return ptrace(PTRACE_ATTACH, g->parent, NULL, NULL) ? 1 : 2;
}

static int peeks(const struct given *g)
{
	char b[8];
	struct iovec to = { b, 8 }, from = { b, 8 };

	return syscall(SYS_process_vm_readv, g->parent, &to, 1, &from, 1, 0)
		       ? 1
		       : 2;
}

static int becomes_root(const struct given *g)
{
	(void)g;
	return setresuid(0, 0, 0) ? 1 : 2;
}

/* ---- tests ---- */

static void works(void **state)
{
	static attempt *const all[] = { reads,	       talks, allocates,
					threads,       sorts, keeps_limits,
					writes_no_file };

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		int rc = shut_in(all[i]);

		if (rc)
			print_message("# attempt %zu: %d\n", i, rc);
		assert_int_equal(rc, 0);
	}
}

static void aborts(void **state)
{
	(void)state;
	assert_int_equal(shut_in(complains), 1000 + SIGABRT);
}

static void is_refused(void **state)
{
	static attempt *const all[] = { opens,	    stats,
					locks,	    signals_others,
					makes_code, changes_limits };

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		int rc = shut_in(all[i]);

		if (rc)
			print_message("# attempt %zu: %d\n", i, rc);
		assert_int_equal(rc, 0);
	}
}

/* By a worker that was there before, and by the main thread. */
static void *start_another(void *socket)
{
	pthread_t t;
	char go;

	return read(*(int *)socket, &go, 1) == 1 &&
			       pthread_create(&t, NULL, ring, socket)
		       ? NULL
		       : socket;
}

static int worker_starts_another(const struct given *g)
{
	int fd = g->socket[1];
	pthread_t t;

	if (pthread_create(&t, NULL, start_another, &fd) ||
	    oq_sandbox_seal(NULL) || write(g->socket[0], "", 1) != 1)
		return 1;
	return pthread_join(t, NULL) ? 2 : 3;
}

static int main_starts_another(const struct given *g)
{
	return oq_sandbox_seal(NULL) ? 1 : threads(g);
}

static void is_sealed(void **state)
{
	(void)state;
	assert_int_equal(shut_in(worker_starts_another), 1000 + SIGSYS);
	assert_int_equal(shut_in(main_starts_another), 1000 + SIGSYS);
}

static void is_killed(void **state)
{
	static attempt *const all[] = { execs,	  forks, namespaces,  traces,
					connects, peeks, becomes_root };

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		int rc = shut_in(all[i]);

		if (rc != 1000 + SIGSYS)
			print_message("# attempt %zu: %d\n", i, rc);
		assert_int_equal(rc, 1000 + SIGSYS);
	}
}

/* Of the process as others see it, while it waits for the end of its socket. */
static void is_nobody(void **state)
{
	const struct oq_sandbox limits = { .open_files = 16 };
	char path[64], line[256];
	bool uid = geteuid() != 0, no_new = false, filter = false;
	bool caps = false;
	int pair[2], status;
	FILE *f;
	pid_t pid;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	pid = fork();
	if (pid == 0) {
		close(pair[0]);
		if (oq_sandbox_enter(&limits, NULL))
			_exit(1);
		_exit(write(pair[1], "in", 2) == 2 && !read(pair[1], line, 1)
			      ? 0
			      : 2);
	}
	close(pair[1]);
	assert_int_equal(read(pair[0], line, 2), 2);
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		uid |= !strcmp(line, "Uid:\t65534\t65534\t65534\t65534\n");
		caps |= !strcmp(line, "CapEff:\t0000000000000000\n");
		no_new |= !strcmp(line, "NoNewPrivs:\t1\n");
		filter |= !strcmp(line, "Seccomp:\t2\n");
	}
	fclose(f);
	close(pair[0]);
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	assert_true(uid && caps && no_new && filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("what a reader needs works", works),
		TEST("an assertion still aborts", aborts),
		TEST("paths, locks, code and limits are refused", is_refused),
		TEST("what only an exploit would call kills", is_killed),
		TEST("once sealed, it starts no thread", is_sealed),
		TEST("it is nobody, without capabilities", is_nobody),
	};

	return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
