/* SPDX-License-Identifier: MIT */
/* identity.h - what tells two generations of a datastore apart
 *
 * An inode number alone does not: ext4 gives the number of a deleted file to
 * the next one at once, and h5py's 'w' rewrites a file in place.  Plain values;
 * any thread.
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

/* Do fstat(2), but have a file's server asked instead of taking attributes that
 * the kernel got some seconds ago.  Returns 0 or a negative errno. */
int oqfs_identity_stat(int fd, struct stat *st);

/* Whether a file with the attributes 'now' still is 'id'.  A 'live' file, to
 * which a writer appends, may have grown and have other times.  A file that was
 * deleted never is. */
bool oqfs_identity_holds(const struct oqfs_identity *id, bool live,
			 const struct stat *now);

/* Whether the file changed less than ten seconds ago, so that its identity
 * proves little: a write(2) sets the times when it begins, and may go on long
 * after that; and two changes within one tick of the kernel's clock have the
 * same times. */
bool oqfs_identity_is_young(const struct stat *st);

#endif
