/* SPDX-License-Identifier: MIT */
/* identity.h - what tells two generations of a datastore apart
 *
 * An inode number alone does not: ext4 gives the number of a deleted file to
 * the next one at once, and h5py's 'w' rewrites a file in place.
 */
#ifndef OQFS_IDENTITY_H
#define OQFS_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

struct oqfs_identity {
	uint64_t dev, ino, size;
	int64_t mtime_ns, ctime_ns;
};
struct oqfs_identity oqfs_identity_of(const struct stat *st);
bool oqfs_identity_same(const struct oqfs_identity *a,
			const struct oqfs_identity *b);

/* fstat(2), but never what was known some seconds ago, as with files that come
 * from a server.  Returns 0 or a negative errno. */
int oqfs_identity_stat(int fd, struct stat *st);

/* Whether a file that is now as 'now' can still be taken for 'id'.  A 'live'
 * one may grow and its times may pass, since its writer appends; it may not
 * become another file, shrink or be deleted. */
bool oqfs_identity_holds(const struct oqfs_identity *id, bool live,
			 const struct stat *now);

/* Did the file change just now, so that its identity proves little?  A write(2)
 * sets the times when it begins, and may be long under way after that; and two
 * changes within one tick of the kernel's clock have the same times. */
bool oqfs_identity_is_young(const struct stat *st);

#endif
