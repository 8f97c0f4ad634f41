/* SPDX-License-Identifier: MIT */
/* assets.h - the assets of a calculation: names, tags and places
 *
 * Results by asset have a row for each, in the order of the exposure; before
 * the results come the asset's name, its tags and where it is.
 */
#ifndef OQ_ASSETS_H
#define OQ_ASSETS_H

#include "lib/sheet/sheet.h"

/* Add the columns asset_id, tags by name, lon, lat.  They stream; the sheet
 * gets the rows. */
int oq_assets_add(struct oq_sheet *s, const struct oq_calculation *c,
		  struct oq_err *err);

/* The names of the tags, sorted; with "id" or without. */
int oq_assets_tags(const struct oq_calculation *c, struct oq_names *out,
		   struct oq_err *err);
/* The texts of a tag. */
int oq_assets_tag_values(const struct oq_calculation *c, const char *tag,
			 struct oq_values *out, struct oq_err *err);

/* `assetcol`: the exposure itself. */
struct oq_exportfile;
int oq_assets_open_all(const struct oq_calculation *c,
		       const struct oq_exportfile *f, struct oq_sheet *s,
		       struct oq_err *err);

#endif
