/* SPDX-License-Identifier: MIT */
/* losstypes.c - the names of losses */

#include "lib/engine/losstypes.h"

#include <errno.h>
#include <string.h>

/* The engine's numbers for losses from 3.13 on; the end of the list came with
 * later versions. */
static const char *const names[] = {
	"business_interruption",
	"contents",
	"nonstructural",
	"structural",
	"occupants",
	"occupants_day",
	"occupants_night",
	"occupants_transit",
	"structural+nonstructural",
	"structural+contents",
	"nonstructural+contents",
	"structural+nonstructural+contents",
	"structural+nonstructural_ins",
	"structural+contents_ins",
	"nonstructural+contents_ins",
	"structural+nonstructural+contents_ins",
	"structural_ins",
	"nonstructural_ins",
	"reinsurance",
	"claim",
	"area",
	"number",
	"residents",
	"structural+business_interruption",
	"nonstructural+business_interruption",
	"contents+business_interruption",
	"structural+nonstructural+business_interruption",
	"structural+contents+business_interruption",
	"nonstructural+contents+business_interruption",
	"structural+nonstructural+contents+business_interruption",
	"contents_ins",
	"business_interruption_ins",
	"structural_ins+nonstructural_ins",
	"structural_ins+contents_ins",
	"structural_ins+business_interruption_ins",
	"nonstructural_ins+contents_ins",
	"nonstructural_ins+business_interruption_ins",
	"contents_ins+business_interruption_ins",
	"structural_ins+nonstructural_ins+contents_ins",
	"structural_ins+nonstructural_ins+business_interruption_ins",
	"structural_ins+contents_ins+business_interruption_ins",
	"nonstructural_ins+contents_ins+business_interruption_ins",
	"structural_ins+nonstructural_ins+contents_ins+business_interruption_"
	"ins",
};
#define NNAMES (sizeof(names) / sizeof(*names))

static const char *const consequences[] = {
	"loss",		"loss_aep",	"loss_oep", "pla_loss",
	"pla_loss_aep", "pla_loss_oep", "losses",   "collapsed",
	"injured",	"fatalities",	"homeless", "non_operational",
};

bool oq_losstype_is_consequence(const char *column)
{
	for (size_t i = 0; i < sizeof(consequences) / sizeof(*consequences);
	     i++)
		if (strcmp(column, consequences[i]) == 0)
			return true;
	return false;
}

const char *oq_losstype_name(const struct oq_calculation *c, uint64_t loss_id)
{
	if (c->version < OQ_VERSION_MIDDLE)
		return loss_id < c->losses.n ? c->losses.name[loss_id] : NULL;
	return loss_id < NNAMES ? names[loss_id] : NULL;
}

uint64_t oq_losstype_count(const struct oq_calculation *c)
{
	return c->version < OQ_VERSION_MIDDLE ? c->losses.n : NNAMES;
}

static int add_list(struct oq_calculation *c, struct json_object *list)
{
	int e = 0;

	for (size_t i = 0; !e && json_object_is_type(list, json_type_array) &&
			   i < json_object_array_length(list);
	     i++) {
		const char *s = json_object_get_string(
			json_object_array_get_idx(list, i));

		e = s ? oq_names_add(&c->losses, s, strlen(s)) : 0;
	}
	return e;
}

static int add_insured(struct oq_calculation *c, const char *name)
{
	OQ_BUF struct oq_buf text = { 0 };

	oq_buf_puts(&text, name);
	oq_buf_puts(&text, "_ins");
	return oq_buf_failed(&text)
		       ? -ENOMEM
		       : oq_names_add(&c->losses, text.data, text.len);
}

/* Before 3.13 the arrays say what they have. */
static bool list_labels(struct oq_calculation *c, int *e)
{
	static const char *const keys[] = { "avg_losses-rlzs",
					    "avg_losses-stats",
					    "agg_losses-rlzs",
					    "agg_losses-stats" };
	struct json_object *list = NULL;

	for (size_t i = 0; !list && i < sizeof(keys) / sizeof(*keys); i++) {
		struct json_object *o = oq_calculation_json(c, keys[i], "json");

		if (json_object_object_get_ex(o, "loss_type", &list) &&
		    json_object_is_type(list, json_type_array))
			*e = add_list(c, list);
		else
			list = NULL;
		json_object_put(o);
		if (list)
			return true;
	}
	return false;
}

static int list_insured(struct oq_calculation *c)
{
	struct json_object *types = NULL;
	size_t n = c->losses.n;
	int e = 0;

	(void)json_object_object_get_ex(oq_param(c, "inputs"), "insurance",
					&types);
	if (c->version < OQ_VERSION_MIDDLE) {
		for (size_t i = 0; !e && i < n; i++)
			e = add_insured(c, c->losses.name[i]);
	} else if (json_object_is_type(types, json_type_object)) {
		json_object_object_foreach(types, name, file)
		{
			(void)file;
			if (!e)
				e = add_insured(c, name);
		}
	}
	return e;
}

int oq_losstypes_list(struct oq_calculation *c)
{
	struct json_object *total = oq_param(c, "total_losses");
	const char *s;
	int e = 0;

	if (c->version < OQ_VERSION_MIDDLE && list_labels(c, &e))
		return e;
	e = add_list(c, oq_param(c, "all_cost_types"));
	if (e < 0)
		return e;
	if (oq_param_has_input(c, "insurance"))
		return list_insured(c);
	s = json_object_is_type(total, json_type_string)
		    ? json_object_get_string(total)
		    : NULL;
	return s && *s ? oq_names_add(&c->losses, s, strlen(s)) : 0;
}
