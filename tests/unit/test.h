/* SPDX-License-Identifier: MIT */
/* test.h - cmocka, and a test that is called a sentence
 *
 * For test programs only.
 */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(a)		 (sizeof(a) / sizeof((a)[0]))

/* A row of a table of tests; of one that has something of its own. */
#define TEST(sentence, function) TEST_WITH(sentence, function, NULL, NULL)
#define TEST_WITH(sentence, function, setup, teardown)    \
	{                                                 \
		sentence, function, setup, teardown, NULL \
	}

#endif
