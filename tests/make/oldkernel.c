/* SPDX-License-Identifier: MIT */
/* oldkernel.c - run a command as on Linux 4.18
 *
 *	oldkernel COMMAND [ARGUMENT...]
 *
 * System calls of later kernels do not exist for it and all that it starts, and
 * of older ones not what was added to their arguments, as far as we have a use
 * for it.  Root needs nothing more for that; others lose set-user-ID programs.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The first that 4.18 does not have.  From here on the numbers are the same
 * everywhere. */
#define FIRST_NEW      424
/* Of waitid and memfd_create, the first that came later. */
#define NEW_ID_TYPE    3
#define NEW_MEMFD_FLAG 8

#define LOAD(field) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IF(how, value, then, otherwise) \
	BPF_JUMP(BPF_JMP | (how) | BPF_K, (value), (then), (otherwise))
#define FAIL(error) \
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)(error))

int main(int argc, char **argv)
{
	struct sock_filter insns[] = {
		LOAD(nr),
		IF(BPF_JGE, FIRST_NEW, 0, 1),
		FAIL(ENOSYS),
		IF(BPF_JEQ, SYS_waitid, 0, 2),
		LOAD(args[0]), /* x86-64 is little-endian: the lower half */
		IF(BPF_JGE, NEW_ID_TYPE, 3, 4),
		IF(BPF_JEQ, SYS_memfd_create, 0, 3),
		LOAD(args[1]),
		IF(BPF_JGE, NEW_MEMFD_FLAG, 0, 1),
		FAIL(EINVAL),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { sizeof(insns) / sizeof(*insns), insns };

	if (argc < 2) {
		fprintf(stderr, "usage: oldkernel COMMAND [ARGUMENT...]\n");
		return 2;
	}
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog, 0, 0) &&
	    (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	     prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog, 0, 0))) {
		perror("oldkernel: seccomp");
		return 2;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return 127;
}
