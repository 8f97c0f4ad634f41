/* SPDX-License-Identifier: MIT */
/* mount.c - the life of a mount */

#include "fs/mount.h"

#include <errno.h>
#include <fuse_lowlevel.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fs/base/system.h"
#include "fs/fuse/ops.h"
#include "fs/fuse/status.h"
#include "fs/source/preflight.h"
#include "fs/tree/front.h"
#include "lib/base/buf.h"
#include "lib/base/num.h"
#include "lib/ipc/shm.h"

#define MAX_THREADS  200 /* slow datastores must not keep the others waiting */
#define MAX_WAITING  160 /* for readers: the other threads hear the kernel */
#define IDLE_THREADS 10

static int no_memory(struct oq_err *err)
{
	return oq_err_set(err, -ENOMEM, "there is not enough memory");
}

/* ---- what libfuse is told -------------------------------------------------*/

/* The name in the table of mounts, where a relative path would be of no use. */
static const char *source_name(const struct oqfs_front *f)
{
	const char *path = oqfs_roots_path(f->roots);

	return path && *f->opts->source != '/' ? path : f->opts->source;
}

static int add_options(const struct oqfs_front *f, struct fuse_args *args)
{
	const struct oqfs_opts *o = f->opts;
	OQ_BUF struct oq_buf words = { 0 };

	/* A comma in the source's name must not begin another option. */
	oq_buf_puts(&words, "fsname=");
	for (const char *c = source_name(f); *c; c++) {
		if (*c == ',' || *c == '\\')
			oq_buf_putc(&words, '\\');
		oq_buf_putc(&words, *c);
	}
	oq_buf_puts(&words, ",subtype=oqfs,ro,nosuid,nodev,noexec,"
			    "default_permissions");
	if (o->allow_other)
		oq_buf_puts(&words, ",allow_other");
	if (o->auto_unmount)
		oq_buf_puts(&words, ",auto_unmount");
	oq_buf_putc(&words, '\0');
	if (oq_buf_failed(&words) || fuse_opt_add_arg(args, "oqfs") ||
	    fuse_opt_add_arg(args, "-o") || fuse_opt_add_arg(args, words.data))
		return -ENOMEM;
	if (o->debug && fuse_opt_add_arg(args, "-odebug"))
		return -ENOMEM;
	return 0;
}

static int open_session(struct oqfs_front *f, struct fuse_session **se,
			struct oq_err *err)
{
	struct fuse_args args = FUSE_ARGS_INIT(0, NULL);
	int r = add_options(f, &args);

	if (!r)
		*se = fuse_session_new(&args, oqfs_ops(),
				       sizeof(struct fuse_lowlevel_ops), f);
	fuse_opt_free_args(&args);
	if (r)
		return no_memory(err);
	if (!*se)
		return oq_err_set(err, -EINVAL,
				  "libfuse does not take the options");
	f->session = *se;
	return 0;
}

/* ---- the parts ------------------------------------------------------------*/

static int set_root(struct oqfs_front *f, struct oq_err *err)
{
	struct oqfs_spec is = { .kind = OQFS_NODE_DIR,
				.part = OQ_WIRE_NO_PART };
	const char *file = oqfs_roots_file(f->roots);
	struct oqfs_source s;
	int r;

	if (file) {
		r = oqfs_catalog_look(f->catalog, "", file, &s);
		if (r)
			return oq_err_set(err, r, "cannot open '%s': %s", file,
					  strerror(-r));
		is.kind = OQFS_NODE_STORE;
		is.object = OQ_WIRE_ROOT;
		is.gen = oqfs_generation_new(f->super, f->listings, &s);
		if (!is.gen)
			return no_memory(err);
	}
	r = oqfs_nodes_set_root(f->nodes, &is);
	oqfs_generation_put(is.gen);
	return r ? no_memory(err) : 0;
}

/* Start all parts that may have threads.  Only after becoming a daemon, since
 * threads do not survive the fork. */
static int start(struct oqfs_front *f, struct oq_err *err)
{
	const struct oqfs_opts *o = f->opts;
	struct oqfs_super_opts so = {
		.roots = f->roots,
		.watch = o->watch,
		.zygote = true,
		.keep_stderr = o->foreground,
	};
	int r;

	f->log =
		oqfs_log_new(!o->foreground, o->debug ? OQFS_DEBUG : OQFS_INFO);
	f->listings = oqfs_listings_new(OQFS_LISTINGS_KEPT, OQFS_LISTINGS_MOST);
	f->nodes = oqfs_nodes_new(o->nfs);
	/* More requests for one datastore than it has slots would have to wait
	 * for these. */
	f->gate = oqfs_gate_new(OQ_SHM_SLOTS, MAX_WAITING);
	f->buffers = oqfs_buffers_new();
	if (!f->log || !f->listings || !f->nodes || !f->gate || !f->buffers)
		return no_memory(err);
	so.log = f->log;
	oqfs_super_take_opts(o, &so);
	r = oqfs_super_new(&so, &f->super, err);
	if (!r)
		r = set_root(f, err);
	if (r)
		oqfs_log(f->log, OQFS_ERROR, "cannot start: %s", err->text);
	if (!o->sandbox)
		oqfs_log(f->log, OQFS_WARN,
			 "readers run without a sandbox: --no-sandbox");
	else if (!oqfs_system_has_landlock())
		oqfs_log(
			f->log, OQFS_INFO,
			"this kernel has no Landlock (Linux 5.13): readers are "
			"shut in by seccomp alone");
	return r;
}

