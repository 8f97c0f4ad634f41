/* SPDX-License-Identifier: MIT */
/* store.h - one open datastore as a tree of views: the library's interface
 *
 *	list     what a group holds          main thread
 *	xattrs   what attributes say         main thread
 *	view     open a view                 main thread
 *	  file   its size and its bytes      any worker (file.h)
 *
 * Objects are numbers (wire.h).  Answers for the front are put into a buffer in
 * the form that crosses the wire.
 */
#ifndef OQ_STORE_H
#define OQ_STORE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/data/env.h"
#include "lib/ipc/readeropts.h"
#include "lib/ipc/wire.h"
#include "lib/reader/exportdir.h"
#include "lib/view/filecache.h"

struct oq_store;

struct oq_store_opts {
	int fd;			      /* the datastore's file; borrowed */
	const char *path;	      /* its path; NULL: not known */
	struct oq_reader_opts reader; /* but sandbox and memory */
	/* Called after the workers were started and before the file is read;
	 * if it fails, so does the open.  May be NULL. */
	int (*seal)(struct oq_err *err);
	atomic_uint_fast64_t *nread; /* bytes read are added here; or NULL */
};

/* The calling thread becomes the main thread.  Starts the workers. */
int oq_store_open(const struct oq_store_opts *o, struct oq_store **out,
		  struct oq_err *err);

const struct oq_env *oq_store_env(const struct oq_store *s);

/* Note what the front knows of the calculation; at most once, and before
 * anything else is asked.  Takes over the descriptors on success.  Returns 0,
 * -EPROTO (not the first request) or -ENOMEM. */
int oq_store_set_calc(struct oq_store *s, const struct oq_calc_spec *spec);

/* Entries of a group from number 'from' on, encoded one after the other, as
 * many as 'room' bytes hold.  '*next' is the number of the first that did not
 * fit, 0 when all did. */
struct oq_list_spec {
	uint64_t group, from;
	size_t room;
	const struct oq_progress *progress; /* told now and then; may be NULL */
};
int oq_store_list(struct oq_store *s, const struct oq_list_spec *spec,
		  struct oq_buf *out, uint64_t *next, struct oq_err *err);

/* Append those entries of a group that an OQ_OP_FAMILY asks for by 'names',
 * each with its NUL.  '*nlinks' is how many links the group has, or
 * OQ_H5_NOT_COUNTED.  On failure any entry may be there. */
int oq_store_family(struct oq_store *s, const struct oq_list_spec *spec,
		    const struct oq_buf *names, struct oq_buf *out,
		    uint64_t *nlinks, struct oq_err *err);

/* Append the names of an object's extended attributes (without "user."), each
 * with its NUL, as many as fit Linux's limits. */
int oq_store_xlist(struct oq_store *s, uint64_t object, struct oq_buf *out,
		   struct oq_err *err);
/* Append the value of one.  -ENODATA: there is none; -E2BIG: it is too large.
 */
int oq_store_xget(struct oq_store *s, uint64_t object, const char *name,
		  struct oq_buf *out, struct oq_err *err);
/* Returns 0 if all of the object's own attributes can be read, else why not. */
int oq_store_xcheck(struct oq_store *s, uint64_t object, struct oq_err *err);

/* Any worker: wait until the file has not changed for a while (quiesce.h).  If
 * it is then still the same generation, what was read before this call was not
 * read in the middle of a writer's change. */
void oq_store_quiesce(struct oq_store *s);

/* Open a view, or find it among the open ones; it is held for the caller. */
int oq_store_view(struct oq_store *s, const struct oq_request *key,
		  struct oq_cached_file **out, struct oq_err *err);

#endif
