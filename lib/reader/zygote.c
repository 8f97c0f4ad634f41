/* SPDX-License-Identifier: MIT */
/* zygote.c - the process that readers are forked from */

#include "lib/reader/zygote.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/hdf5/h5.h"
#include "lib/ipc/wire.h"
#include "lib/reader/reader.h"

/* A reader's file and shared memory get the numbers that they must have, since
 * no other descriptors are open here. */
enum { NFDS = 3, FD_NEXT = OQ_WIRE_FD_SHM + 1 };

static const int places[NFDS] = { OQ_WIRE_FD_FILE, OQ_WIRE_FD_SHM, FD_NEXT };

static void drop(void)
{
	for (int i = 0; i < NFDS; i++)
		(void)close(places[i]);
}

/* Returns 1, 0 when the front is gone, or a negative errno. */
static int take_order(void)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(places))];
	} control = { 0 };
	char byte;
	struct iovec io = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &io,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(OQ_WIRE_FD_SOCKET, &msg, 0);
	const struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	if (n < 0)
		return errno == EINTR ? take_order() : -errno;
	if (n == 0)
		return 0;
	if (!c || c->cmsg_type != SCM_RIGHTS ||
	    c->cmsg_len != CMSG_LEN(sizeof(places)) ||
	    memcmp(CMSG_DATA(c), places, sizeof(places)) != 0)
		return -EPROTO;
	return 1;
}

/* libc's fork() makes children of ours only; with one thread, none of what it
 * does besides is needed. */
static pid_t fork_sibling(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL,
				   NULL, NULL, 0UL);

	return pid < 0 ? -errno : pid;
}

static int serve(const struct oq_reader *r)
{
	int status;

	while ((status = take_order()) > 0) {
		pid_t pid = fork_sibling();

		if (pid == 0) {
			if (dup2(FD_NEXT, OQ_WIRE_FD_SOCKET) < 0)
				_exit(1);
			(void)close(FD_NEXT);
			(void)prctl(PR_SET_NAME, "oqfs-reader");
			oq_reader_run(r);
		}
		drop();
		if (send(OQ_WIRE_FD_SOCKET, &pid, sizeof(pid), MSG_NOSIGNAL) <
		    0)
			return -errno;
	}
	return status;
}

int oq_zygote_main(int argc, char **argv)
{
	struct oq_sandbox_program program = { 0 };
	struct oq_reader r = { .program = &program };
	int rc;

	(void)signal(SIGPIPE, SIG_IGN);
	(void)prctl(PR_SET_NAME, "oqfs-zygote");
	if (!oq_reader_opts_decode(argc, argv, &r.opts))
		return 2;
	if (oq_h5_set_up(NULL) < 0)
		return 1;
	if (r.opts.sandbox && oq_sandbox_compile(&program, NULL) < 0)
		return 1;
	rc = serve(&r) < 0;
	free(program.insns);
	return rc;
}
