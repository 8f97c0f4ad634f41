/* SPDX-License-Identifier: MIT */
/* signature.h - is a file HDF5, and how did its writer leave it
 *
 * The few bytes that the front itself looks at: the signature, at 0 or at
 * 512, 1024, 2048, ... behind a user block, and the first fields of the
 * superblock that follows it.  Nothing here keeps state.
 */
#ifndef OQFS_SIGNATURE_H
#define OQFS_SIGNATURE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "lib/base/err.h"

#define OQFS_SUPERBLOCK_BYTES 64 /* more than the fields that are looked at */

struct oqfs_superblock {
	uint64_t at;  /* where the signature is */
	uint64_t eof; /* where the file should end; 0: not known */
	unsigned version;
	bool open_flag;	  /* somebody opened it for writing and did not close */
	bool swmr_flag;	  /* and lets others read meanwhile */
	bool is_readable; /* false: cut, or of a version we do not know */
};

/* The bytes of the superblock themselves: as long as a SWMR writer goes on
 * writing they stay as they are, but for when it flushes the whole file.
 * Whoever closes the file and opens it again changes them twice. */
struct oqfs_session {
	uint64_t at;
	uint8_t bytes[OQFS_SUPERBLOCK_BYTES];
};
/* Returns 0 or a negative errno. */
int oqfs_session_read(int fd, struct oqfs_session *s);
/* Is it still the same? */
bool oqfs_session_holds(int fd, const struct oqfs_session *s);

/* Returns 1 (it is HDF5), 0 (it is not) or a negative errno. */
int oqfs_signature_find(int fd, struct oqfs_superblock *sb);

/* Written so lately that, where the flags tell of a writer, he may be at work
 * still. */
bool oqfs_signature_is_fresh(const struct stat *st);

enum oqfs_state { OQFS_COMPLETE, OQFS_LIVE, OQFS_BROKEN };

const char *oqfs_state_name(enum oqfs_state s);

/* How the datastore in 'fd' stands, with the reason where it is broken, or
 * live and not HDF5 yet.
 * Looks for writers among the processes, as far as we may. */
enum oqfs_state oqfs_signature_state(int fd, struct oq_err *why);

#endif
