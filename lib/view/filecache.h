/* SPDX-License-Identifier: MIT */
/* filecache.h - the views that are open, the latest used of them
 *
 * A request names its view in full each time, so that a new reader
 * understands it; this finds the one that an earlier request opened.
 */
#ifndef OQ_FILECACHE_H
#define OQ_FILECACHE_H

#include "lib/data/env.h"
#include "lib/file/file.h"
#include "lib/ipc/wire.h"

struct oq_filecache;
struct oq_cached_file;

/* All of these: main thread. */
struct oq_filecache *oq_filecache_new(const struct oq_env *env);

/* The view with this key (object, view, part, name, slice), held, or NULL. */
struct oq_cached_file *oq_filecache_find(struct oq_filecache *set,
					 const struct oq_request *key);
/* The labels that an open view of this object has, or NULL; the view's. */
struct oq_labels *oq_filecache_labels(const struct oq_filecache *set,
				      uint64_t object);
/* Add a view, held; the least recently used ones make room.  On failure
 * (NULL: no memory) 'shown' is closed. */
struct oq_cached_file *oq_filecache_add(struct oq_filecache *set,
					const struct oq_request *key,
					struct oq_file *shown);

struct oq_file *oq_filecache_file(struct oq_cached_file *o);

/* Any thread: let go.  Closing is a worker's job, since a view waits for its
 * fills under way, and those may wait for the main thread. */
void oq_filecache_put(struct oq_cached_file *o);

#endif
