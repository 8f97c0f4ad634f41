/* SPDX-License-Identifier: MIT */
/* sites.h - the sites of a calculation
 *
 * Main thread.
 */
#ifndef OQ_SITES_H
#define OQ_SITES_H

#include "lib/sheet/sheet.h"

struct oq_sites {
	uint64_t n;
	struct oq_values lon, lat, depth, sids;
	struct oq_values custom; /* custom_site_id; empty without */
};

/* Read the sites; the caller closes them.  'complete': all sites of the model
 * where the calculation has them, not only those that it uses.  Returns 0, or a
 * negative errno with the reason and nothing to close. */
int oq_sites_open(const struct oq_calculation *c, bool complete,
		  struct oq_sites *out, struct oq_err *err);
void oq_sites_close(struct oq_sites *s);
#define OQ_SITES __attribute__((cleanup(oq_sites_close)))

/* Add the columns custom_site_id (if the sites have one), lon, lat, depth, a
 * row for each site.  Files of curves have the coordinates rounded to single
 * precision; files of maps have the depth only if one is not 0.  The values
 * move from 's' to the sheet. */
void oq_sites_add_curve(struct oq_sites *s, struct oq_sheet *sheet);
void oq_sites_add_mesh(struct oq_sites *s, struct oq_sheet *sheet);
/* Fill the sheet of `sites`: the site model as it was read, numbered through.
 * 0, or a negative errno with the reason. */
struct oq_exportfile;
int oq_sites_open_all(const struct oq_calculation *c,
		      const struct oq_exportfile *f, struct oq_sheet *s,
		      struct oq_err *err);

/* Add custom_site_id, or without that site_id; moves the values too. */
void oq_sites_add_id(struct oq_sites *s, const struct oq_calculation *c,
		     struct oq_sheet *sheet);

#endif
