/* SPDX-License-Identifier: MIT */
/* shuffle.c - each byte of an element is where it was before shuffling */

#include <stdlib.h>

#include "lib/codec/shuffle.h"

#include "tests/unit/test.h"

static void shuffle(const uint8_t *in, uint8_t *out, size_t n, size_t size)
{
	size_t nelems = n / size;

	for (size_t i = 0; i < n; i++)
		if (i < nelems * size)
			out[i % size * nelems + i / size] = in[i];
		else
			out[i] = in[i];
}

static void check(size_t n, size_t size)
{
	/* Exactly as long as needed, so that a sanitizer sees more. */
	uint8_t *plain = malloc(n), *shuffled = malloc(n), *got = calloc(1, n);

	for (size_t i = 0; i < n; i++)
		plain[i] = (uint8_t)(i * 151 + i / 256 * 13 + 1);
	shuffle(plain, shuffled, n, size);
	oq_unshuffle(shuffled, got, n, size);
	assert_memory_equal(got, plain, n);
	free(plain);
	free(shuffled);
	free(got);
}

static void small(void **state)
{
	(void)state;
	for (size_t n = 1; n < 300; n++)
		for (size_t size = 1; size < 34; size++)
			check(n, size);
}

static void large(void **state)
{
	static const size_t sizes[] = { 1, 2, 3, 4, 8, 12, 16, 1000, 70000 };

	(void)state;
	for (size_t i = 0; i < 9; i++)
		for (size_t n = 65500; n < 65540; n++)
			check(n, sizes[i]);
}

static void nothing(void **state)
{
	uint8_t byte = 7, out = 9;

	(void)state;
	oq_unshuffle(&byte, &out, 0, 1);
	oq_unshuffle(&byte, &out, 0, 8);
	assert_int_equal(out, 9);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST("unshuffling undoes shuffling, for all small sizes",
		     small),
		TEST("unshuffling undoes shuffling of thousands of elements",
		     large),
		TEST("unshuffling nothing writes nothing", nothing),
	};

	return cmocka_run_group_tests_name("shuffle", tests, NULL, NULL);
}
