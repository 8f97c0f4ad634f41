/* SPDX-License-Identifier: MIT */
/* axes.h - a part of a sheet out of an array with several axes
 *
 * Some axes are fixed at one index (a statistic, an intensity).  Of the others
 * the first is the rows of the sheet, and the elements of a row lie along the
 * rest.  Main thread.
 */
#ifndef OQ_AXES_H
#define OQ_AXES_H

#include "lib/sheet/sheet.h"

#define OQ_AXIS_ALL (-1)

struct oq_axes {
	unsigned rank;
	uint64_t dims[OQ_MAX_RANK];
};

/* Find a dataset in the calculation or its parents, and read its shape.  0; a
 * negative errno with the reason, -ENOENT where there is none. */
int oq_axes_read(const struct oq_calculation *c, const char *path,
		 struct oq_place *at, struct oq_axes *out, struct oq_err *err);

/* Add the part; '*part' is its number, '*width' (may be NULL) the elements of a
 * row.  The array must have 'rank' axes; 'fixed' has an index, or OQ_AXIS_ALL,
 * for each.  The sheet's number of rows is set if this is its first part, else
 * it must be the same.  0; -EIO for another shape, another number of rows or an
 * index out of range; another negative errno. */
int oq_axes_add_part(struct oq_sheet *s, const struct oq_calculation *c,
		     const char *path, unsigned rank, const int64_t *fixed,
		     unsigned *part, uint64_t *width, struct oq_err *err);

#endif
