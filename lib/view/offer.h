/* SPDX-License-Identifier: MIT */
/* offer.h - which views a dataset has, and what is known of them beforehand */
#ifndef OQ_OFFER_H
#define OQ_OFFER_H

#include <stdint.h>

#include "lib/data/env.h"
#include "lib/data/frame.h"
#include "lib/hdf5/h5.h"
#include "lib/table/table.h"

/* As in struct oq_entry (wire.h). */
struct oq_offer {
	uint32_t views, listed;
	int refused;
	uint64_t bin_bytes, npy_bytes; /* OQ_WIRE_UNKNOWN where there is none */
	uint64_t rows, part_rows;
};

/* Main thread. */
void oq_offer_of_dataset(const struct oq_env *env, struct oq_h5_dset *d,
			 struct oq_offer *m);

/* The rank that a dataset is shown with: a null dataspace, which has no shape
 * and no elements, as one axis of length 0 (its 'dims' are zeros). */
unsigned oq_offer_rank(const struct oq_dataset *info);

/* Of a data frame, beside its directory: the joined table. */
void oq_offer_of_frame(const struct oq_env *env, const struct oq_frame *f,
		       struct oq_offer *m);

/* Make it the menu of fields of what it is of, whose type is 't'. */
void oq_offer_of_fields(const struct oq_dtype *t, struct oq_offer *m);

/* The menu of something whose data cannot be had, for whatever reason: what a
 * dataset usually has. */
void oq_offer_of_refused(int why, struct oq_offer *m);

/* The raw bytes of each part of a large csv, at most. */
#define OQ_PART_BYTES ((uint64_t)64 << 20)

/* Rows of each part of a csv of 'rows' rows of 'row_bytes' raw bytes, or 0
 * where it is one file: a power of two, for names that are easy to count. */
uint64_t oq_offer_part_rows(const struct oq_env *env, uint64_t rows,
			    uint64_t row_bytes);

#endif
