/* SPDX-License-Identifier: MIT */
/* names.h - names of attributes, asked for many objects at once
 *
 * A program that lists the attributes of one file in a directory usually goes
 * on to the next file: `ls -l` (coreutils 9.10 and later), `cp -a` and `rsync
 * -X` do.  So from the second entry in order on, one request asks for the
 * entries behind it too; how many is the window, which grows:
 *
 *	entries of a group   a  b  c  d  e  f  g  h  i  j  ...
 *	requests             1  2..............  3.............
 *
 * The answer to one request is kept until the next: for each object the names
 * as its reader sent them.  Any thread.
 */
#ifndef OQFS_NAMES_H
#define OQFS_NAMES_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"

#define OQFS_NAMES_MOST	 256	    /* objects in one request */
#define OQFS_NAMES_BYTES (64 << 10) /* of its answer, at most */

/* L under 'lock' */
struct oqfs_names {
	pthread_mutex_t lock;
	struct oqfs_names_of *v; /* L: owned; 'n' of them, by object */
	size_t n;		 /* L */
	struct oq_buf bytes;	 /* L: the answer */
	uint64_t group;		 /* L: of the last request */
	size_t from, window;	 /* L: its entries; window 0: none yet */
	bool is_off;		 /* L: see oqfs_names_stop() */
};

void oqfs_names_init(struct oqfs_names *names);
void oqfs_names_done(struct oqfs_names *names);

/* Append the kept names of an object, each with its NUL.  False if none are
 * kept. */
bool oqfs_names_get(struct oqfs_names *names, uint64_t object,
		    struct oq_buf *out);

/* Whether an object lacks an attribute with this name: UNKNOWN if no names of
 * it are kept, LACKS only if its reader told all the names there are.  Not for
 * the attributes that we make ourselves, which may appear later. */
enum oqfs_lack { OQFS_UNKNOWN, OQFS_LACKS, OQFS_MAY_HAVE };
enum oqfs_lack oqfs_names_lack(struct oqfs_names *names, uint64_t object,
			       const char *name);

/* Called when the names of entry 'i' of a group are wanted: how many entries to
 * ask for, 1 to OQFS_NAMES_MOST. */
size_t oqfs_names_plan(struct oqfs_names *names, uint64_t group, size_t i);

/* Keep 'bytes', the answer for the first few of the 'n' objects (wire.h), in
 * place of the answer before.  Keeps nothing if it is malformed.  Takes over
 * the bytes in any case. */
void oqfs_names_keep(struct oqfs_names *names, const uint64_t *objects,
		     size_t n, struct oq_buf *bytes);

/* Called when a request for several objects failed: from now on
 * oqfs_names_plan() says 1. */
void oqfs_names_stop(struct oqfs_names *names);

#endif
