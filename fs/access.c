/* SPDX-License-Identifier: MIT */
/* access.c - what of a mode a shared mount may pass on to its callers */

#include "access.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

#include "lib/own.h"

static mode_t listed(const char *path, mode_t mode)
{
	if (getxattr(path, "system.posix_acl_access", NULL, 0) > 0)
		mode &= ~(mode_t)077;
	return mode;
}

mode_t oqfs_access_listed(int fd, mode_t mode)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return listed(path, mode);
}

mode_t oqfs_access_above(const char *source, const struct stat *st)
{
	OQ_FREE char *path = strdup(source);
	mode_t mask = 0777;
	struct stat above;
	char *slash;

	while (path && (slash = strrchr(path, '/')) && path[1]) {
		mode_t keep = 0, mode;

		slash[slash == path] = '\0';
		if (stat(path, &above))
			return 0700;
		mode = listed(path, above.st_mode);
		if ((mode & 0111) == 0111)
			continue;
		if (mode & S_IXUSR && above.st_uid == st->st_uid)
			keep |= 0700;
		if (mode & S_IXGRP && above.st_gid == st->st_gid)
			keep |= 070;
		mask &= keep;
	}
	return path ? mask : 0700;
}
