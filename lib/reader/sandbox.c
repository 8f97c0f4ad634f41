/* SPDX-License-Identifier: MIT */
/* sandbox.c - a reader shuts itself in
 *
 * The steps, each of which makes the next one harder to undo:
 *
 *	ids        root becomes nobody: a reader has all it needs on descriptors
 *	limits     memory, descriptors, no core, no file grows
 *	process    no new privileges, not dumpable, dies with its parent
 *	Landlock   no path, no TCP, no signal or abstract socket beyond itself
 *	seccomp    see 'allowed' below
 *
 * What seccomp does with the rest is of three kinds.  What libhdf5, libc or a
 * sanitizer may well try (open, stat, getcwd, ioctl, and everything nobody
 * thought of) fails with EPERM, so that they make do without: a reader must
 * not die of another libc's habits.  What only an exploit would call
 * ('fatal') kills the process.  clone3 is ENOSYS, since its flags are out of
 * a filter's sight: libc then takes clone, which may only start threads, and
 * that no longer when the workers are there (oq_sandbox_seal).
 *
 * One thing stays open: newfstatat with AT_EMPTY_PATH, which is how libc
 * spells fstat, can be given a path all the same (a filter sees no strings),
 * so a reader could learn that a path exists; it cannot open it.
 */

#include "lib/reader/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/base/cleanup.h"
#include "lib/base/sanitized.h"

#define NOBODY 65534

static int failed(struct oq_err *err, const char *step)
{
	int rc = errno ? -errno : -EPERM;

	return oq_err_set(err, rc, "sandbox: %s: %s", step, strerror(-rc));
}

/* ---- ids ---- */

/* In a user namespace root may be all there is: nobody has no number there
 * (EINVAL) or groups cannot be set (EPERM).  The capabilities go anyway. */
static bool is_unmapped(void)
{
	return errno == EINVAL || errno == EPERM;
}

static int drop_ids(struct oq_err *err)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (geteuid() == 0) {
		if (setgroups(0, NULL) && !is_unmapped())
			return failed(err, "setgroups");
		if (setresgid(NOBODY, NOBODY, NOBODY) && !is_unmapped())
			return failed(err, "setresgid");
		if (setresuid(NOBODY, NOBODY, NOBODY) && !is_unmapped())
			return failed(err, "setresuid");
	}
	if (syscall(SYS_capset, &head, none))
		return failed(err, "capset");
	return 0;
}

/* ---- limits ---- */

static int limit(int what, rlim_t most)
{
	struct rlimit now;

	if (getrlimit((__rlimit_resource_t)what, &now))
		return -errno;
	if (now.rlim_max != RLIM_INFINITY && most > now.rlim_max)
		most = now.rlim_max;
	now = (struct rlimit){ .rlim_cur = most, .rlim_max = most };
	return setrlimit((__rlimit_resource_t)what, &now) ? -errno : 0;
}

static int set_limits(const struct oq_sandbox *s, struct oq_err *err)
{
	/* A sanitizer reserves terabytes of addresses for its shadow. */
	if (s->memory_bytes && !OQ_SANITIZED &&
	    limit(RLIMIT_AS, s->memory_bytes))
		return failed(err, "RLIMIT_AS");
	if (limit(RLIMIT_CORE, 0) || limit(RLIMIT_FSIZE, 0))
		return failed(err, "RLIMIT_CORE, RLIMIT_FSIZE");
	if (limit(RLIMIT_NOFILE, s->open_files))
		return failed(err, "RLIMIT_NOFILE");
	/* Writing an error to a stderr that is a file must fail, not kill. */
	(void)signal(SIGXFSZ, SIG_IGN);
	return 0;
}

/* ---- process ---- */

/* After drop_ids(), which undoes the first two.  The death signal follows the
 * thread that started us; it is the second string to the socket's end. */
static int bind_process(struct oq_err *err)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0))
		return failed(err, "PR_SET_PDEATHSIG");
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return failed(err, "PR_SET_DUMPABLE");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return failed(err, "PR_SET_NO_NEW_PRIVS");
	return 0;
}

/* ---- Landlock ---- */

/* The kernel's own structure, whole: a distribution's header may be older
 * than the kernel it runs. */
struct ruleset {
	uint64_t fs;	 /* ABI 1 */
	uint64_t net;	 /* ABI 4 */
	uint64_t scoped; /* ABI 6 */
};

static uint64_t bits(unsigned n)
{
	return ((uint64_t)1 << n) - 1;
}

/* Every right that this ABI knows, handled and none granted. */
static struct ruleset rights_of(long abi, size_t *bytes)
{
	struct ruleset r = { .fs = bits(13) };

