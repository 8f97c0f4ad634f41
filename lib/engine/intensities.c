/* SPDX-License-Identifier: MIT */
/* intensities.c - intensity measure types and their levels */

#include "lib/engine/intensities.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The number in "SA(0.3)"; 0 for "PGA". */
static double period_of(const char *imt)
{
	const char *p = imt;

	while ((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z'))
		p++;
	return p > imt && *p == '(' ? strtod(p + 1, NULL) : 0;
}

static struct json_object *find_levels(const struct oq_calculation *c)
{
	return oq_param_is_set(c, "hazard_imtls") ? oq_param(c, "hazard_imtls")
						  : oq_param(c, "risk_imtls");
}

/* Of equal periods the one named first stays the first. */
static void sink(struct oq_calculation *c, size_t i)
{
	for (; i > 0 &&
	       period_of(c->imts.name[i - 1]) > period_of(c->imts.name[i]);
	     i--) {
		char *name = c->imts.name[i];
		struct json_object *level = c->levels[i];

		c->imts.name[i] = c->imts.name[i - 1];
		c->imts.name[i - 1] = name;
		c->levels[i] = c->levels[i - 1];
		c->levels[i - 1] = level;
	}
}

int oq_intensities_list(struct oq_calculation *c)
{
	struct json_object *levels = find_levels(c);

	if (!json_object_is_type(levels, json_type_object))
		return 0;
	c->levels = calloc((size_t)json_object_object_length(levels) + 1,
			   sizeof(struct json_object *));
	if (!c->levels)
		return -ENOMEM;
	json_object_object_foreach(levels, name, list)
	{
		if (oq_names_add(&c->imts, name, strlen(name)) < 0)
			return -ENOMEM;
		c->levels[c->imts.n - 1] = list;
		sink(c, c->imts.n - 1);
	}
	return 0;
}

int oq_intensities_level(const struct oq_calculation *c, size_t imt,
			 size_t level, double *out, struct oq_err *err)
{
	struct json_object *list = c->levels[imt];

	/* With amplification by convolution the levels are the soil's. */
	if (oq_param_has_input(c, "amplification")) {
		const char *how = json_object_get_string(
			oq_param(c, "amplification_method"));

		if ((!how || strcmp(how, "convolution") == 0) &&
		    oq_param_is_set(c, "soil_intensities"))
			list = oq_param(c, "soil_intensities");
	}
	if (!json_object_is_type(list, json_type_array) ||
	    level >= json_object_array_length(list))
		return oq_err_set(err, -EIO, "%s has no level %zu",
				  c->imts.name[imt], level);
	*out = json_object_get_double(json_object_array_get_idx(list, level));
	return 0;
}
