/* SPDX-License-Identifier: MIT */
/* twister.h - the numbers that NumPy's RandomState draws
 *
 * MT19937 (Makoto Matsumoto and Takuji Nishimura, 1998), from which doubles in
 * [0, 1) of 53 bits are made.  A sampled logic tree is which branches these
 * fell on.
 */
#ifndef OQ_TWISTER_H
#define OQ_TWISTER_H

#include <stdint.h>

#define OQ_TWISTER_WORDS 624

struct oq_twister {
	uint32_t word[OQ_TWISTER_WORDS];
	unsigned next;
};

void oq_twister_seed(struct oq_twister *t, uint32_t seed);
double oq_twister_uniform(struct oq_twister *t);

#endif
