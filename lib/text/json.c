/* SPDX-License-Identifier: MIT */
/* json.c - foreign text as JSON, within bounds */

#include "lib/text/json.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

/* Bytes of a parsed value beside its text, and of a list or an object. */
#define VALUE_BYTES 64
#define LIST_BYTES  400
/* More than any text has that is no attack. */
#define MAX_LISTS   ((size_t)1 << 18)

/* Whether the parsed form would be out of all proportion to the text. */
static bool is_too_much(const char *s, size_t n, size_t max)
{
	size_t values = 0, lists = 0;

	for (size_t i = 0; i < n; i++) {
		values += s[i] == ',';
		lists += s[i] == '[' || s[i] == '{';
	}
	return lists > MAX_LISTS ||
	       values * VALUE_BYTES + lists * LIST_BYTES > max;
}

struct json_object *oq_json_parse(const char *s, size_t n, size_t max)
{
	struct json_tokener *t;
	struct json_object *o;

	if (n > INT32_MAX || is_too_much(s, n, max))
		return NULL;
	t = json_tokener_new();
	if (!t)
		return NULL;
	o = json_tokener_parse_ex(t, s, (int)n);
	json_tokener_free(t);
	return o;
}