	*bytes = sizeof(r.fs);
	if (abi >= 2)
		r.fs = bits(14); /* refer */
	if (abi >= 3)
		r.fs = bits(15); /* truncate */
	if (abi >= 4) {
		r.net = bits(2); /* bind and connect TCP */
		*bytes = 2 * sizeof(r.fs);
	}
	if (abi >= 5)
		r.fs = bits(16); /* ioctl on devices */
	if (abi >= 6) {
		r.scoped = bits(2); /* abstract sockets, signals */
		*bytes = sizeof(r);
	}
	return r;
}

static int enter_landlock(struct oq_err *err)
{
	struct ruleset r;
	size_t bytes;
	long abi, fd;
	int rc = 0;

	abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
		      LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1) /* not in this kernel; seccomp allows no open anyway */
		return 0;
	r = rights_of(abi, &bytes);
	fd = syscall(SYS_landlock_create_ruleset, &r, bytes, 0);
	if (fd < 0)
		return failed(err, "Landlock ruleset");
	if (syscall(SYS_landlock_restrict_self, fd, 0))
		rc = failed(err, "Landlock");
	(void)close((int)fd);
	return rc;
}

/* ---- seccomp ---- */

/* clang-format off */
static const char *const allowed[] = {
	/* the datastore, the socket, the wake-ups between threads */
	"read", "pread64", "preadv", "readv", "lseek", "fstat", "close",
	"write", "writev", "recvmsg", "recvfrom", "sendmsg", "sendto", "poll",
	"ppoll", "eventfd2", "shutdown",
	/* memory; mmap and mprotect are below */
	"brk", "munmap", "mremap", "madvise",
	/* threads; clone is below */
	"futex", "rseq", "set_robust_list", "sched_yield", "sched_getaffinity",
	"exit", "exit_group", "gettid", "getpid",
	/* time and chance */
	"clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep",
	"gettimeofday", "getrandom", "restart_syscall",
	/* signals of its own, as abort() and a sanitizer's report need them */
	"rt_sigreturn", "rt_sigprocmask", "rt_sigaction", "sigaltstack",
	/* qsort() asks how much memory there is */
	"sysinfo",
};

static const char *const fatal[] = {
	"execve", "execveat", "fork", "vfork", "socket", "socketpair",
	"connect", "bind", "listen", "accept", "accept4", "ptrace",
	"process_vm_readv", "process_vm_writev", "process_madvise",
	"pidfd_open", "pidfd_getfd", "pidfd_send_signal", "kcmp", "bpf",
	"perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter",
	"io_uring_register", "keyctl", "add_key", "request_key", "mount",
	"umount2", "pivot_root", "chroot", "fsopen", "fsmount", "move_mount",
	"open_tree", "unshare", "setns", "init_module", "finit_module",
	"delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon",
	"open_by_handle_at", "name_to_handle_at", "setuid", "setgid",
	"setresuid", "setresgid", "setgroups", "capset",
};
/* clang-format on */

/* A system call that is allowed, or answered otherwise, only with one of its
 * arguments so. */
struct narrow {
	const char *name;
	uint32_t action;
	struct scmp_arg_cmp arg;
};

#define ARG(n, op, a, b)            \
	{                           \
		(n), (op), (a), (b) \
	}
#define HAS(n, mask, value) ARG(n, SCMP_CMP_MASKED_EQ, mask, value)
#define IS(n, value)	    ARG(n, SCMP_CMP_EQ, value, 0)

#define NEW_NAMESPACE                                                  \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | \
	 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

static const struct narrow narrows[] = {
	{ "mmap", SCMP_ACT_ALLOW, HAS(2, PROT_EXEC, 0) },
	{ "mprotect", SCMP_ACT_ALLOW, HAS(2, PROT_EXEC, 0) },
	{ "clone", SCMP_ACT_ALLOW,
	  HAS(0, CLONE_THREAD | NEW_NAMESPACE, CLONE_THREAD) },
	{ "clone", SCMP_ACT_KILL_PROCESS, HAS(0, CLONE_THREAD, 0) },
	{ "newfstatat", SCMP_ACT_ALLOW, HAS(3, AT_EMPTY_PATH, AT_EMPTY_PATH) },
	/* never a lock on a datastore, whoever asks */
	{ "fcntl", SCMP_ACT_ALLOW, IS(1, F_GETFD) },
	{ "fcntl", SCMP_ACT_ALLOW, IS(1, F_SETFD) },
	{ "fcntl", SCMP_ACT_ALLOW, IS(1, F_GETFL) },
	{ "fcntl", SCMP_ACT_ALLOW, IS(1, F_GET_SEALS) },
	{ "prctl", SCMP_ACT_ALLOW, IS(0, PR_SET_NAME) },
	/* one more filter, for all threads: it can only forbid more */
	{ "seccomp", SCMP_ACT_ALLOW, IS(1, SECCOMP_FILTER_FLAG_TSYNC) },
	/* one's own limits may be read, not set */
	{ "prlimit64", SCMP_ACT_ALLOW, IS(2, 0) },
};

