/* SPDX-License-Identifier: MIT */
/* input.h - numbers taken off the fuzzer's bytes, and what must be so */
#ifndef TESTS_INPUT_H
#define TESTS_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What is left of the bytes. */
struct input {
	const uint8_t *p;
	size_t n;
};

/* A number of 8 bytes or less, in the machine's own order.  Bytes that are not
 * there any more are zeros. */
static inline uint64_t take(struct input *in, size_t bytes)
{
	uint8_t got[sizeof(uint64_t)] = { 0 };
	size_t n = in->n < bytes ? in->n : bytes;
	uint64_t v = 0;

	if (n)
		memcpy(got, in->p, n);
	in->p += n;
	in->n -= n;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	memcpy((uint8_t *)&v + sizeof(v) - bytes, got, bytes);
#else
	memcpy(&v, got, bytes);
#endif
	return v;
}

/* What is not so is a find. */
static inline void must(bool is_so)
{
	if (!is_so)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#endif
