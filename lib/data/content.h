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
	const char *name;  /* of the link */
	const char *slice; /* with its brackets; empty: everything */
	size_t slice_len;
	struct oq_labels *labels; /* that another view has; or NULL */
};

/* Main thread, all of these.  Returns 0; -ENOENT (neither a dataset nor a
 * frame; no such slice), or why the object cannot be opened. */
int oq_content_open(const struct oq_content_spec *spec, struct oq_content **out,
		    struct oq_err *err);
void oq_content_close(struct oq_content *c);

/* The type of its elements: the whole, or of the fields that were chosen. */
const struct oq_dtype *oq_content_type(const struct oq_content *c);
/* The dataset it is (of), or NULL for a frame. */
struct oq_h5_dset *oq_content_dataset(struct oq_content *c);
/* The frame it is (of), or NULL; the content's until its source is opened. */
const struct oq_frame *oq_content_frame(const struct oq_content *c);
/* The labels that its table borrows, or NULL; the content's. */
struct oq_labels *oq_content_labels(const struct oq_content *c);
bool oq_content_is_sliced(const struct oq_content *c);

/* The shape of what is shown.  '*dims' is the content's. */
unsigned oq_content_shape(const struct oq_content *c, const uint64_t **dims);

/* Have its elements left as they are in the file, where they are shown as
 * something else (timeval.h). */
void oq_content_as_stored(struct oq_content *c);

/* Its elements; once only. */
int oq_content_source(struct oq_content *c, struct oq_source **out,
		      struct oq_err *err);

/* Rows and columns of elements of that source. 'name' heads a single column,
 * unless a field that was chosen does.  It borrows the labels. */
int oq_content_table(struct oq_content *c, const struct oq_source *src,
		     const char *name, struct oq_table **out,
		     struct oq_err *err);

/* Both of these; the caller's.  -ENOMEM where 'name' is NULL. */
int oq_content_open_table(struct oq_content *c, const char *name,
			  struct oq_source **src, struct oq_table **table,
			  struct oq_err *err);

/* The rank that a dataset is shown with: a null dataspace, which has no shape
 * and no elements, as one axis of length 0 (its 'dims' are zeros). */
unsigned oq_content_rank(const struct oq_dataset *info);

/* The exact size of the csv of a dataset so small that it costs less than
 * being asked for it; false where it does not.  Opens no content. */
bool oq_content_tiny_csv(const struct oq_env *env, struct oq_h5_dset *d,
			 const char *name, uint64_t *nbytes);

#endif
