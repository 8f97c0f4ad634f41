/* SPDX-License-Identifier: MIT */
/* slice.h - NumPy's basic slicing, as it stands in a file's name
 *
 *	x[-5:].bin   hcurves-stats[0:10, 0, :, ::2].csv   source_info[mag].npy
 *	hcurves-stats[stat=mean, imt=PGA].csv   t["a name, with a comma"].csv
 *
 *	slice = '[' item { ',' item } ']'
 *	item  = integer | [integer] ':' [integer] [ ':' [integer] ] | '...'
 *	      | field | axis '=' label
 *
 * Fields and labels may be quoted with ' or "; a quote inside is doubled.
 * Integers, ranges and the ellipsis apply to the axes in their order, without
 * those that a label names.  Fields (of a compound; "a.b" for nested ones) may
 * stand anywhere.  Pure: nothing here knows HDF5.
 */
#ifndef OQ_SLICE_H
#define OQ_SLICE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/array/slab.h"
#include "lib/base/err.h"

#define OQ_SLICE_MAX_ITEMS 128
#define OQ_SLICE_MAX_BYTES 4096

enum oq_slice_kind {
	OQ_SLICE_INDEX,
	OQ_SLICE_RANGE,
	OQ_SLICE_ELLIPSIS,
	OQ_SLICE_FIELD,
	OQ_SLICE_LABEL,
};

struct oq_slice_item {
	enum oq_slice_kind kind;
	bool has_start, has_stop;  /* RANGE */
	int64_t start, stop, step; /* INDEX: start */
	const char *name;	   /* FIELD, LABEL: NUL-terminated, in 'text' */
	const char *label;	   /* LABEL */
};

struct oq_slice {
	size_t nitems;
	struct oq_slice_item items[OQ_SLICE_MAX_ITEMS];
	char text[OQ_SLICE_MAX_BYTES]; /* names, unquoted */
};

/* Parse 'n' bytes, brackets included.  Returns 0, or -ENOENT with the reason.
 */
int oq_slice_parse(const char *s, size_t n, struct oq_slice *out,
		   struct oq_err *err);

/* How a label is found: the index of 'label' on the axis called 'name'.
 * Returns 0 or -ENOENT. */
struct oq_slice_axes {
	int (*find)(void *ctx, const char *name, const char *label,
		    unsigned *axis, uint64_t *index, struct oq_err *err);
	void *ctx;
};

/* The selection that the items other than fields make of an array; 'axes' is
 * NULL where its axes have no labels.  Returns 0, or -ENOENT with the reason
 * (an index out of range, too many items, no such label). */
int oq_slice_select(const struct oq_slice *s, unsigned rank,
		    const uint64_t *dims, const struct oq_slice_axes *axes,
		    struct oq_sel *out, struct oq_err *err);

/* The shape of the selection, without the axes of integers and labels, in
 * 'dims'.  Returns its rank. */
unsigned oq_slice_shape(const struct oq_sel *sel, uint64_t *dims);

#endif
