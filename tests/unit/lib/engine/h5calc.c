/* SPDX-License-Identifier: MIT */
/* h5calc.c - what a calculation says of itself is read within bounds */

#include "lib/engine/calc.h"
#include "tests/make/h5fixture.h"

#define TOO_LONG ((size_t)17 << 20)

/* What is said of a calculation whose oqparam is followed by 'n' blanks. */
static void check(size_t n, const char *description)
{
	static const char json[] =
		"{\"description\": \"a\", \"hazard_calculation_id\": 7}";
	char *text = mk_alloc(sizeof(json) + n);
	struct oq_env env = { 0 };
	struct oq_calc calc;
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0);

	memset(text, ' ', sizeof(json) - 1 + n);
	memcpy(text, json, sizeof(json) - 1);
	mk_scalar(file, "oqparam", mk_vlen_str(), &text);
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
	free(text);
	end(&f);
}

static void test_json(void **state)
{
	(void)state;
	check(0, "a");
	check(TOO_LONG, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "oqparam is read where it is of a sane length", test_json,
		  NULL, NULL, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
