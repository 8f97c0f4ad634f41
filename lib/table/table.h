/* SPDX-License-Identifier: MIT */
/* table.h - how an n-d array of elements is laid out as rows and columns
 *
 * A table is a run of *elements* in row-major order.  Each element becomes some
 * text, so any run of elements can be rendered alone, by any thread:
 *
 *	OQ_ROWS    a row for each element     mag,rake        (1-D, scalars)
 *	OQ_MATRIX  a row for 'ncols' of them  c0,c1,c2        (2-D of numbers)
 *	OQ_LONG    a row for each element,    site_id,imt,value
 *	           index columns first        d0,d1,mag,rake  (compounds)
 *
 * An element has one or more *fields*: a compound one for each member ("a.b"
 * for nested ones), an array one for each item ("a[0]", "a[0][1]"), all other
 * types one.  The name of a single field is the table's name (OQ_ROWS) or
 * "value" (OQ_LONG); of an array at the top "x[0]" or "value[0]".
 * An array of more than OQ_TABLE_MAX_FIELDS items in all stays one field, as
 * JSON; if an element would have 65,536 fields or more, all its arrays do.
 *
 * No two columns, index columns included, have the same name: see apart.h.
 *
 * csv.h and txt.h render the same table in two ways. A table is constant once
 * made and may be used by any thread.
 */
#ifndef OQ_TABLE_H
#define OQ_TABLE_H

#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/type/dtype.h"
#include "lib/type/number.h"

#define OQ_TABLE_MAX_FIELDS 4096

enum oq_form { OQ_ROWS, OQ_MATRIX, OQ_LONG };

/* One dimension of a table in long form. */
struct oq_axis {
	const char *name;
	const char *const *labels; /* NULL: numbers */
	/* Index k shows the number, or the label of that number,
	 * start + k * step; a step of 0 counts as 1. */
	uint64_t start;
	int64_t step;
};

/* What to make a table of.  The table borrows the type and the labels, of which
 * there may be millions, for its life; it copies all else. */
struct oq_table_spec {
	const char *name; /* of a single column; any bytes */
	const struct oq_dtype *type;
	enum oq_form form;
	unsigned rank;		    /* 0 only with OQ_ROWS; 2 for OQ_MATRIX */
	const uint64_t *dims;	    /* their product must not overflow */
	const struct oq_axis *axes; /* 'rank' of them, or NULL: d0, d1, ... */
};

/* The part of an element that is one column. */
struct oq_field {
	char *name; /* owned */
	size_t offset;
	const struct oq_dtype *type;
	const struct oq_scalar *scalar; /* of 'type', or NULL */
	enum oq_role role;		/* where it is a whole member */
};

struct oq_table {
	enum oq_form form;
	unsigned rank;
	uint64_t dims[OQ_MAX_RANK];
	uint64_t nelems;
	uint64_t ncols; /* OQ_MATRIX: elements in a row; else 1 */
	size_t elem_bytes;
	size_t nfields; /* > 0 */
	struct oq_field *fields;
	char **axis_names; /* OQ_LONG: 'rank' of them */
	/* OQ_LONG: per axis NULL, or texts; borrowed. */
	const char *const *axis_labels[OQ_MAX_RANK];
	/* OQ_LONG: index k shows the number or the label start + k * step. */
	uint64_t axis_start[OQ_MAX_RANK];
	int64_t axis_step[OQ_MAX_RANK];
};

/* Choose the form for data that has no labels: OQ_ROWS for rank 0 and 1,
 * OQ_MATRIX for rank 2 where an element is a single field and dims[1] is 1 to
 * 1,048,576, else OQ_LONG. */
enum oq_form oq_table_form(const struct oq_dtype *t, unsigned rank,
			   const uint64_t *dims);

/* Returns 0, -ENOMEM, -EOVERFLOW or -EINVAL (a form that does not fit). */
int oq_table_new(const struct oq_table_spec *spec, struct oq_table **out,
		 struct oq_err *err);
void oq_table_free(struct oq_table *t);

/* The number that index 'k' on an axis shows, or whose label it shows. */
static inline uint64_t oq_table_index(const struct oq_table *t, unsigned axis,
				      uint64_t k)
{
	return t->axis_start[axis] + k * (uint64_t)t->axis_step[axis];
}

static inline const char *oq_table_label(const struct oq_table *t,
					 unsigned axis, uint64_t k)
{
	return t->axis_labels[axis][oq_table_index(t, axis, k)];
}

#endif
