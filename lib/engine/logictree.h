/* SPDX-License-Identifier: MIT */
/* logictree.h - a logic tree as the datastore has it, `full_lt` */
#ifndef OQ_LOGICTREE_H
#define OQ_LOGICTREE_H

#include "lib/engine/calculation.h"

/* The branches of one tectonic region type, which are rows of the table. */
struct oq_gsimset {
	uint64_t n;
	uint64_t *row; /* owned */
};

struct oq_logictree {
	/* Branches of the source model: their set and name. */
	struct oq_values sm_set, sm_branch;
	/* Paths through them, branches joined by ~, how often sampled, and
	 * their weights, in single precision. */
	struct oq_values sm_path, sm_samples, sm_weight;
	/* Ground motion models. */
	struct oq_values trt, branch, text, weight;
	uint64_t nsets;
	struct oq_gsimset *set; /* owned; in order of appearance */
	int64_t nsamples;	/* 0: every path */
	int64_t seed;
	char *method; /* owned; of sampling */
	uint64_t ntrts;
};

int oq_logictree_open(const struct oq_calculation *c, struct oq_logictree *out,
		      struct oq_err *err);
void oq_logictree_close(struct oq_logictree *t);
#define OQ_LOGICTREE __attribute__((cleanup(oq_logictree_close)))

/* How many realizations it has; they are numbered through. */
int oq_logictree_count(const struct oq_logictree *t, uint64_t *n,
		       struct oq_err *err);

/* For each realization the path of the source model, and for each set the row
 * of its ground motion model: 'sm[n]' and 'gsim[n * nsets]'. */
int oq_logictree_walk(const struct oq_logictree *t, uint64_t n, uint64_t *sm,
		      uint64_t *gsim, struct oq_err *err);
/* The weight of each of them, 'out[n]', before their sum is made 1. */
void oq_logictree_weigh(const struct oq_logictree *t, uint64_t n,
			const uint64_t *sm, const uint64_t *gsim, double *out);

#endif
