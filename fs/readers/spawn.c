/* SPDX-License-Identifier: MIT */
/* spawn.c - start a reader process */

#include "fs/readers/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fs/base/system.h"
#include "lib/base/cleanup.h"
#include "lib/ipc/wire.h"

enum { FIRST_STRAY = OQ_WIRE_FD_SHM + 1 };

/* dup2() onto 3, 4, 5 in turn would run over a source that is itself one of
 * these numbers: so the sources are moved out of the way first. */
static int above(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, FIRST_STRAY);
}

static int plan_fds(posix_spawn_file_actions_t *fa, const int *from, int n,
		    bool keep_stderr)
{
	const int to[] = { OQ_WIRE_FD_SOCKET, OQ_WIRE_FD_FILE, OQ_WIRE_FD_SHM };
	int flags, rc = 0;
	const char *null = oqfs_system_null(&flags);

	for (int fd = 0; !rc && fd < (keep_stderr ? 2 : 3); fd++)
		rc = posix_spawn_file_actions_addopen(fa, fd, null, flags, 0);
	for (int i = 0; !rc && i < n; i++)
		rc = posix_spawn_file_actions_adddup2(fa, from[i], to[i]);
	/* Everything of ours is O_CLOEXEC; this is for libraries. */
	if (!rc)
		rc = posix_spawn_file_actions_addclosefrom_np(
			fa, OQ_WIRE_FD_SOCKET + n);
	return rc;
}

static int plan_signals(posix_spawnattr_t *attr)
{
	sigset_t none, all;
	int rc;

	sigemptyset(&none);
	sigfillset(&all);
	rc = posix_spawnattr_setsigmask(attr, &none);
	if (!rc)
		rc = posix_spawnattr_setsigdefault(attr, &all);
	if (!rc)
		rc = posix_spawnattr_setpgroup(attr, 0);
	if (!rc)
		rc = posix_spawnattr_setflags(
			attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
				      POSIX_SPAWN_SETPGROUP);
	return rc;
}

/* The only environment variable that a reader gets: with it tests fill its heap
 * with something else than zeros.  NULL where it is not set. */
static char *perturb_of(char var[32])
{
	const char *value = getenv("MALLOC_PERTURB_");

	if (!value)
		return NULL;
	snprintf(var, 32, "MALLOC_PERTURB_=%.8s", value);
	return var;
}

/* The path of this program.  Under valgrind (with --no-sandbox) /proc/self/exe
 * is valgrind itself, but readlink(2) is told the name of what it runs. */
static const char *program(bool sandbox, char path[PATH_MAX])
{
	const char *self = oqfs_system_self();
	ssize_t n = sandbox ? -1 : readlink(self, path, PATH_MAX - 1);

	if (n < 0)
		return self;
	path[n] = '\0';
	return path;
}

static int start(const struct oqfs_spawn *s, const char *as, const int *from,
		 int n, pid_t *pid)
{
	char name[] = "oqfs", flag[16], *argv[2 + OQ_READER_NOPTS + 1];
	struct oq_reader_words words;
	char perturb[32], path[PATH_MAX];
	char *envp[] = { perturb_of(perturb), NULL };
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	int rc;

	snprintf(flag, sizeof(flag), "%s", as);
	oq_reader_opts_encode(&s->reader, &words);
	argv[0] = name;
	argv[1] = flag;
	memcpy(argv + 2, words.argv, sizeof(words.argv));

	rc = posix_spawn_file_actions_init(&fa);
	if (rc)
		return -rc;
	rc = posix_spawnattr_init(&attr);
	if (!rc) {
		rc = plan_fds(&fa, from, n, s->keep_stderr);
		if (!rc)
			rc = plan_signals(&attr);
		if (!rc)
			rc = posix_spawn(pid, program(s->reader.sandbox, path),
					 &fa, &attr, argv, envp);
		posix_spawnattr_destroy(&attr);
	}
	posix_spawn_file_actions_destroy(&fa);
	return -rc;
}

int oqfs_spawn_zygote(const struct oqfs_spawn *s, int sock, pid_t *pid)
{
	OQ_CLOSE int from = above(sock);

	return from < 0 ? -errno : start(s, "--zygote", &from, 1, pid);
}

int oqfs_spawn_reader(const struct oqfs_spawn *s,
		      const struct oqfs_spawn_fds *fds, pid_t *pid)
{
	OQ_CLOSE int sock = above(fds->socket);
	OQ_CLOSE int file = above(fds->file);
	OQ_CLOSE int shm = above(fds->shm);

	if (sock < 0 || file < 0 || shm < 0)
		return -errno;
	return start(s, "--reader", (const int[]){ sock, file, shm }, 3, pid);
}
