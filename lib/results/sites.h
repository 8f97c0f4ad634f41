/* SPDX-License-Identifier: MIT */
/* sites.h - the sites of a calculation */
#ifndef OQ_SITES_H
#define OQ_SITES_H

#include "lib/sheet/sheet.h"

struct oq_sites {
	uint64_t n;
	struct oq_values lon, lat, depth, sids;
	struct oq_values custom; /* texts; none where there are none */
};

/* 'complete': of all sites, not only those that take part, where the
 * calculation tells them apart. */
int oq_sites_open(const struct oq_calculation *c, bool complete,
		  struct oq_sites *out, struct oq_err *err);
void oq_sites_close(struct oq_sites *s);
#define OQ_SITES __attribute__((cleanup(oq_sites_close)))

/* Add the columns custom_site_id (where there are any), lon, lat, depth: as
 * curves have them, in single precision, or as maps have them, with the depth
 * only where one is not 0.  The rows are the sites.  Takes the values. */
void oq_sites_add_curve(struct oq_sites *s, struct oq_sheet *sheet);
void oq_sites_add_mesh(struct oq_sites *s, struct oq_sheet *sheet);
/* Add custom_site_id, or else site_id. */
void oq_sites_add_id(struct oq_sites *s, const struct oq_calculation *c,
		     struct oq_sheet *sheet);

#endif
