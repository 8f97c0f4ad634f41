/* SPDX-License-Identifier: MIT */
/* logictree.h - a logic tree as the datastore has it, `full_lt`
 *
 * Main thread to open; an opened one is for any thread.
 */
#ifndef OQ_LOGICTREE_H
#define OQ_LOGICTREE_H

#include "lib/engine/calculation.h"

/* The branches of one tectonic region type, which are rows of the table. */
struct oq_gsimset {
	size_t n, room;
	uint64_t *row; /* owned */
};

struct oq_logictree {
	/* A row for each branch of the source model: its set and name. */
	struct oq_values sm_set, sm_branch;
	/* A row for each path through them: its branches, joined by ~; how
	 * often it was sampled; its weight, in single precision. */
	struct oq_values sm_path, sm_samples, sm_weight;
	/* A row for each branch of the ground motion models: its tectonic
	 * region type, name, model and weight. */
	struct oq_values trt, branch, text, weight;
	uint64_t nsets;
	struct oq_gsimset *set; /* owned; in order of appearance */
	int64_t nsamples;	/* 0: not sampled, every path is used */
	int64_t seed;
	char *method;	/* owned; `sampling_method`, or NULL */
	uint64_t ntrts; /* of tectonic region types */
};

/* Read the tree into '*out', all zeros; the caller closes it, also on failure.
 * 0; -EFBIG for a tree larger than any calculation has, so that all that is
 * made of one takes some megabytes and a moment; -ENOENT; -EIO; -ENOMEM. */
int oq_logictree_open(const struct oq_calculation *c, struct oq_logictree *out,
		      struct oq_err *err);
void oq_logictree_close(struct oq_logictree *t);
#define OQ_LOGICTREE __attribute__((cleanup(oq_logictree_close)))

/* How many realizations the tree has.  0, or -EFBIG for more than 2^22. */
int oq_logictree_count(const struct oq_logictree *t, uint64_t *n,
		       struct oq_err *err);

/* Fill in, for each of the 'n' realizations, the number of its path of the
 * source model, 'sm[n]', and for each set the row of its ground motion model,
 * 'gsim[n * nsets]'.  0, -EIO with the reason, or -ENOMEM. */
int oq_logictree_walk(const struct oq_logictree *t, uint64_t n, uint64_t *sm,
		      uint64_t *gsim, struct oq_err *err);
/* Fill in the weight of each realization, 'out[n]', not yet divided by their
 * sum. */
void oq_logictree_weigh(const struct oq_logictree *t, uint64_t n,
			const uint64_t *sm, const uint64_t *gsim, double *out);

#endif
