/* SPDX-License-Identifier: MIT */
/* losscurves.c - the loss that is exceeded with a probability */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lib/results/losscurves.h"
#include "lib/results/ruptures.h"

static void test_conditional(void **ctx)
{
	const float losses[] = { 0, 10, 20, 30 };
	const float poes[] = { 0.9F, 0.5F, 0.5F, 0.1F };
	const float none[] = { 0, 0, 0, 0 };

	(void)ctx;
	assert_true(oq_conditional_loss(losses, poes, 4, 0.95F) == 0);
	assert_true(oq_conditional_loss(losses, poes, 4, 0.05F) == 30);
	/* Of two points with it the larger loss. */
	assert_true(oq_conditional_loss(losses, poes, 4, 0.5F) == 20);
	assert_true(fabsf(oq_conditional_loss(losses, poes, 4, 0.3F) - 25) <
		    1e-4F);
	assert_true(fabsf(oq_conditional_loss(losses, poes, 4, 0.7F) - 5) <
		    1e-4F);
	assert_true(oq_conditional_loss(losses, none, 4, 0.1F) == 0);
	assert_true(isnan(oq_conditional_loss(losses, poes, 1, 0.1F)));
}

/* A plane that strikes north and dips to the east. */
static void test_plane(void **ctx)
{
	const double corner[] = { 10, 10, 10.1, 10.1, 0, 1, 0, 1, 0, 0, 5, 5 };
	struct oq_plane p;

	(void)ctx;
	oq_plane_of(corner, &p);
	assert_true(fabs(p.strike) < 1e-9);
	assert_true(fabs(p.dip - 24.2116) < 1e-3);
	assert_true(fabs(p.lat - 0.5) < 1e-4);
	assert_true(fabs(p.lon - 10.05) < 1e-4);
	assert_true(p.depth == 2.5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "a loss by its probability", test_conditional, NULL, NULL,
		  NULL },
		{ "a plane by its corners", test_plane, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
