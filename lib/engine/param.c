/* SPDX-License-Identifier: MIT */
/* param.c - the parameters of a calculation, with their defaults */

#include <string.h>

#include "lib/engine/calculation.h"

struct json_object *oq_param(const struct oq_calculation *c, const char *name)
{
	struct json_object *v = NULL;

	return json_object_object_get_ex(c->param, name, &v) ? v : NULL;
}

static bool is_set(struct json_object *v)
{
	switch (json_object_get_type(v)) {
	case json_type_null:
		return false;
	case json_type_boolean:
		return json_object_get_boolean(v);
	case json_type_double:
		return json_object_get_double(v) != 0;
	case json_type_int:
		return json_object_get_int64(v) != 0;
	case json_type_string:
		return json_object_get_string_len(v) > 0;
	case json_type_array:
		return json_object_array_length(v) > 0;
	case json_type_object:
		return json_object_object_length(v) > 0;
	}
	return false;
}

bool oq_param_is_set(const struct oq_calculation *c, const char *name)
{
	return is_set(oq_param(c, name));
}

double oq_param_f64(const struct oq_calculation *c, const char *name,
		    double otherwise)
{
	struct json_object *v = oq_param(c, name);

	return json_object_is_type(v, json_type_double) ||
			       json_object_is_type(v, json_type_int)
		       ? json_object_get_double(v)
		       : otherwise;
}

bool oq_param_has_input(const struct oq_calculation *c, const char *input)
{
	struct json_object *v = oq_param(c, "inputs");

	return json_object_is_type(v, json_type_object) &&
	       json_object_object_get_ex(v, input, NULL);
}

bool oq_calculation_mode_has(const struct oq_calculation *c, const char *word)
{
	return strstr(c->mode, word) != NULL;
}

const char *oq_param_time_event(const struct oq_calculation *c)
{
	struct json_object *v = oq_param(c, "time_event");

	return json_object_is_type(v, json_type_string) && is_set(v)
		       ? json_object_get_string(v)
		       : "avg";
}
