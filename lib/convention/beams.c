/* SPDX-License-Identifier: MIT */
/* beams.c - the along-track groups of ICESat-2 and GEDI
 *
 * Products of ICESat-2 (`short_name` of the file is ATL03, ATL06, ..) say in
 * the attribute `data_rate` of a group that its datasets have one rate, that
 * of `delta_time`.  The groups of GEDI's beams (`short_name` GEDI_L2A, ..) say
 * which kind of beam they are, and have a `shot_number` for each shot.
 */

#include <errno.h>
#include <string.h>

#include "lib/convention/convention.h"
#include "lib/convention/group.h"

static bool is_product(struct oq_h5 *h5, const char *prefix)
{
	const char *name = oq_h5_root_text(h5, "short_name");

	return name && strncmp(name, prefix, strlen(prefix)) == 0;
}

int oq_icesat_rate(struct oq_h5 *h5, uint64_t group, struct oq_columns *c)
{
	return is_product(h5, "ATL")
		       ? oq_group_columns(h5, group, "delta_time", c)
		       : -ENODATA;
}

int oq_gedi_beam(struct oq_h5 *h5, uint64_t group, struct oq_columns *c)
{
	return is_product(h5, "GEDI")
		       ? oq_group_columns(h5, group, "shot_number", c)
		       : -ENODATA;
}
