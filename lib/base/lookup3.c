/* SPDX-License-Identifier: MIT */
/* lookup3.c - the checksum of HDF5's metadata */

#include "lib/base/lookup3.h"

#include <string.h>

#define WORDS 3

static uint32_t turn(uint32_t x, unsigned bits)
{
	return x << bits | x >> (32 - bits);
}

/* Add up to three words of 'n' bytes, little-endian; bytes that are missing
 * count as 0. */
static void take(uint32_t s[WORDS], const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		s[i / 4] += (uint32_t)p[i] << 8 * (i % 4);
}

static void mix(uint32_t s[WORDS])
{
	static const uint8_t bits[] = { 4, 6, 8, 16, 19, 4 };

	for (size_t i = 0; i < sizeof(bits); i++) {
		uint32_t *a = &s[i % 3], *b = &s[(i + 1) % 3];
		uint32_t *c = &s[(i + 2) % 3];

		*a = (*a - *c) ^ turn(*c, bits[i]);
		*c += *b;
	}
}

static void finish(uint32_t s[WORDS])
{
	static const uint8_t bits[] = { 14, 11, 25, 16, 4, 14, 24 };

	for (size_t i = 0; i < sizeof(bits); i++) {
		uint32_t *to = &s[(i + 2) % 3], from = s[(i + 1) % 3];

		*to = (*to ^ from) - turn(from, bits[i]);
	}
}

uint32_t oq_lookup3(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint32_t first = 0xdeadbeef + (uint32_t)len;
	uint32_t s[WORDS] = { first, first, first };

	for (; len > 12; p += 12, len -= 12) {
		take(s, p, 12);
		mix(s);
	}
	take(s, p, len);
	if (len)
		finish(s);
	return s[2];
}
