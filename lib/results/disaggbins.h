/* SPDX-License-Identifier: MIT */
/* disaggbins.h - what the axes of a disaggregation stand for
 *
 * Main thread; 0, or a negative errno with the reason.
 */
#ifndef OQ_DISAGGBINS_H
#define OQ_DISAGGBINS_H

#include "lib/sheet/kinds.h"

/* The bins of an axis ("Mag", "TRT") for a site: '*n' values of 'v', from
 * '*first' on.  They are the edges of the bins, one more than these, or the
 * texts of the bins.  The caller frees 'v', also on failure. */
int oq_disagg_read_bins(const struct oq_calculation *c, const char *axis,
			uint64_t site, struct oq_values *v, uint64_t *first,
			uint64_t *n, struct oq_err *err);
/* Append the bins of all axes to the sheet's comment. */
int oq_disagg_put_bins(const struct oq_calculation *c,
		       const struct oq_exportfile *f, struct oq_sheet *s,
		       struct oq_err *err);

/* Fill 'poes[npoes]' with the probabilities of the parameter `poes`.  Without
 * that parameter 'npoes' must be 1: the probability is that of the mean hazard
 * curve at the level of `iml_disagg`. */
int oq_disagg_read_poes(const struct oq_calculation *c,
			const struct oq_exportfile *f, uint64_t npoes,
			double *poes, struct oq_err *err);

/* Append to the sheet's comment: the coordinates of the file's site; and the
 * numbers and weights of the realizations best->i[first ...], as many as a row
 * of 'best' has.  The weights are divided by their sum, in the type that they
 * are stored in. */
int oq_disagg_put_place(const struct oq_calculation *c,
			const struct oq_exportfile *f, struct oq_sheet *s,
			struct oq_err *err);
int oq_disagg_put_rlzs(const struct oq_calculation *c, struct oq_sheet *s,
		       const struct oq_values *best, uint64_t first,
		       struct oq_err *err);

#endif
