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

#define FRESH_SECONDS 60 /* written so lately, it counts as live */

static uint64_t little(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n && i < 8; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

/* Versions 0 and 1: the end of file is the third of four addresses that
 * follow fixed fields.  No flag tells of a writer. */
static void look_old(const uint8_t *p, size_t n, struct oqfs_superblock *sb)
{
	size_t width = p[13];
	size_t at = 24 + (sb->version == 1 ? 4 : 0) + 2 * width;

	if (width < 2 || width > 8 || at + width > n)
		return;
	sb->eof = little(p + at, width);
	sb->is_readable = true;
}

static void look_new(const uint8_t *p, size_t n, struct oqfs_superblock *sb)
{
	size_t width = p[9];
	size_t at = 12 + 2 * width;

	if (width < 2 || width > 8 || at + width > n)
		return;
	sb->open_flag = sb->version >= 3 && p[11] != 0;
	sb->swmr_flag = sb->version >= 3 && p[11] & 4;
	sb->eof = little(p + at, width);
	sb->is_readable = true;
}

int oqfs_signature_find(int fd, struct oqfs_superblock *sb)
{
	static const uint8_t magic[8] = { 0x89, 'H',  'D',  'F',
					  '\r', '\n', 0x1a, '\n' };
	uint8_t p[OQFS_SUPERBLOCK_BYTES];

	for (uint64_t at = 0; at <= INT64_MAX / 4; at = at ? 2 * at : 512) {
		ssize_t n = pread(fd, p, sizeof(p), (off_t)at);

		if (n < 0)
			return -errno;
		if (n < (ssize_t)sizeof(magic))
			return 0;
		if (memcmp(p, magic, sizeof(magic)) != 0)
			continue;
		*sb = (struct oqfs_superblock){ .at = at };
		if (n < 14)
			return 1;
		sb->version = p[8];
		if (sb->version <= 1)
			look_old(p, (size_t)n, sb);
		else if (sb->version <= 3)
			look_new(p, (size_t)n, sb);
		return 1;
	}
	return 0;
}

int oqfs_session_read(int fd, struct oqfs_session *s)
{
	struct oqfs_superblock sb;
	int r = oqfs_signature_find(fd, &sb);

	if (r <= 0)
		return r < 0 ? r : -ESTALE;
	*s = (struct oqfs_session){ .at = sb.at };
	return pread(fd, s->bytes, sizeof(s->bytes), (off_t)s->at) < 0 ? -errno
								       : 0;
}

bool oqfs_session_holds(int fd, const struct oqfs_session *s)
{
	uint8_t now[OQFS_SUPERBLOCK_BYTES] = { 0 };

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

/* What a link in /proc leads to may be of a file system that hangs, or that
 * its owner makes hang: what the kernel knows of it has to do. */
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
	struct oqfs_superblock sb;
	struct stat st;
	int r = oqfs_signature_find(fd, &sb);

	why->text[0] = '\0';
	if (r < 0 || fstat(fd, &st)) {
		oq_err_set(why, 0, "cannot be read: %s",
			   strerror(r < 0 ? -r : errno));
		return OQFS_BROKEN;
	}
	if (!r) {
		/* libhdf5 writes it late. */
		oq_err_set(why, 0, "it has no HDF5 signature");
		return has_writer(&st) ? OQFS_LIVE : OQFS_BROKEN;
	}
	if (!sb.is_readable) {
		oq_err_set(why, 0, "its superblock cannot be read");
		return OQFS_BROKEN;
	}
	if (sb.open_flag && (oqfs_signature_is_fresh(&st) || has_writer(&st)))
		return OQFS_LIVE;
	if (sb.open_flag) {
		oq_err_set(why, 0, "its writer ended without closing it");
		return OQFS_BROKEN;
	}
	if (sb.eof > (uint64_t)st.st_size) {
		oq_err_set(why, 0,
			   "it is cut short: %llu bytes of %llu are there",
			   (unsigned long long)st.st_size,
			   (unsigned long long)sb.eof);
		return OQFS_BROKEN;
	}
	return OQFS_COMPLETE;
}
