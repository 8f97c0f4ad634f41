/* SPDX-License-Identifier: MIT */
/* lifeline.c - a descriptor that tells of a child's end */

#include "fs/readers/lifeline.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/cleanup.h"

#define STACK_BYTES (64 * 1024)

struct line {
	pid_t child;
	int end; /* closed when the child has ended */
};

/* Wait without reaping.  The child stays a zombie, so its number is not used
 * again until the monitor, which this tells, reaps it. */
static void *hold(void *arg)
{
	struct line *l = arg;
	siginfo_t info;

	while (waitid(P_PID, (id_t)l->child, &info, WEXITED | WNOWAIT) &&
	       errno == EINTR)
		;
	(void)close(l->end);
	free(l);
	return NULL;
}

/* The thread takes no signals. */
static int start_holding(struct line *l)
{
	pthread_attr_t attr;
	sigset_t all, before;
	pthread_t thread;
	int rc = pthread_attr_init(&attr);

	if (rc)
		return -rc;
	(void)pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	(void)pthread_attr_setstacksize(&attr, STACK_BYTES);
	sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&thread, &attr, hold, l);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return -rc;
}

int oqfs_lifeline_open_old(pid_t child)
{
	OQ_FREE struct line *l = malloc(sizeof(*l));
	OQ_CLOSE int ours = -1, theirs = -1;
	int fds[2], rc;

	if (!l)
		return -ENOMEM;
	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	ours = fds[0];
	theirs = fds[1];
	*l = (struct line){ .child = child, .end = theirs };
	rc = start_holding(l);
	if (rc)
		return rc;
	(void)oq_steal(&l);
	(void)oq_steal_fd(&theirs);
	return oq_steal_fd(&ours);
}

int oqfs_lifeline_open(pid_t child)
{
	int fd = (int)syscall(SYS_pidfd_open, child, 0);

	/* EPERM: what a container's list of calls does not know. */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return oqfs_lifeline_open_old(child);
	return fd < 0 ? -errno : fd;
}
