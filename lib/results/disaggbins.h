/* SPDX-License-Identifier: MIT */
/* disaggbins.h - what the axes of a disaggregation stand for */
#ifndef OQ_DISAGGBINS_H
#define OQ_DISAGGBINS_H

#include "lib/sheet/kinds.h"

/* The bins of an axis for a site: '*n' values of 'v' from '*first' on.  They
 * are the edges, or the texts. */
int oq_disagg_read_bins(const struct oq_calculation *c, const char *axis,
			uint64_t site, struct oq_values *v, uint64_t *first,
			uint64_t *n, struct oq_err *err);
/* The edges of all axes into the comment. */
int oq_disagg_put_bins(const struct oq_calculation *c,
		       const struct oq_exportfile *f, struct oq_sheet *s,
		       struct oq_err *err);

/* The probabilities, which the parameters name, or else the one that the mean
 * curve has at the level of `iml_disagg`. */
int oq_disagg_read_poes(const struct oq_calculation *c,
			const struct oq_exportfile *f, uint64_t npoes,
			double *poes, struct oq_err *err);

/* Into the comment: where the site is; and the weights of the realizations
 * 'best[first ...]', their sum made 1 in the type that they are stored in. */
int oq_disagg_put_place(const struct oq_calculation *c,
			const struct oq_exportfile *f, struct oq_sheet *s,
			struct oq_err *err);
int oq_disagg_put_rlzs(const struct oq_calculation *c, struct oq_sheet *s,
		       const struct oq_values *best, uint64_t first,
		       struct oq_err *err);

#endif
