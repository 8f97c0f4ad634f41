/* SPDX-License-Identifier: MIT */
/* twister.c - the numbers that NumPy's RandomState draws */

#include "lib/engine/twister.h"

#define N OQ_TWISTER_WORDS
#define M 397

void oq_twister_seed(struct oq_twister *t, uint32_t seed)
{
	t->word[0] = seed;
	for (uint32_t i = 1; i < N; i++) {
		uint32_t w = t->word[i - 1];

		t->word[i] = 1812433253U * (w ^ (w >> 30)) + i;
	}
	t->next = N;
}

static void refill(struct oq_twister *t)
{
	for (unsigned i = 0; i < N; i++) {
		uint32_t y = (t->word[i] & 0x80000000U) |
			     (t->word[(i + 1) % N] & 0x7fffffffU);

		t->word[i] = t->word[(i + M) % N] ^ (y >> 1) ^
			     (y & 1 ? 0x9908b0dfU : 0);
	}
	t->next = 0;
}

static uint32_t draw(struct oq_twister *t)
{
	uint32_t y;

	if (t->next == N)
		refill(t);
	y = t->word[t->next++];
	y ^= y >> 11;
	y ^= (y << 7) & 0x9d2c5680U;
	y ^= (y << 15) & 0xefc60000U;
	return y ^ (y >> 18);
}

double oq_twister_uniform(struct oq_twister *t)
{
	double a = draw(t) >> 5, b = draw(t) >> 6;

	return (a * 67108864.0 + b) / 9007199254740992.0;
}
