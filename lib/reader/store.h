/* SPDX-License-Identifier: MIT */
/* store.h - one open datastore, as a tree of views: the library's face
 *
 *	list     what a group holds          main thread
 *	xattrs   what attributes say         main thread
 *	view     open a view                 main thread
 *	  shown  its size and its bytes      any worker (file.h)
 *
 * Objects are numbers (wire.h).  What goes to the front is put into a buffer
 * in the form that crosses the wire.
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
	int fd;		  /* the datastore's file; borrowed */
	const char *path; /* of it; NULL: not known */
	/* Of which: threads, cache, csv_split. */
	struct oq_reader_opts reader;
	/* Called between the workers' start and the first look at the file; an
	 * error is the open's.  May be NULL. */
	int (*seal)(struct oq_err *err);
	atomic_uint_fast64_t *nread; /* bytes read are added here; or NULL */
};

/* The calling thread becomes the main thread.  Starts the workers. */
int oq_store_open(const struct oq_store_opts *o, struct oq_store **out,
		  struct oq_err *err);

const struct oq_env *oq_store_env(const struct oq_store *s);

/* What the front says of the calculation; before anything else is asked, once
 * at most.  Takes over the descriptors on success.  -EPROTO, -ENOMEM. */
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

/* Names of an object's attributes (without "user."), each with its NUL, as
 * many as fit the limits of extended attributes; the value of one. -ENODATA
 * where there is none, -E2BIG where it is too large; why not all of them can
 * be read, or 0. */
int oq_store_xlist(struct oq_store *s, uint64_t object, struct oq_buf *out,
		   struct oq_err *err);
int oq_store_xget(struct oq_store *s, uint64_t object, const char *name,
		  struct oq_buf *out, struct oq_err *err);
int oq_store_xcheck(struct oq_store *s, uint64_t object, struct oq_err *err);

/* Where a writer may have been half way, wait until the file has been left
 * alone for a while (quiesce.h): what was read until then, with the file still
 * the same, was not of that kind.  Any worker. */
void oq_store_quiesce(struct oq_store *s);

/* Open a view, or find it among those that are open; it is held. */
int oq_store_view(struct oq_store *s, const struct oq_request *key,
		  struct oq_cached_file **out, struct oq_err *err);

#endif
