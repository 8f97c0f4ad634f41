/* SPDX-License-Identifier: MIT */
/* json.c - JSON is parsed, within bounds */

#include "lib/text/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

static void test_parse(void **state)
{
	struct json_object *o = oq_json_parse("{\"a\": [1, 2]}xyz", 13,
					      OQ_JSON_PARAM),
			   *a;

	(void)state;
	assert_non_null(o);
	assert_true(json_object_object_get_ex(o, "a", &a));
	assert_int_equal(json_object_array_length(a), 2);
	json_object_put(o);
	assert_null(oq_json_parse("{\"a\": [1, 2]}", 12, OQ_JSON_PARAM));
	assert_null(oq_json_parse("", 0, OQ_JSON_PARAM));
	assert_null(oq_json_parse("nonsense", 8, OQ_JSON_PARAM));
}

/* "[x,x,...,0]", with 'n' times 'what'. */
static bool is_parsed(const char *what, size_t n, size_t max)
{
	size_t each = strlen(what);
	char *text = malloc(n * each + 3);
	struct json_object *o;
	bool yes;

	assert_non_null(text);
	text[0] = '[';
	for (size_t i = 0; i < n; i++)
		memcpy(text + 1 + i * each, what, each);
	memcpy(text + 1 + n * each, "0]", 2);
	o = oq_json_parse(text, n * each + 3, max);
	yes = o;
	json_object_put(o);
	free(text);
	return yes;
}

static void test_bounds(void **state)
{
	(void)state;
	assert_true(is_parsed("1,", 100000, OQ_JSON_LABELS));
	assert_true(is_parsed("[],", 100000, OQ_JSON_LABELS));
	assert_false(is_parsed("[],", 300000, OQ_JSON_LABELS));
	assert_false(is_parsed("{},", 300000, OQ_JSON_LABELS));
	assert_false(is_parsed("1,", 9000000, OQ_JSON_LABELS));
	assert_true(is_parsed("1,", 1000000, OQ_JSON_PARAM));
	assert_false(is_parsed("1,", 2000000, OQ_JSON_PARAM));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "JSON is parsed to its end", test_parse, NULL, NULL, NULL },
		{ "what would swell is not", test_bounds, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
