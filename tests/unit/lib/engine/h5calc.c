/* SPDX-License-Identifier: MIT */
/* h5calc.c - what a calculation says of itself is read within bounds */

#include "lib/engine/calc.h"
#include "tests/make/h5fixture.h"

#define TOO_LONG ((size_t)17 << 20)

/* What is said of a calculation with such an oqparam. */
static void check(char *json, const char *description)
{
	struct oq_env env = { 0 };
	struct oq_calc calc;
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0);

	mk_scalar(file, "oqparam", mk_vlen_str(), &json);
	mk_attr_str(file, "engine_version", "3.20");
	finish(&f, file);
	env.h5 = f.h;
	oq_calc_read(&env, &calc);
	assert_string_equal(calc.engine_version, "3.20");
	assert_null(calc.calculation_mode);
	if (description) {
		assert_string_equal(calc.description, description);
		assert_string_equal(calc.parent, "7");
	} else {
		assert_null(calc.description);
		assert_null(calc.parent);
	}
	oq_calc_free(&calc);
	end(&f);
}

/* Two parameters, and one more of 'n' times 'what'. */
static void check_with(const char *what, size_t n, const char *description)
{
	static const char start[] = "{\"description\": \"a\", "
				    "\"hazard_calculation_id\": 7, \"x\": [";
	size_t each = strlen(what), at = sizeof(start) - 1;
	char *json = mk_alloc(at + n * each + 4);

	memcpy(json, start, at);
	for (size_t i = 0; i < n; i++, at += each)
		memcpy(json + at, what, each);
	memcpy(json + at, "0]}", 4);
	check(json, description);
	free(json);
}

static void test_json(void **state)
{
	(void)state;
	check_with(" ", 0, "a");
	check_with(" ", TOO_LONG, NULL);
}

/* Of a sane length, but a million lists once it is parsed. */
static void test_swollen(void **state)
{
	(void)state;
	check_with("[],", 1000, "a");
	check_with("[],", 1000000, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "oqparam is read where it is of a sane length", test_json,
		  NULL, NULL, NULL },
		{ "oqparam that would swell is not parsed", test_swollen, NULL,
		  NULL, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
