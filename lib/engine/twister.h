/* SPDX-License-Identifier: MIT */
/* twister.h - the numbers that NumPy's RandomState draws
 *
 * MT19937 (Makoto Matsumoto and Takuji Nishimura, 1998), and the doubles in
 * [0, 1) with 53 bits that NumPy makes of it.  The engine draws the branches of
 * a sampled logic tree with these.  One thread at a time.
 */
#ifndef OQ_TWISTER_H
#define OQ_TWISTER_H

#include <stdint.h>

#define OQ_TWISTER_WORDS 624

struct oq_twister {
	uint32_t word[OQ_TWISTER_WORDS];
	unsigned next;
};

/* Start the sequence of a seed; get its next number. */
void oq_twister_seed(struct oq_twister *t, uint32_t seed);
double oq_twister_uniform(struct oq_twister *t);

#endif
