/* SPDX-License-Identifier: MIT */
/* preflight.c - can we mount here */

#include "fs/source/preflight.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fs/base/system.h"
#include "lib/base/cleanup.h"

static int check_device(struct oq_err *err)
{
	if (access("/dev/fuse", R_OK | W_OK) == 0)
		return 0;
	if (errno == ENOENT)
		return oq_err_set(err, -ENOENT,
				  "there is no /dev/fuse: load the kernel's "
				  "module (modprobe fuse), or start the "
				  "container with --device /dev/fuse");
	return oq_err_set(err, -errno,
			  "cannot use /dev/fuse: %s; root can open it to all "
			  "users: chmod 666 /dev/fuse",
			  strerror(errno));
}

static bool is_in_path(const char *program)
{
	const char *env = getenv("PATH");
	OQ_FREE char *path = NULL;
	char *save = NULL;

	if (asprintf(&path, "%s:/usr/bin:/bin:/usr/local/bin", env ? env : "") <
	    0) {
		path = NULL;
		return true;
	}
	for (char *dir = strtok_r(path, ":", &save); dir;
	     dir = strtok_r(NULL, ":", &save)) {
		char file[4096];

		snprintf(file, sizeof(file), "%s/%s", dir, program);
		if (access(file, X_OK) == 0)
			return true;
	}
	return false;
}

/* Does a line of fuse.conf allow what only root may do otherwise?  Where we
 * may not look, fusermount3 may. */
static bool others_are_allowed(void)
{
	FILE *conf = fopen("/etc/fuse.conf", "re");
	char line[256];
	bool yes = !conf && errno == EACCES;

	while (conf && fgets(line, sizeof(line), conf)) {
		char *word = line + strspn(line, " \t");

		yes |= strncmp(word, "user_allow_other", 16) == 0 &&
		       strspn(word + 16, " \t\r\n") == strlen(word + 16);
	}
	if (conf)
		fclose(conf);
	return yes;
}

static int check_user(const struct oqfs_opts *o, struct oq_err *err)
{
	if (geteuid() == 0)
		return 0;
	if (access(o->mountpoint, W_OK))
		return oq_err_set(err, -EACCES,
				  "you may not write to '%s', which "
				  "fusermount3 asks for: mount on a directory "
				  "of your own",
				  o->mountpoint);
	if (!is_in_path("fusermount3"))
		return oq_err_set(
			err, -ENOENT,
			"there is no program fusermount3: install the "
			"package fuse3");
	if (o->allow_other && !others_are_allowed())
		return oq_err_set(
			err, -EPERM,
			"allow_other needs a line user_allow_other in "
			"/etc/fuse.conf");
	return 0;
}

static bool is_empty(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	bool empty = true;

	while (d && empty && (e = readdir(d)))
		empty = strcmp(e->d_name, ".") == 0 ||
			strcmp(e->d_name, "..") == 0;
	if (d)
		closedir(d);
	return empty;
}

/* Is something mounted on it?  Its device is not that of the directory
 * above. */
static bool is_mounted(const char *dir, const struct stat *st)
{
	OQ_FREE char *up = NULL;
	struct stat above;

	if (asprintf(&up, "%s/..", dir) < 0) {
		up = NULL;
		return false;
	}
	return stat(up, &above) == 0 && above.st_dev != st->st_dev;
}

static int check_place(struct oqfs_opts *o, const struct oqfs_roots *roots,
		       struct oq_err *err)
{
	const char *m = o->mountpoint, *dir = oqfs_roots_dir(roots);
	struct stat st;

	if (stat(m, &st) || !S_ISDIR(st.st_mode))
		return oq_err_set(
			err, -ENOTDIR,
			"the mount point '%s' is not a directory%s", m,
			o->is_guessed ? ": oqfs SOURCE MOUNTPOINT" : "");
	if (dir && !oqfs_roots_file(roots) && access(dir, R_OK | X_OK))
		return oq_err_set(err, -errno,
				  "cannot look into the source '%s': %s", dir,
				  strerror(errno));
	/* Reading the source would lead through the mount without end. */
	if (oqfs_roots_meet(roots, m))
		return oq_err_set(err, -EINVAL,
				  "the mount point '%s' lies inside the source "
				  "or hides it",
				  m);
	if (o->nonempty)
		return 0;
	if (is_mounted(m, &st))
		return oq_err_set(err, -EBUSY,
				  "something is mounted on '%s' already: "
				  "fusermount3 -u '%s' ends it",
				  m, m);
	if (!is_empty(m))
		return oq_err_set(err, -ENOTEMPTY,
				  "the mount point '%s' is not empty; -o "
				  "nonempty mounts all the same",
				  m);
	return 0;
}

