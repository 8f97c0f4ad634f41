/* SPDX-License-Identifier: MIT */
/* axes.h - a part of a sheet out of an array with several axes
 *
 * Some axes are fixed (this statistic, that intensity); of the others the
 * first has the rows, and the elements of a row lie along the rest.
 */
#ifndef OQ_AXES_H
#define OQ_AXES_H

#include "lib/sheet/sheet.h"

#define OQ_AXIS_ALL (-1)

struct oq_axes {
	unsigned rank;
	uint64_t dims[OQ_MAX_RANK];
};

/* The shape of a dataset: own, or the parent's. */
int oq_axes_read(const struct oq_calculation *c, const char *path,
		 struct oq_place *at, struct oq_axes *out, struct oq_err *err);

/* Add the part.  'fixed' has an index, or OQ_AXIS_ALL, for each of the 'rank'
 * axes that the array must have; an index out of range is -EIO.  The sheet
 * gets as many rows as there are, or must have had as many. '*width' may be
 * NULL. */
int oq_axes_add_part(struct oq_sheet *s, const struct oq_calculation *c,
		     const char *path, unsigned rank, const int64_t *fixed,
		     unsigned *part, uint64_t *width, struct oq_err *err);

#endif
