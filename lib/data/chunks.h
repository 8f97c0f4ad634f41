/* SPDX-License-Identifier: MIT */
/* chunks.h - the chunks of one dataset: where they are, and their elements
 *
 * The index is read from HDF5 once, by the main thread.  From then on any
 * thread fetches a chunk by pread(), undoes its filters and leaves the result
 * in the cache, without libhdf5.  A chunk whose pipeline is not ours, or whose
 * elements have another form in the file (references), is read by libhdf5 in
 * an errand, into the same cache, so that it too is decoded once.  Chunks that
 * were never written cost nothing: they are the fill value.
 */
#ifndef OQ_CHUNKS_H
#define OQ_CHUNKS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/array/slab.h"
#include "lib/base/err.h"
#include "lib/data/env.h"
#include "lib/hdf5/h5.h"

struct oq_chunks;

/* Main thread.  'd' is borrowed for the life of the result; its type has no
 * pointers and its layout is OQ_CHUNKED.  Returns 0, -EIO (the index makes no
 * sense), -EOVERFLOW or -ENOMEM. */
int oq_chunks_open(const struct oq_env *env, struct oq_h5_dset *d,
		   struct oq_chunks **out, struct oq_err *err);

/* Any thread but the main one, since it may have to wait for a fill. */
void oq_chunks_close(struct oq_chunks *c);

/* Any thread: a packed box of a selection, row-major, into 'out'.  'once': each
 * element is usually read once, so a chunk all of which was read is dropped. */
int oq_chunks_read(struct oq_chunks *c, const struct oq_sel *sel,
		   const struct oq_box *box, bool once, uint8_t *out,
		   struct oq_err *err);

/* Any thread: have the chunks of a box fetched in the background. */
void oq_chunks_ahead(struct oq_chunks *c, const struct oq_sel *sel,
		     const struct oq_box *box);

/* How many bytes of elements are decoded together when reading on: those of a
 * chunk, or of a row of chunks where rows cross several. */
size_t oq_chunks_bytes(const struct oq_chunks *c);

#endif
