/* SPDX-License-Identifier: MIT */
/* signature.h - is a file HDF5, and how did its writer leave it
 *
 * The front itself looks at a few bytes of a file for this (superblock.h).  Any
 * thread.
 */
#ifndef OQFS_SIGNATURE_H
#define OQFS_SIGNATURE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "lib/base/err.h"
#include "lib/base/superblock.h"

/* One session of a SWMR writer, told by the bytes of the superblock.  These
 * stay the same while the writer appends, except when it flushes the whole
 * file; a writer that closes the file and opens it again changes them twice. */
struct oqfs_session {
	uint64_t at; /* where the superblock is in the file */
	uint8_t bytes[OQ_SUPERBLOCK_BYTES];
};
/* Read the bytes.  Returns 0; -ESTALE where the file is not HDF5; or another
 * negative errno. */
int oqfs_session_read(int fd, struct oqfs_session *s);
/* Whether the file still has the same bytes. */
bool oqfs_session_holds(int fd, const struct oqfs_session *s);

/* Whether the file was written in the last minute: then a writer that the
 * superblock's flags tell of may still be at work. */
bool oqfs_signature_is_fresh(const struct stat *st);

enum oqfs_state { OQFS_COMPLETE, OQFS_LIVE, OQFS_BROKEN };

const char *oqfs_state_name(enum oqfs_state s);

/* The state of the datastore that 'fd' has open, with the reason where it is
 * broken, or live without an HDF5 signature yet; else the reason is empty.  May
 * look for writers among the processes, as far as /proc shows them. */
enum oqfs_state oqfs_signature_state(int fd, struct oq_err *why);

#endif
