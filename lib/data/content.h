/* SPDX-License-Identifier: MIT */
/* content.h - the array that a view shows
 *
 * A dataset or a data frame, all of it or what a slice chooses, with the
 * labels of its axes.  Every view is a view of one of these; none of them
 * knows what it was made from.
 *
 *	open ---> shape ---> source (elements) ---> table (rows, columns)
 */
#ifndef OQ_CONTENT_H
#define OQ_CONTENT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/array/slab.h"
#include "lib/base/err.h"
#include "lib/data/env.h"
#include "lib/data/frame.h"
#include "lib/data/labels.h"
#include "lib/data/source.h"
#include "lib/hdf5/h5.h"
#include "lib/table/table.h"

struct oq_content;

struct oq_content_spec {
	const struct oq_env *env;
	uint64_t addr;
	const char *name;  /* of the link that leads to the object */
	const char *slice; /* with its brackets; empty: everything */
	size_t slice_len;
	struct oq_labels *labels; /* which another view has read; or NULL */
};

/* All functions here are for the main thread.
 *
 * Open an object's content.  Returns 0; -ENOENT (neither a dataset nor a frame;
 * no such slice), or the errno with which the object does not open. */
int oq_content_open(const struct oq_content_spec *spec, struct oq_content **out,
		    struct oq_err *err);
void oq_content_close(struct oq_content *c);

/* The type of an element: all of it, or the fields that the slice chooses. */
const struct oq_dtype *oq_content_type(const struct oq_content *c);
/* The dataset that it shows, or NULL for a frame. */
struct oq_h5_dset *oq_content_dataset(struct oq_content *c);
/* The frame that it shows, or NULL; valid until the source is opened. */
const struct oq_frame *oq_content_frame(const struct oq_content *c);
/* The labels that its table borrows, or NULL; owned by the content. */
struct oq_labels *oq_content_labels(const struct oq_content *c);
bool oq_content_is_sliced(const struct oq_content *c);

/* Returns the rank of what is shown; '*dims' points to its dimensions, which
 * the content owns. */
unsigned oq_content_shape(const struct oq_content *c, const uint64_t **dims);

/* Have elements read as they are in the file, even if they mean something else
 * (timeval.h). */
void oq_content_as_stored(struct oq_content *c);

/* Open the source of its elements; once only.  Returns 0 or a negative errno.
 */
int oq_content_source(struct oq_content *c, struct oq_source **out,
		      struct oq_err *err);

/* Make the table of that source's elements.  A single column is headed by the
 * field that the slice chooses, else by 'name'.  The table borrows the labels.
 */
int oq_content_table(struct oq_content *c, const struct oq_source *src,
		     const char *name, struct oq_table **out,
		     struct oq_err *err);

/* Both of these; the results are the caller's.  Of netCDF's characters a table
 * has texts.  -ENOMEM where 'name' is NULL. */
int oq_content_open_table(struct oq_content *c, const char *name,
			  struct oq_source **src, struct oq_table **table,
			  struct oq_err *err);

/* The rank that a dataset is shown with: a null dataspace, which has no shape
 * and no elements, as one axis of length 0 (its 'dims' are zeros). */
unsigned oq_content_rank(const struct oq_dataset *info);

/* The table of a whole dataset, without a source.  The table and '*labels'
 * (NULL where there are none), which it borrows, are the caller's. */
int oq_content_sketch(const struct oq_env *env, struct oq_h5_dset *d,
		      const char *name, struct oq_labels **labels,
		      struct oq_table **out);

/* How many characters make a text, in the tables of a whole dataset whose last
 * axis is that (netcdf.h); 0: its elements are what they are. */
uint64_t oq_content_text_bytes(const struct oq_env *env,
			       const struct oq_dataset *info);

/* Whether a dataset is so small that rendering its csv now is cheaper than a
 * later request for its size. */
bool oq_content_is_tiny(const struct oq_env *env,
			const struct oq_dataset *info);
/* The exact size of the csv of such a dataset, whose table is 't'.  False where
 * that fails. */
bool oq_content_tiny_csv(const struct oq_env *env, struct oq_h5_dset *d,
			 const struct oq_table *t, uint64_t *nbytes);

#endif
