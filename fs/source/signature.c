/* SPDX-License-Identifier: MIT */
/* signature.c - is a file HDF5, and how did its writer leave it */

#include "fs/source/signature.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#define FRESH_SECONDS 60 /* written less long ago, a file counts as live */

int oqfs_session_read(int fd, struct oqfs_session *s)
{
	struct oq_superblock sb;
	int r = oq_superblock_find(fd, &sb);

	if (r <= 0)
		return r < 0 ? r : -ESTALE;
	*s = (struct oqfs_session){ .at = sb.base };
	return pread(fd, s->bytes, sizeof(s->bytes), (off_t)s->at) < 0 ? -errno
								       : 0;
}

bool oqfs_session_holds(int fd, const struct oqfs_session *s)
{
	uint8_t now[OQ_SUPERBLOCK_BYTES] = { 0 };

	return pread(fd, now, sizeof(now), (off_t)s->at) >= 0 &&
	       memcmp(now, s->bytes, sizeof(now)) == 0;
}

bool oqfs_signature_is_fresh(const struct stat *st)
{
	return time(NULL) - st->st_mtime < FRESH_SECONDS;
}

const char *oqfs_state_name(enum oqfs_state s)
{
	switch (s) {
	case OQFS_COMPLETE:
		return "complete";
	case OQFS_LIVE:
		return "live";
	case OQFS_BROKEN:
		break;
	}
	return "broken";
}

/* The file behind a link in /proc may be on a file system that hangs, or that
 * its owner makes hang: so only the attributes that the kernel knows are looked
 * at. */
static bool is_same(int dir, const char *name, const struct stat *file)
{
	struct statx st;

	return !statx(dir, name, AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC,
		      STATX_INO, &st) &&
	       st.stx_ino == file->st_ino &&
	       makedev(st.stx_dev_major, st.stx_dev_minor) == file->st_dev;
}

/* Does a process have the file open for writing?  The mode of the symbolic
 * link in /proc says how it was opened. */
static bool process_writes(int proc, const char *pid, const struct stat *file)
{
	char path[64];
	struct dirent *d;
	bool yes = false;
	DIR *dir;
	int fd;

	snprintf(path, sizeof(path), "%.20s/fd", pid);
	fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return false;
	}
	while (!yes && (d = readdir(dir))) {
		struct stat link;

		yes = isdigit((unsigned char)d->d_name[0]) &&
		      !fstatat(fd, d->d_name, &link, AT_SYMLINK_NOFOLLOW) &&
		      (link.st_mode & S_IWUSR) && is_same(fd, d->d_name, file);
	}
	closedir(dir);
	return yes;
}

static bool has_writer(const struct stat *file)
{
	DIR *dir = opendir("/proc");
	struct dirent *d;
	bool yes = false;

	if (!dir)
		return false;
	while (!yes && (d = readdir(dir)))
		yes = isdigit((unsigned char)d->d_name[0]) &&
		      process_writes(dirfd(dir), d->d_name, file);
	closedir(dir);
	return yes;
}

enum oqfs_state oqfs_signature_state(int fd, struct oq_err *why)
{
	struct oq_superblock sb;
	struct stat st;
	int r = oq_superblock_find(fd, &sb);

	why->text[0] = '\0';
	if (r < 0 || fstat(fd, &st)) {
		oq_err_set(why, 0, "cannot be read: %s",
			   strerror(r < 0 ? -r : errno));
		return OQFS_BROKEN;
	}
	if (!r) {
		/* In a new file libhdf5 writes it late. */
		oq_err_set(why, 0, "it has no HDF5 signature");
		return has_writer(&st) ? OQFS_LIVE : OQFS_BROKEN;
	}
	if (!sb.is_readable) {
		oq_err_set(why, 0, "its superblock cannot be read");
		return OQFS_BROKEN;
	}
	if (oq_superblock_is_open(&sb) &&
	    (oqfs_signature_is_fresh(&st) || has_writer(&st)))
		return OQFS_LIVE;
	if (oq_superblock_is_open(&sb)) {
		oq_err_set(why, 0, "its writer ended without closing it");
		return OQFS_BROKEN;
	}
	if (sb.stored_eof > (uint64_t)st.st_size) {
		oq_err_set(why, 0,
			   "it is cut short: %llu bytes of %llu are there",
			   (unsigned long long)st.st_size,
			   (unsigned long long)sb.stored_eof);
		return OQFS_BROKEN;
	}
	return OQFS_COMPLETE;
}
