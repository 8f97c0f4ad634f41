/* SPDX-License-Identifier: MIT */
/* launch.c - a reader, forked from the zygote or spawned alone */

#include "fs/readers/launch.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "fs/readers/lifeline.h"
#include "fs/readers/zygote.h"

int oqfs_launch_reader(const struct oqfs_spawn *s,
		       const struct oqfs_spawn_fds *fds, pid_t *pid, int *line,
		       struct oq_err *err)
{
	pid_t child = s->zygote ? oqfs_zygote_fork(s->zygote, fds) : 0;
	int rc = child > 0 ? 0 : oqfs_spawn_reader(s, fds, &child);
	int fd;

	if (rc)
		return oq_err_set(err, rc, "start a reader: %s", strerror(-rc));
	/* Its number is its own until we reap it. */
	fd = oqfs_lifeline_open(child);
	if (fd < 0) {
		rc = oq_err_set(err, fd, "watch a reader: %s", strerror(-fd));
		(void)kill(child, SIGKILL);
		(void)waitpid(child, NULL, 0);
		return rc;
	}
	*pid = child;
	*line = fd;
	return 0;
}
