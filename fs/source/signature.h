/* SPDX-License-Identifier: MIT */
/* signature.h - is a file HDF5, and how did its writer leave it
 *
 * From the few bytes that the front itself looks at (superblock.h).  Nothing
 * here keeps state.
 */
#ifndef OQFS_SIGNATURE_H
#define OQFS_SIGNATURE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "lib/base/err.h"
#include "lib/base/superblock.h"

/* The bytes of the superblock themselves: as long as a SWMR writer goes on
 * writing they stay as they are, but for when it flushes the whole file.
 * Whoever closes the file and opens it again changes them twice. */
struct oqfs_session {
	uint64_t at;
	uint8_t bytes[OQ_SUPERBLOCK_BYTES];
};
/* Returns 0 or a negative errno. */
int oqfs_session_read(int fd, struct oqfs_session *s);
/* Is it still the same? */
bool oqfs_session_holds(int fd, const struct oqfs_session *s);

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