/* A mount that was made before we were started, and is passed to us. */
static bool is_open(const char *mountpoint)
{
	return strncmp(mountpoint, "/dev/fd/", 8) == 0;
}

/* Its options cannot be seen here; whoever made it gave us the same ones. */
static int check_guards(const struct oqfs_opts *o, struct oq_err *err)
{
	if (o->guards == OQFS_ALL_GUARDS)
		return 0;
	return oq_err_set(err, -EPERM,
			  "a mount made beforehand must have the options %s; "
			  "unmount it and add them, or use mount -t oqfs",
			  OQFS_GUARD_WORDS);
}

static int check_mountpoint(struct oqfs_opts *o, const struct oqfs_roots *roots,
			    struct oq_err *err)
{
	struct stat st;
	char *real;

	if (is_open(o->mountpoint))
		return check_guards(o, err);
	if (!*o->mountpoint)
		return oq_err_set(err, -ENOENT, "the mount point is no word");
	if (stat(o->mountpoint, &st)) {
		if (errno == ENOENT)
			return oq_err_set(err, -ENOENT,
					  "there is no mount point '%s': mkdir "
					  "'%s' makes it",
					  o->mountpoint, o->mountpoint);
		if (errno == ENOTCONN)
			return oq_err_set(err, -ENOTCONN,
					  "a dead mount is on '%s': "
					  "fusermount3 -u '%s' removes it",
					  o->mountpoint, o->mountpoint);
		return oq_err_set(err, -errno, "cannot use '%s': %s",
				  o->mountpoint, strerror(errno));
	}
	real = realpath(o->mountpoint, NULL);
	if (!real)
		return oq_err_set(err, -errno, "cannot use '%s': %s",
				  o->mountpoint, strerror(errno));
	free(o->mountpoint);
	o->mountpoint = real;
	return check_place(o, roots, err);
}

/* oqfs walks paths for callers who may not walk them: the kernel must see to it
 * that they do not lead elsewhere. */
static int check_kernel(struct oq_err *err)
{
	if (oqfs_system_has_openat2())
		return 0;
	return oq_err_set(
		err, -ENOSYS,
		"allow_other needs openat2, which this kernel (before "
		"Linux 5.6) or container does not have: without it "
		"others could be led out of the source");
}

int oqfs_preflight_source(const struct oqfs_opts *o, struct oqfs_roots **out,
			  struct oq_err *err)
{
	OQ_BUF struct oq_buf missing = { 0 };
	struct oqfs_roots_opts ro = {
		.source = o->source,
		.named = o->named,
		.nnamed = o->nnamed,
		.shared = o->allow_other,
	};
	int r = o->allow_other ? check_kernel(err) : 0;

	if (r)
		return r;
	r = oqfs_roots_new(&ro, out, err);
	if (r == -ENOENT && o->is_guessed)
		return oq_err_set(err, r,
				  "there is no '%s', where calculations are if "
				  "nothing else is said: oqfs %s",
				  o->source,
				  o->mountpoint ? "SOURCE MOUNTPOINT"
						: "--check SOURCE");
	if (r)
		return r;
	oqfs_roots_put_missing(*out, &missing);
	if (missing.len && !oq_buf_failed(&missing))
		fprintf(stderr, "%.*s", (int)missing.len, missing.data);
	return 0;
}

/* Readers are further processes of this program. */
static int check_self(const struct oqfs_opts *o, struct oq_err *err)
{
	const char *self = oqfs_system_self();

	if (!oqfs_system_can_close())
		return oq_err_set(err, -ENOENT,
				  "there is no /proc, which is needed before "
				  "Linux 5.9: mount -t proc proc /proc");
	/* A daemon changes to the root directory. */
	if (o->foreground || *self == '/')
		return 0;
	return oq_err_set(err, -ENOENT,
			  "there is no /proc: start oqfs by its absolute path");
}

int oqfs_preflight(struct oqfs_opts *o, const struct oqfs_roots *roots,
		   struct oq_err *err)
{
	int r = check_mountpoint(o, roots, err);

	if (!r)
		r = check_self(o, err);
	/* A mount that is passed to us open needs no /dev/fuse of its own. */
	if (is_open(o->mountpoint))
		return r;
	if (!r)
		r = check_device(err);
	return r ? r : check_user(o, err);
}
