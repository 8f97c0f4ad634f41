/* SPDX-License-Identifier: MIT */
/* json.c - foreign text as JSON, within bounds */

#include "lib/text/json.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

/* A parsed JSON value takes some 60 bytes, a list or an object some 400. */
#define MAX_JSON_VALUES ((size_t)8 << 20)
#define MAX_JSON_LISTS	((size_t)1 << 18)

/* Whether the parsed form would be out of all proportion to the text. */
static bool is_too_much(const char *s, size_t n)
{
	size_t values = 0, lists = 0;

	for (size_t i = 0; i < n; i++) {
		values += s[i] == ',';
		lists += s[i] == '[' || s[i] == '{';
	}
	return values > MAX_JSON_VALUES || lists > MAX_JSON_LISTS;
}

struct json_object *oq_json_parse(const char *s, size_t n)
{
	struct json_tokener *t;
	struct json_object *o;

	if (n > INT32_MAX || is_too_much(s, n))
		return NULL;
	t = json_tokener_new();
	if (!t)
		return NULL;
	o = json_tokener_parse_ex(t, s, (int)n);
	json_tokener_free(t);
	return o;
}
