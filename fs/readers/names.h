/* SPDX-License-Identifier: MIT */
/* names.h - names of attributes, asked for many objects at once
 *
 * Who asks for the list of one file in a directory goes on to the next one, as
 * `ls -l` (coreutils 9.6 and later), `cp -a` and `rsync -X` do.  So from the
 * second entry in order on, what is asked is asked for those behind it too:
 *
 *	entries of a group   a  b  c  d  e  f  g  h  i  j  ...
 *	asks                 1  1..... (window)  1.............
 *
 * What came with one ask is kept until the next, of each object the names as
 * its reader sent them.  Any thread.
 */
#ifndef OQFS_NAMES_H
#define OQFS_NAMES_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"

#define OQFS_NAMES_MOST	 256	    /* objects of one ask */
#define OQFS_NAMES_BYTES (64 << 10) /* that may come with it */

/* L under 'lock' */
struct oqfs_names {
	pthread_mutex_t lock;
	struct oqfs_names_of *v; /* L: owned; 'n' of them, by object */
	size_t n;		 /* L */
	struct oq_buf bytes;	 /* L: what came */
	uint64_t group;		 /* L: asked last */
	size_t from, window;	 /* L: its entries; 0: none yet */
	bool is_off;		 /* L */
};

void oqfs_names_init(struct oqfs_names *names);
void oqfs_names_done(struct oqfs_names *names);

/* Append the names of an object, each with its NUL.  False where they are not
 * known. */
bool oqfs_names_get(struct oqfs_names *names, uint64_t object,
		    struct oq_buf *out);

/* Has an object no attribute with this name, not even one that cannot be had?
 * Names of ours may come to be when they are asked for, and are not for here.
 */
enum oqfs_lack { OQFS_UNKNOWN, OQFS_LACKS, OQFS_MAY_HAVE };
enum oqfs_lack oqfs_names_lack(struct oqfs_names *names, uint64_t object,
			       const char *name);

/* How many entries to ask for, if it is entry 'i' of a group that is wanted: 1
 * to OQFS_NAMES_MOST. */
size_t oqfs_names_plan(struct oqfs_names *names, uint64_t group, size_t i);

/* Objects were asked for, and 'bytes' came for the first of them (wire.h): keep
 * that in place of what was before, or nothing where it is no proper answer.
 * Taken over in any case. */
void oqfs_names_keep(struct oqfs_names *names, const uint64_t *objects,
		     size_t n, struct oq_buf *bytes);

/* An ask for several failed: each is to be asked for alone from now on. */
void oqfs_names_stop(struct oqfs_names *names);

#endif
