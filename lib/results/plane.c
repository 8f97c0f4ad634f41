/* SPDX-License-Identifier: MIT */
/* plane.c - strike, dip and centre of a plane by its corners
 *
 * Which product is added to which first decides the last digit: the
 * expressions stand as the engine evaluates them, and this file is compiled
 * without contracting them.
 */

#include <math.h>

#include "lib/results/ruptures.h"

#define EARTH_KM 6371.0

static double radians(double degrees)
{
	return degrees * (M_PI / 180.0);
}

static double degrees(double radians)
{
	return radians * (180.0 / M_PI);
}

/* Python's, where the result has the sign of the divisor. */
static double modulo(double a, double b)
{
	double r = fmod(a, b);

	return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

struct point {
	double lon, lat; /* degrees */
};

static double azimuth(struct point a, struct point b)
{
	double lon1 = radians(a.lon), lat1 = radians(a.lat);
	double lon2 = radians(b.lon), lat2 = radians(b.lat);
	double cos_lat2 = cos(lat2);

	return modulo(360 - degrees(atan2(sin(lon1 - lon2) * cos_lat2,
					  cos(lat1) * sin(lat2) -
						  sin(lat1) * cos_lat2 *
							  cos(lon1 - lon2))),
		      360);
}

static double distance(struct point a, struct point b)
{
	double lon1 = radians(a.lon), lat1 = radians(a.lat);
	double lon2 = radians(b.lon), lat2 = radians(b.lat);
	double s = sin((lat1 - lat2) / 2.0), t = sin((lon1 - lon2) / 2.0);

	return 2 * EARTH_KM *
	       asin(sqrt(s * s + cos(lat1) * cos(lat2) * (t * t)));
}

static struct point point_at(struct point from, double azimuth, double km)
{
	double lon = radians(from.lon), lat = radians(from.lat);
	double tc = radians(360 - azimuth);
	double sin_d = sin(km / EARTH_KM), cos_d = cos(km / EARTH_KM);
	double sin_lat = sin(lat), cos_lat = cos(lat);
	double s = sin_lat * cos_d + cos_lat * sin_d * cos(tc);
	double dlon = atan2(sin(tc) * sin_d * cos_lat, cos_d - sin_lat * s);

	return (struct point){
		degrees(modulo(lon - dlon + M_PI, 2 * M_PI) - M_PI),
		degrees(asin(s)),
	};
}

void oq_plane_of(const double corner[12], struct oq_plane *out)
{
	const double *lon = corner, *lat = corner + 4, *depth = corner + 8;
	struct point tl = { lon[0], lat[0] }, tr = { lon[1], lat[1] };
	struct point bl = { lon[2], lat[2] }, br = { lon[3], lat[3] };
	double down = depth[2] - depth[0], across = distance(tl, bl);
	struct point centre = tl;

	out->strike = azimuth(tl, tr);
	out->dip = degrees(asin(down / sqrt(across * across + down * down)));
	if (tl.lon != br.lon || tl.lat != br.lat)
		centre = point_at(tl, azimuth(tl, br), distance(tl, br) / 2.0);
	out->lon = centre.lon;
	out->lat = centre.lat;
	out->depth = (depth[0] + depth[3]) / 2.0;
}
