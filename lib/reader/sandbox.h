/* SPDX-License-Identifier: MIT */
/* sandbox.h - a reader gives up all rights that it does not need
 *
 * Called by the reader's main thread while it is the only thread and before it
 * has read a byte of the datastore: the limits bind the calling thread and all
 * threads that it starts later.
 */
#ifndef OQ_SANDBOX_H
#define OQ_SANDBOX_H

#include <stddef.h>

#include "lib/base/err.h"

struct sock_filter;

/* The seccomp filter as the kernel takes it. */
struct oq_sandbox_program {
	struct sock_filter *insns; /* owned */
	unsigned short n;
};

/* Compile the filter, once for many processes.  Before entering: it needs a
 * temporary file, which a sandboxed process may not write.  Returns 0 or
 * -errno. */
int oq_sandbox_compile(struct oq_sandbox_program *p, struct oq_err *err);

struct oq_sandbox {
	size_t memory_bytes; /* RLIMIT_AS; 0: no limit.  Not set under a
				sanitizer, which reserves terabytes */
	unsigned open_files; /* RLIMIT_NOFILE */
	/* Compiled before; entering fills in our pid.  NULL: compile it. */
	struct oq_sandbox_program *program;
};

/* Root becomes nobody and capabilities go; limits (memory, no core, no file
 * grows, few descriptors); no new privileges, not dumpable, SIGKILL when the
 * thread that started us ends; Landlock with no path at all where the kernel
 * has it; then the seccomp list (read, pread, mmap, futex, threads, socket
 * messages work; the rest fails with EPERM, or kills where only an exploit
 * would call it).  Returns 0, or -errno with the step that failed: the reader
 * must then end. */
int oq_sandbox_enter(const struct oq_sandbox *s, struct oq_err *err);

/* After entering: from now on a thread that tries to start another is killed,
 * so that a reader that was taken over cannot use up the system's processes.
 * Binds all threads.  Returns 0 or -errno. */
int oq_sandbox_seal(struct oq_err *err);

#endif
