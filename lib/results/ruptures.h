/* SPDX-License-Identifier: MIT */
/* ruptures.h - ruptures, of which the geometry is one plane
 *
 * The engine computes strike, dip and centre from the corners, in double
 * precision and then rounded to single: the same operations in the same order
 * give the same digits.  Other surfaces, and the single precision of old
 * versions, are not to be had so.
 */
#ifndef OQ_RUPTURES_H
#define OQ_RUPTURES_H

#include "lib/sheet/kinds.h"

/* Whether all surfaces are planes; -EFBIG where there are too many to look
 * at. */
int oq_ruptures_check(const struct oq_calculation *c,
		      const struct oq_exportfile *f, struct oq_err *err);
int oq_ruptures_open(const struct oq_calculation *c,
		     const struct oq_exportfile *f, struct oq_sheet *s,
		     struct oq_err *err);

/* The rupture of a scenario, with its mesh: one row. */
int oq_ruptures_check_one(const struct oq_calculation *c,
			  const struct oq_exportfile *f, struct oq_err *err);
int oq_ruptures_open_one(const struct oq_calculation *c,
			 const struct oq_exportfile *f, struct oq_sheet *s,
			 struct oq_err *err);

/* Strike, dip and centre of a plane by its corners: lon, lat and depth of top
 * left, top right, bottom left, bottom right. */
struct oq_plane {
	double lon, lat, depth, strike, dip;
};
void oq_plane_of(const double corner[12], struct oq_plane *out);

#endif
