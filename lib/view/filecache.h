/* SPDX-License-Identifier: MIT */
/* filecache.h - open views, the most recently used ones
 *
 * Every request names its view in full, so that a new reader understands it.
 * The cache finds the view that an earlier request opened.
 *
 * Main thread, except where others are named.
 */
#ifndef OQ_FILECACHE_H
#define OQ_FILECACHE_H

#include "lib/data/env.h"
#include "lib/file/file.h"
#include "lib/ipc/wire.h"

struct oq_filecache;
struct oq_cached_file;

struct oq_filecache *oq_filecache_new(const struct oq_env *env);

/* The open view with this key (object, view, part, name, slice), held for the
 * caller, or NULL. */
struct oq_cached_file *oq_filecache_find(struct oq_filecache *set,
					 const struct oq_request *key);
/* The labels of an open view of this object, borrowed from the view; or NULL.
 */
struct oq_labels *oq_filecache_labels(const struct oq_filecache *set,
				      uint64_t object);
/* Take over an opened file and hold it for the caller; the least recently used
 * views make room.  NULL: no memory; the file is then closed. */
struct oq_cached_file *oq_filecache_add(struct oq_filecache *set,
					const struct oq_request *key,
					struct oq_file *file);

struct oq_file *oq_filecache_file(struct oq_cached_file *o);

/* Any thread: give up a hold.  The file is closed by a worker, since closing
 * waits for fills under way, which may wait for the main thread. */
void oq_filecache_put(struct oq_cached_file *o);

#endif