/* Stores are held by nodes, and a super must outlive its stores. */
static void end(struct oqfs_front *f)
{
	oqfs_gate_free(f->gate);
	oqfs_buffers_free(f->buffers);
	oqfs_nodes_free(f->nodes);
	oqfs_listings_free(f->listings);
	oqfs_super_free(f->super);
	oqfs_log_free(f->log);
	oqfs_recent_done(&f->recent);
	oqfs_catalog_close(f->catalog);
	oqfs_roots_free(f->roots);
}

/* Allow as many descriptors as possible.  Plain files get half of them: callers
 * who open those must leave some for readers, directories and threads. */
static void count_descriptors(struct oqfs_front *f)
{
	struct rlimit l = { .rlim_cur = 1024, .rlim_max = 1024 };

	(void)getrlimit(RLIMIT_NOFILE, &l);
	(void)setrlimit(RLIMIT_NOFILE, &(struct rlimit){
					       .rlim_cur = l.rlim_max,
					       .rlim_max = l.rlim_max,
				       });
	(void)getrlimit(RLIMIT_NOFILE, &l);
	f->most_plain = (unsigned)oq_min_u64(l.rlim_cur, UINT_MAX) / 2;
}

/* Access lists need not be checked in an unshared mount of the user's own
 * files: no list gives their owner more.  `ls -l` of many files is three times
 * as fast without. */
static bool needs_acl(const struct oqfs_front *f)
{
	return f->opts->allow_other || f->opts->nfs ||
	       (geteuid() != 0 && !oqfs_roots_are_own(f->roots));
}

/* ---- the life -------------------------------------------------------------*/

static int loop(struct fuse_session *se)
{
	struct fuse_loop_config *config = fuse_loop_cfg_create();
	int r;

	if (!config)
		return -ENOMEM;
	fuse_loop_cfg_set_clone_fd(config, 1);
	fuse_loop_cfg_set_max_threads(config, MAX_THREADS);
	fuse_loop_cfg_set_idle_threads(config, IDLE_THREADS);
	r = fuse_session_loop_mt(se, config);
	fuse_loop_cfg_destroy(config);
	return r;
}

static int serve(struct oqfs_front *f, struct fuse_session *se,
		 struct oq_err *err)
{
	struct oqfs_status status;
	int r;

	oqfs_status_block();
	if (fuse_daemonize(f->opts->foreground))
		return oq_err_set(err, -errno, "cannot become a daemon: %s",
				  strerror(errno));
	r = start(f, err);
	if (r)
		return r;
	if (fuse_set_signal_handlers(se))
		return oq_err_set(err, -errno, "cannot handle signals");
	oqfs_log(f->log, OQFS_INFO, "%s is mounted on %s", source_name(f),
		 f->opts->mountpoint);
	oqfs_status_start(&status, f);
	r = loop(se);
	oqfs_status_end(&status);
	fuse_remove_signal_handlers(se);
	oqfs_log(f->log, OQFS_INFO, "%s is unmounted", f->opts->mountpoint);
	/* A positive number is the signal we were told to end with. */
	return r < 0 ? oq_err_set(err, r, "the mount ended: %s", strerror(-r))
		     : 0;
}

static int mount_and_serve(struct oqfs_front *f, struct oq_err *err)
{
	struct fuse_session *se = NULL;
	int r = open_session(f, &se, err);

	if (r)
		return r;
	/* libfuse has told on stderr why, fusermount3 perhaps too. */
	if (fuse_session_mount(se, f->opts->mountpoint)) {
		fuse_session_destroy(se);
		return oq_err_set(err, -EIO, "cannot mount on '%s'",
				  f->opts->mountpoint);
	}
	r = serve(f, se, err);
	fuse_session_unmount(se);
	fuse_session_destroy(se);
	return r;
}

int oqfs_mount(struct oqfs_opts *o, struct oq_err *err)
{
	struct oqfs_front f = { .opts = o };
	int r;

	oqfs_recent_init(&f.recent);
	atomic_init(&f.is_tuned, false);
	atomic_init(&f.nplain, 0);
	atomic_init(&f.dir_bytes, 0);
	pthread_mutex_init(&f.handles, NULL);
	atomic_init(&f.passes, false);
	atomic_init(&f.nbacked, 0);
	count_descriptors(&f);
	if (getrandom(&f.born, sizeof(f.born), 0) < 0)
		return oq_err_set(err, -errno, "no random numbers");
	r = oqfs_preflight_source(o, &f.roots, err);
	if (!r)
		r = oqfs_catalog_open(f.roots, &f.catalog, err);
	if (!r)
		r = oqfs_preflight(o, f.roots, err);
	f.acl = !r && needs_acl(&f);
	if (!r)
		r = mount_and_serve(&f, err);
	end(&f);
	return r;
}

const char *oqfs_mount_libfuse(void)
{
	return fuse_pkgversion();
}
