/* SPDX-License-Identifier: MIT */
/* gate.c - who may wait for a reader, and who comes next */

#include "fs/base/gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>

/* Any two addresses tell two stores apart. */
static const char a[1], b[1], c[1];

static void each_store_has_its_places(void **state)
{
	struct oqfs_gate *g = oqfs_gate_new(2, 5);

	(void)state;
	assert_non_null(g);
	assert_true(oqfs_gate_enter(g, a));
	assert_true(oqfs_gate_enter(g, a));
	assert_false(oqfs_gate_enter(g, a));
	assert_true(oqfs_gate_enter(g, b));
	assert_null(oqfs_gate_leave(g, a));
	assert_true(oqfs_gate_enter(g, a));
	oqfs_gate_free(g);
}

static void all_together_have_fewer(void **state)
{
	struct oqfs_gate *g = oqfs_gate_new(2, 3);
	struct oqfs_queued t = { 0 };

	(void)state;
	assert_true(oqfs_gate_enter(g, a));
	assert_true(oqfs_gate_enter(g, a));
	assert_true(oqfs_gate_enter(g, b));
	assert_false(oqfs_gate_enter(g, c));
	assert_int_equal(oqfs_gate_wait(g, &t, c), 0);
	assert_ptr_equal(oqfs_gate_leave(g, b), &t);
	assert_null(oqfs_gate_leave(g, c));
	assert_null(oqfs_gate_leave(g, a));
	assert_true(oqfs_gate_enter(g, b));
	oqfs_gate_free(g);
}

static void the_first_who_may_enter_is_next(void **state)
{
	struct oqfs_gate *g = oqfs_gate_new(1, 2);
	struct oqfs_queued t[4] = { 0 };

	(void)state;
	assert_true(oqfs_gate_enter(g, a));
	assert_true(oqfs_gate_enter(g, b));
	assert_int_equal(oqfs_gate_wait(g, &t[0], a), 0);
	assert_int_equal(oqfs_gate_wait(g, &t[1], b), 0);
	assert_int_equal(oqfs_gate_wait(g, &t[2], a), 0);
	assert_int_equal(oqfs_gate_wait(g, &t[3], c), 0);
	/* That of 'a' before it has no place. */
	assert_ptr_equal(oqfs_gate_leave(g, b), &t[1]);
	assert_ptr_equal(oqfs_gate_leave(g, b), &t[3]);
	assert_ptr_equal(oqfs_gate_leave(g, a), &t[0]);
	assert_null(oqfs_gate_leave(g, c));
	assert_ptr_equal(oqfs_gate_leave(g, a), &t[2]);
	assert_null(oqfs_gate_leave(g, a));
	assert_true(oqfs_gate_enter(g, a));
	oqfs_gate_free(g);
}

static void a_place_may_come_while_it_is_put_aside(void **state)
{
	struct oqfs_gate *g = oqfs_gate_new(1, 1);
	struct oqfs_queued t = { 0 };

	(void)state;
	assert_int_equal(oqfs_gate_wait(g, &t, a), 1);
	assert_null(oqfs_gate_leave(g, a));
	oqfs_gate_free(g);
}

static void what_is_withdrawn_does_not_wait(void **state)
{
	struct oqfs_gate *g = oqfs_gate_new(1, 1);
	struct oqfs_queued t[3] = { 0 };

	(void)state;
	assert_true(oqfs_gate_enter(g, a));
	for (int i = 0; i < 3; i++)
		assert_int_equal(oqfs_gate_wait(g, &t[i], a), 0);
	assert_true(oqfs_gate_withdraw(g, &t[1]));
	assert_false(oqfs_gate_withdraw(g, &t[1]));
	assert_true(oqfs_gate_withdraw(g, &t[2]));
	t[2] = (struct oqfs_queued){ 0 };
	assert_int_equal(oqfs_gate_wait(g, &t[2], a), 0);
	assert_ptr_equal(oqfs_gate_leave(g, a), &t[0]);
	/* It is inside: too late. */
	assert_false(oqfs_gate_withdraw(g, &t[0]));
	assert_ptr_equal(oqfs_gate_leave(g, a), &t[2]);
	assert_null(oqfs_gate_leave(g, a));
	oqfs_gate_free(g);
}

static void what_is_withdrawn_before_never_waits(void **state)
{
	struct oqfs_gate *g = oqfs_gate_new(1, 1);
	struct oqfs_queued t = { 0 };

	(void)state;
	assert_false(oqfs_gate_withdraw(g, &t));
	assert_int_equal(oqfs_gate_wait(g, &t, a), -EINTR);
	assert_true(oqfs_gate_enter(g, a));
	oqfs_gate_free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_store_has_its_places),
		cmocka_unit_test(all_together_have_fewer),
		cmocka_unit_test(the_first_who_may_enter_is_next),
		cmocka_unit_test(a_place_may_come_while_it_is_put_aside),
		cmocka_unit_test(what_is_withdrawn_does_not_wait),
		cmocka_unit_test(what_is_withdrawn_before_never_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
