/* SPDX-License-Identifier: MIT */
/* access.h - what of a mode a shared mount may pass on to its callers
 *
 * We may go where a caller may not, and the kernel knows only the modes that
 * we tell it: they must not promise more than the source would give.  Any
 * thread.
 */
#ifndef OQFS_ACCESS_H
#define OQFS_ACCESS_H

#include <sys/stat.h>

/* The mode of an open file, without the bits of group and others where it has
 * an access list: that can say less or more than they do, since the group bits
 * are then the list's mask.  Those of the owner hold in any case. */
mode_t oqfs_access_listed(int fd, mode_t mode);

/* A mask for the mode of the source at this absolute path: who cannot pass the
 * directories above it must not get in by the mount.  Where not everybody can,
 * we only know that those can who are the same owner or group here and
 * there. */
mode_t oqfs_access_above(const char *source, const struct stat *st);

#endif
