/* SPDX-License-Identifier: MIT */
/* netcdf.c - texts that netCDF stores as arrays of characters */

#include "lib/convention/netcdf.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/convention/hidden.h"

#define MAX_TEXT  65536 /* longer ones are no texts for a table */
#define MAX_USERS 256	/* of a dimension that are looked at */

static bool are_chars(const struct oq_dataset *info)
{
	return info->type->cls == OQ_STRING && info->type->size == 1;
}

/* The scale of the last axis; OQ_NO_ADDR: it has none. */
static uint64_t last_scale(struct oq_h5 *h5, const struct oq_dataset *info)
{
	struct oq_attr *a = NULL;
	uint64_t addr = OQ_NO_ADDR;

	if (oq_h5_attr_read(h5, info->addr, "DIMENSION_LIST", &a, NULL) < 0)
		return addr;
	if (a->nelems == info->rank && a->type->cls == OQ_VLEN &&
	    a->type->base->cls == OQ_OBJREF &&
	    a->type->base->size == sizeof(addr)) {
		const struct oq_vlen *refs = a->data;
		const struct oq_vlen *last = &refs[info->rank - 1];

		if (last->len == 1 && last->p)
			memcpy(&addr, last->p, sizeof(addr));
	}
	oq_h5_attr_free(a);
	return addr ? addr : OQ_NO_ADDR;
}

static bool is_bare(struct oq_h5 *h5, uint64_t scale)
{
	OQ_FREE char *name = oq_h5_attr_text(h5, scale, "NAME");

	return name &&
	       strncmp(name, OQ_NO_VARIABLE, strlen(OQ_NO_VARIABLE)) == 0;
}

static bool is_char_dataset(struct oq_h5 *h5, uint64_t addr)
{
	struct oq_h5_dset *d = NULL;
	bool is = false;

	if (oq_h5_dset_open(h5, addr, &d, NULL) == 0)
		is = are_chars(oq_h5_dset_info(d));
	oq_h5_dset_close(d);
	return is;
}

/* Whether all datasets that have the dimension are arrays of characters.  A
 * scale lists these datasets. */
static bool is_of_chars(struct oq_h5 *h5, uint64_t scale)
{
	struct oq_attr *a = NULL;
	bool all;

	if (oq_h5_attr_read(h5, scale, "REFERENCE_LIST", &a, NULL) < 0)
		return false;
	all = a->nelems <= MAX_USERS && a->type->cls == OQ_COMPOUND &&
	      a->type->nmembers && a->type->members[0].type->cls == OQ_OBJREF &&
	      a->type->members[0].type->size == sizeof(uint64_t);
	for (uint64_t i = 0; all && i < a->nelems; i++) {
		const uint8_t *elem = a->data;
		uint64_t addr;

		memcpy(&addr,
		       elem + i * a->type->size + a->type->members[0].offset,
		       sizeof(addr));
		all = is_char_dataset(h5, addr);
	}
	oq_h5_attr_free(a);
	return all;
}

bool oq_netcdf_is_text(struct oq_h5 *h5, const struct oq_dataset *info)
{
	uint64_t scale;

	if (!are_chars(info) || info->space != OQ_SIMPLE || !info->rank ||
	    !info->nelems || !info->has_attrs ||
	    info->dims[info->rank - 1] > MAX_TEXT)
		return false;
	scale = last_scale(h5, info);
	return scale != OQ_NO_ADDR && is_bare(h5, scale) &&
	       is_of_chars(h5, scale);
}
