/* SPDX-License-Identifier: MIT */
/* spawn.h - start a reader process
 *
 * The reader is this same binary with "--reader" and the words of
 * readeropts.h.  It gets the three descriptors of wire.h, /dev/null (system.h)
 * as stdin and stdout, an empty environment, default signals and a process
 * group of its own (so that a ^C for the front is not one for its readers).
 */
#ifndef OQFS_SPAWN_H
#define OQFS_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/ipc/readeropts.h"

struct oqfs_zygote;

/* What is the same for all readers of a mount. */
struct oqfs_spawn {
	struct oq_reader_opts reader; /* the cache is its share */
	bool keep_stderr; /* else it is /dev/null, not the user's terminal */
	struct oqfs_zygote *zygote; /* NULL: none; see launch.h */
};

/* The descriptors that a reader gets. */
struct oqfs_spawn_fds {
	int socket, file, shm;
};

/* Start a reader, which is killed when the calling thread ends
 * (PR_SET_PDEATHSIG).  '*pid' is a child that the caller must reap.  Returns 0
 * or a negative errno. */
int oqfs_spawn_reader(const struct oqfs_spawn *s,
		      const struct oqfs_spawn_fds *fds, pid_t *pid);

/* Start a zygote (lib/reader/zygote.h) in the same way. */
int oqfs_spawn_zygote(const struct oqfs_spawn *s, int sock, pid_t *pid);

#endif
