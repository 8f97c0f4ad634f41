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

#include "lib/err.h"

struct oqfs_identity {
	uint64_t dev, ino, size;
	int64_t mtime_ns, ctime_ns;
};
struct oqfs_identity oqfs_identity_of(const struct stat *st);
bool oqfs_identity_same(const struct oqfs_identity *a,
			const struct oqfs_identity *b);

/* Whether a file that is now as 'now' can still be taken for 'id'.  A 'live'
 * one may grow and its times may pass, since its writer appends; it may not
 * become another file, shrink or be deleted. */
bool oqfs_identity_holds(const struct oqfs_identity *id, bool live,
			 const struct stat *now);

/* Open the regular file at 'path' below 'source_fd' for reading ("" is the
 * source itself); symbolic links are followed, and may lead out of the source,
 * only with 'outside'.  Returns a descriptor or a negative errno: -EACCES as
 * it is; -ESTALE where the file is gone, is none any more or leads outside. */
int oqfs_identity_open(int source_fd, const char *path, bool outside,
		       struct oq_err *err);

/* stat(2) of what oqfs_identity_open() would open.  0 or a negative errno. */
int oqfs_identity_stat(int source_fd, const char *path, struct stat *st);

#endif
