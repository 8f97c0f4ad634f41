/* SPDX-License-Identifier: MIT */
/* sandbox.h - a reader shuts itself in
 *
 * Called by the reader's main thread while it is the only one, before it has
 * looked at a byte of the datastore: what is set here binds the calling
 * thread and all that it starts later.
 */
#ifndef OQ_SANDBOX_H
#define OQ_SANDBOX_H

#include <stddef.h>

#include "lib/base/err.h"

struct sock_filter;

/* The seccomp list as the kernel takes it. */
struct oq_sandbox_program {
	struct sock_filter *insns; /* owned */
	unsigned short n;
};

/* Compile it, once for many processes, outside: it takes a file that grows.
 * Returns 0 or -errno. */
int oq_sandbox_compile(struct oq_sandbox_program *p, struct oq_err *err);

struct oq_sandbox {
	size_t memory_bytes; /* RLIMIT_AS, all of it; 0: no limit.  Not set
				under a sanitizer, which reserves terabytes */
	unsigned open_files; /* RLIMIT_NOFILE */
	struct oq_sandbox_program *program; /* NULL: compile it; entering
						   fills in our pid */
};

/* Root becomes nobody and capabilities go; limits (memory, no core, no file
 * grows, few descriptors); no new privileges, not dumpable, SIGKILL when the
 * thread that started us ends; Landlock with no path at all where the kernel
 * has it; then the seccomp list (read, pread, mmap, futex, threads, socket
 * messages work; the rest fails with EPERM, or kills where only an exploit
 * would call it).  Returns 0, or -errno with the step that failed: the reader
 * must then end. */
int oq_sandbox_enter(const struct oq_sandbox *s, struct oq_err *err);

/* Inside: no further thread may be started from now on, by none of those there
 * are; who tries is killed.  A reader that was taken over cannot use up the
 * numbers of processes.  Returns 0 or -errno. */
int oq_sandbox_seal(struct oq_err *err);

#endif
