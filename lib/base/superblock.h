/* SPDX-License-Identifier: MIT */
/* superblock.h - the first fields of an HDF5 file, read without libhdf5
 *
 * The signature stands at 0 or, behind a user block, at 512, 1024, 2048, ...;
 * the superblock's fields follow it.  Keeps no state; any thread.
 */
#ifndef OQ_SUPERBLOCK_H
#define OQ_SUPERBLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define OQ_NO_ADDR		UINT64_MAX

/* How many bytes are read: enough for the fields below, with the widest
 * addresses. */
#define OQ_SUPERBLOCK_BYTES	64

/* The consistency flag of a file that is open for SWMR writing. */
#define OQ_SUPERBLOCK_SWMR_FLAG 4

struct oq_superblock {
	uint64_t base;	     /* where it is: size of the user block */
	uint64_t stored_eof; /* from the start; OQ_NO_ADDR: not known */
	uint64_t driver;     /* of the driver's own block, from the start;
				OQ_NO_ADDR: none */
	uint64_t size;	     /* of the file; filled in by oq_h5_superblock() */
	unsigned version;
	unsigned flags;	  /* as stored; 0 before version 2 */
	bool is_readable; /* false: cut, or of a version we do not know */
};

/* Whether a writer has the file open, or died without closing it.  False
 * before version 3, which has no flags that tell. */
static inline bool oq_superblock_is_open(const struct oq_superblock *sb)
{
	return sb->version >= 3 && sb->flags != 0;
}

/* Whether that writer lets others read meanwhile (SWMR). */
static inline bool oq_superblock_is_swmr(const struct oq_superblock *sb)
{
	return sb->version >= 3 && sb->flags & OQ_SUPERBLOCK_SWMR_FLAG;
}

/* Find and decode the superblock of an open file.  Returns 1 (it is HDF5), 0
 * (it is not; '*sb' is untouched) or a negative errno of pread(2). */
int oq_superblock_find(int fd, struct oq_superblock *sb);

#endif
