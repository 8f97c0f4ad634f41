/* SPDX-License-Identifier: MIT */
/* opened.h - the views that are open, the latest used of them
 *
 * A request names its view in full each time, so that a new reader
 * understands it; this finds the one that an earlier request opened.
 */
#ifndef OQ_OPENED_H
#define OQ_OPENED_H

#include "lib/data/env.h"
#include "lib/ipc/wire.h"
#include "lib/view/shown.h"

struct oq_opened_set;
struct oq_opened;

/* All of these: main thread. */
struct oq_opened_set *oq_opened_new(const struct oq_env *env);

/* The view with this key (object, view, part, name, slice), held, or NULL. */
struct oq_opened *oq_opened_find(struct oq_opened_set *set,
				 const struct oq_request *key);
/* The labels that an open view of this object has, or NULL; the view's. */
struct oq_labels *oq_opened_labels(const struct oq_opened_set *set,
				   uint64_t object);
/* Add a view, held; the least recently used ones make room.  On failure
 * (NULL: no memory) 'shown' is closed. */
struct oq_opened *oq_opened_add(struct oq_opened_set *set,
				const struct oq_request *key,
				struct oq_shown *shown);

struct oq_shown *oq_opened_shown(struct oq_opened *o);

/* Any thread: let go.  Closing is a worker's job, since a view waits for its
 * fills under way, and those may wait for the main thread. */
void oq_opened_put(struct oq_opened *o);

#endif
