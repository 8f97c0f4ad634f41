/* SPDX-License-Identifier: MIT */
/* hidden.c - what writers put into a file for themselves */

#include "lib/convention/hidden.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"

/* What a file of MATLAB begins with, before HDF5's own first bytes. */
static const char matlab[] = "MATLAB 7.3 MAT-file";

static bool is_matlab(struct oq_h5 *h5)
{
	char found[sizeof(matlab) - 1];

	return oq_h5_fetch(h5, found, sizeof(found), 0) &&
	       memcmp(found, matlab, sizeof(found)) == 0;
}

bool oq_hidden_group(struct oq_h5 *h5, uint64_t parent, const char *name)
{
	return (strcmp(name, "#refs#") == 0 ||
		strcmp(name, "#subsystem#") == 0) &&
	       parent == oq_h5_root(h5) && is_matlab(h5);
}

bool oq_hidden_dataset(struct oq_h5 *h5, const struct oq_dataset *info)
{
	OQ_FREE char *name = NULL;

	if (!info->has_attrs || info->rank != 1)
		return false;
	name = oq_h5_attr_text(h5, info->addr, "NAME");
	return name &&
	       strncmp(name, OQ_NO_VARIABLE, strlen(OQ_NO_VARIABLE)) == 0;
}
