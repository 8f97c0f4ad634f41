/* SPDX-License-Identifier: MIT */
/* ruptures.h - ruptures whose geometry is one plane
 *
 * The engine computes strike, dip and centre from the corners in double
 * precision and rounds them to single.  The same operations in the same order
 * give the same digits here.  This does not work for other surfaces, nor for
 * old versions, which compute in single precision.
 *
 * Main thread; 0, or a negative errno with the reason.
 */
#ifndef OQ_RUPTURES_H
#define OQ_RUPTURES_H

#include "lib/sheet/kinds.h"

/* Whether all surfaces are planes: 0, or -ENOENT; -EFBIG where there are too
 * many to look at. */
int oq_ruptures_check(const struct oq_calculation *c,
		      const struct oq_exportfile *f, struct oq_err *err);
int oq_ruptures_open(const struct oq_calculation *c,
		     const struct oq_exportfile *f, struct oq_sheet *s,
		     struct oq_err *err);

/* The rupture of a scenario, with its mesh: one row.  The check is whether the
 * name of the rupture's class is known: 0, or -ENOENT. */
int oq_ruptures_check_one(const struct oq_calculation *c,
			  const struct oq_exportfile *f, struct oq_err *err);
int oq_ruptures_open_one(const struct oq_calculation *c,
			 const struct oq_exportfile *f, struct oq_sheet *s,
			 struct oq_err *err);

/* Strike, dip and centre of a plane: degrees, and km for the depth. */
struct oq_plane {
	double lon, lat, depth, strike, dip;
};
/* Computes these from four longitudes, four latitudes and four depths of the
 * corners: top left, top right, bottom left, bottom right.  Pure. */
void oq_plane_of(const double corner[12], struct oq_plane *out);

#endif
