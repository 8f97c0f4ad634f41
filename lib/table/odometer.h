/* SPDX-License-Identifier: MIT */
/* odometer.h - the index columns of a table in long form
 *
 * The index columns of one row, "12,3,PGA,", are kept as text.  A step to the
 * next element renders only the axes whose index changes.
 */
#ifndef OQ_ODOMETER_H
#define OQ_ODOMETER_H

#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/table/table.h"

/* Each thread has its own.  Only 'text' is allocated. */
struct oq_odometer {
	const struct oq_table *table;
	uint64_t at[OQ_MAX_RANK];  /* the index on each axis */
	size_t start[OQ_MAX_RANK]; /* where its text begins */
	struct oq_buf text;	   /* each axis followed by a comma */
};

/* Start at element 'i' < nelems of a table in long form. */
void oq_odometer_init(struct oq_odometer *o, const struct oq_table *t,
		      uint64_t i);
void oq_odometer_free(struct oq_odometer *o);

/* Go on to the next element; past the last one to the first. */
void oq_odometer_step(struct oq_odometer *o);

#endif
