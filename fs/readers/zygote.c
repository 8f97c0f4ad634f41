/* SPDX-License-Identifier: MIT */
/* zygote.c - our end of the process that readers are forked from */

#include "fs/readers/zygote.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fs/base/wait.h"
#include "fs/readers/look.h"
#include "lib/base/cleanup.h"

/* A fork takes less than a millisecond.  A zygote that takes longer than this,
 * by its own clock, is not waited for, nor used again. */
#define TIMEOUT_MS 2000
#define LOOK_MS	   200

void oqfs_zygote_init(struct oqfs_zygote *n)
{
	pthread_mutex_init(&n->lock, NULL);
	n->sock = -1;
	n->pid = 0;
}

void oqfs_zygote_start(struct oqfs_zygote *n, const struct oqfs_spawn *s)
{
	const struct timeval patience = { .tv_usec = LOOK_MS * 1000 };
	int pair[2], rc;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return;
	(void)setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &patience,
			 sizeof(patience));
	rc = oqfs_spawn_zygote(s, pair[1], &pid);
	(void)close(pair[1]);
	if (rc) {
		(void)close(pair[0]);
		return;
	}
	pthread_mutex_lock(&n->lock);
	n->sock = pair[0];
	n->pid = pid;
	pthread_mutex_unlock(&n->lock);
}

static void end_locked(struct oqfs_zygote *n)
{
	if (n->sock < 0)
		return;
	(void)close(n->sock);
	n->sock = -1;
	(void)kill(n->pid, SIGKILL);
	while (waitpid(n->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

void oqfs_zygote_end(struct oqfs_zygote *n)
{
	pthread_mutex_lock(&n->lock);
	end_locked(n);
	pthread_mutex_unlock(&n->lock);
}

static int order(int sock, const struct oqfs_spawn_fds *fds)
{
	const int given[] = { fds->file, fds->shm, fds->socket };
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(given))];
	} control = { 0 };
	char byte = 0;
	struct iovec io = { &byte, 1 };
	const struct msghdr msg = {
		.msg_iov = &io,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(given));
	memcpy(CMSG_DATA(c), given, sizeof(given));
	return sendmsg(sock, &msg, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* Has it used up its time since the first look? */
static bool is_over(pid_t zygote, const struct oqfs_look *first,
		    struct oqfs_look *last, int64_t *spent)
{
	const struct oqfs_look now = oqfs_look_at(zygote);
	struct oqfs_claim c = { .timeout_ms = TIMEOUT_MS };

	*spent += oqfs_judge_spent(last, &now, 2 * LOOK_MS);
	*last = now;
	c.spent_ms = *spent;
	c.waited_ms = now.wall_ms - first->wall_ms;
	return oqfs_judge(&c) != OQFS_VERDICT_WAIT;
}

/* The number of the reader that it forked, or a negative errno. */
static pid_t receipt(int sock, pid_t zygote)
{
	struct oqfs_look first = { .wall_ms = oqfs_now_ms() }, last = first;
	bool has_looked = false;
	int64_t spent = 0;
	pid_t pid;

	for (;;) {
		ssize_t n = recv(sock, &pid, sizeof(pid), 0);

		if (n == sizeof(pid))
			return pid;
		if (n >= 0 || (errno != EAGAIN && errno != EINTR))
			return -ESRCH;
		if (!has_looked)
			first = last = oqfs_look_at(zygote);
		else if (is_over(zygote, &first, &last, &spent))
			return -ETIMEDOUT;
		has_looked = true;
	}
}

pid_t oqfs_zygote_fork(struct oqfs_zygote *n, const struct oqfs_spawn_fds *fds)
{
	pid_t pid = -ESRCH;

	pthread_mutex_lock(&n->lock);
	if (n->sock >= 0) {
		pid = order(n->sock, fds);
		if (!pid)
			pid = receipt(n->sock, n->pid);
		if (pid < 0)
			end_locked(n);
	}
	pthread_mutex_unlock(&n->lock);
	return pid;
}