/* A name that this machine or this libseccomp does not know is not in the
 * way: the default action stands for it. */
static int add(scmp_filter_ctx ctx, uint32_t action, const char *name,
	       const struct scmp_arg_cmp *arg)
{
	int nr = seccomp_syscall_resolve_name(name);

	if (nr == __NR_SCMP_ERROR)
		return 0;
	return seccomp_rule_add_array(ctx, action, nr, arg ? 1 : 0, arg);
}

/* Stands for the process's own number in the program until that is known; no
 * number is so high, nor any other value that is compared. */
#define SELF 0x53454c46

static int add_rules(scmp_filter_ctx ctx)
{
	struct scmp_arg_cmp self = ARG(0, SCMP_CMP_EQ, SELF, 0);
	int rc = 0;

	for (size_t i = 0; !rc && i < sizeof(allowed) / sizeof(*allowed); i++)
		rc = add(ctx, SCMP_ACT_ALLOW, allowed[i], NULL);
	for (size_t i = 0; !rc && i < sizeof(fatal) / sizeof(*fatal); i++)
		rc = add(ctx, SCMP_ACT_KILL_PROCESS, fatal[i], NULL);
	for (size_t i = 0; !rc && i < sizeof(narrows) / sizeof(*narrows); i++)
		rc = add(ctx, narrows[i].action, narrows[i].name,
			 &narrows[i].arg);
	if (!rc)
		rc = add(ctx, SCMP_ACT_ALLOW, "tgkill", &self);
	if (!rc)
		rc = add(ctx, SCMP_ACT_ERRNO(ENOSYS), "clone3", NULL);
	return rc;
}

/* libseccomp gives the program away to a descriptor only. */
static int export(scmp_filter_ctx ctx, struct oq_sandbox_program *p)
{
	OQ_CLOSE int fd = memfd_create("oqfs-seccomp", MFD_CLOEXEC);
	OQ_FREE struct sock_filter *insns = NULL;
	off_t size;
	int rc;

	if (fd < 0)
		return -errno;
	rc = seccomp_export_bpf(ctx, fd);
	if (rc)
		return rc;
	size = lseek(fd, 0, SEEK_END);
	if (size <= 0 || size > BPF_MAXINSNS * (off_t)sizeof(*insns))
		return -EINVAL;
	insns = malloc((size_t)size);
	if (!insns)
		return -ENOMEM;
	if (pread(fd, insns, (size_t)size, 0) != size)
		return -EIO;
	p->n = (unsigned short)((size_t)size / sizeof(*insns));
	p->insns = oq_steal(&insns);
	return 0;
}

int oq_sandbox_compile(struct oq_sandbox_program *p, struct oq_err *err)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc;

	if (!ctx)
		return oq_err_set(err, -ENOMEM, "sandbox: seccomp: no memory");
	rc = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH,
			      SCMP_ACT_KILL_PROCESS);
	if (!rc)
		rc = add_rules(ctx);
	if (!rc)
		rc = export(ctx, p);
	seccomp_release(ctx);
	if (rc)
		return oq_err_set(err, rc, "sandbox: seccomp: %s",
				  strerror(-rc));
	return 0;
}

static int load(struct oq_sandbox_program *p, struct oq_err *err)
{
	struct sock_fprog prog = { p->n, p->insns };

	for (unsigned i = 0; i < p->n; i++)
		if (BPF_CLASS(p->insns[i].code) == BPF_JMP &&
		    p->insns[i].k == SELF)
			p->insns[i].k = (uint32_t)getpid();
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog, 0, 0))
		return failed(err, "seccomp");
	return 0;
}

static int enter_all(const struct oq_sandbox *s, struct oq_sandbox_program *p,
		     struct oq_err *err)
{
	int rc = drop_ids(err);

	if (!rc)
		rc = set_limits(s, err);
	if (!rc)
		rc = bind_process(err);
	if (!rc)
		rc = enter_landlock(err);
	if (!rc)
		rc = load(p, err);
	return rc;
}

int oq_sandbox_enter(const struct oq_sandbox *s, struct oq_err *err)
{
	struct oq_sandbox_program own = { 0 };
	int rc;

	if (s->program)
		return enter_all(s, s->program, err);
	/* Before the limits forbid a file to grow: compiling writes to one. */
	rc = oq_sandbox_compile(&own, err);
	if (!rc)
		rc = enter_all(s, &own, err);
	free(own.insns);
	return rc;
}

int oq_sandbox_seal(struct oq_err *err)
{
	/* The numbers are this architecture's: others are killed already. */
	struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { sizeof(insns) / sizeof(*insns), insns };

	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		    SECCOMP_FILTER_FLAG_TSYNC, &prog))
		return failed(err, "seal");
	return 0;
}
