/* SPDX-License-Identifier: MIT */
/* assets.h - the assets of a calculation: names, tags and places
 *
 * Results by asset have a row for each asset, in the order of the exposure: its
 * name, its tags, its place, and then the results.  Main thread; 0, or a
 * negative errno with the reason.
 */
#ifndef OQ_ASSETS_H
#define OQ_ASSETS_H

#include "lib/sheet/sheet.h"

/* Add the columns asset_id, the tags in order of their names, lon, lat.  They
 * are read when rows are made; the sheet gets as many rows as there are
 * assets. */
int oq_assets_add(struct oq_sheet *s, const struct oq_calculation *c,
		  struct oq_err *err);

/* Add the names of the tags, sorted, to 'out', which the caller frees, also on
 * failure.  Some versions have a tag "id", the asset's name. */
int oq_assets_tags(const struct oq_calculation *c, struct oq_names *out,
		   struct oq_err *err);
/* The texts of a tag, by the number that an asset has for it; the caller's.
 * Number 0 is for assets without the tag. */
int oq_assets_tag_values(const struct oq_calculation *c, const char *tag,
			 struct oq_values *out, struct oq_err *err);

/* Fill the sheet of the exposure itself (`assetcol`). */
struct oq_exportfile;
int oq_assets_open_all(const struct oq_calculation *c,
		       const struct oq_exportfile *f, struct oq_sheet *s,
		       struct oq_err *err);

#endif
