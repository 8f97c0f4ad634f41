/* SPDX-License-Identifier: MIT */
/* exportdir.h - the directory of exports, as a reader serves it
 *
 * Nothing is read until it is first asked for.  Then the datastore, and those
 * that the calculation was made from, are looked at once.
 */
#ifndef OQ_EXPORTDIR_H
#define OQ_EXPORTDIR_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/data/env.h"
#include "lib/file/file.h"
#include "lib/ipc/wire.h"
#include "lib/reader/entry.h"

struct oq_exportdir;

/* What the front says of a calculation (OQ_OP_CALC). */
struct oq_calc_spec {
	uint64_t number;    /* or OQ_WIRE_UNKNOWN */
	const int *fds;	    /* the datastores it was made from, nearest first */
	size_t nfds;	    /* <= OQ_MAX_PARENTS */
	const char *absent; /* why the next parent is missing; may be empty */
	size_t absent_len;
};

/* The functions are for the main thread, except the last.
 *
 * 'own' is the calculation's own datastore, borrowed; 'spec' is NULL where
 * nothing is known.  Takes over the descriptors on success.  NULL: no memory.
 */
struct oq_exportdir *oq_exportdir_new(const struct oq_env *own,
				      const struct oq_calc_spec *spec);
void oq_exportdir_free(struct oq_exportdir *d);

/* List its files, as entries of a group. */
int oq_exportdir_list(struct oq_exportdir *d, struct oq_listing *l,
		      struct oq_err *err);
/* Append its extended attribute "oqfs.export": which kinds are left out, and
 * why. */
int oq_exportdir_left_out(struct oq_exportdir *d, struct oq_buf *out,
			  struct oq_err *err);
/* Open the file that the request names; -ENOENT where there is none. */
int oq_exportdir_open(struct oq_exportdir *d, const struct oq_request *key,
		      struct oq_file **out, struct oq_err *err);

/* Any worker: wait until no writer is in the middle of a change to the
 * datastores that it was made from; see oq_store_quiesce(). */
void oq_exportdir_quiesce(const struct oq_exportdir *d);

#endif
