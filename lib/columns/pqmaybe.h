/* SPDX-License-Identifier: MIT */
/* pqmaybe.h - values that may be missing: date-times, spans, masked ones
 *
 *	date-time of ns, us, ms, s ... W   TIMESTAMP in the nearest unit of
 *	                                   Parquet that holds its steps
 *	of other units                     text, as a csv has it
 *	span, date-time without a unit     the number
 *	masked                             what its base is
 *
 * All of them are null where there is none (NaT, the mask).  Pure; any thread.
 */
#ifndef OQ_PQMAYBE_H
#define OQ_PQMAYBE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/columns/pqcolset.h"

/* The column of elements of this class; false where it is none of these, and
 * nothing is changed. */
bool oq_pqmaybe_set(struct oq_pqcol *col, struct oq_pqorigin *o);

/* Is an element missing? */
bool oq_pqmaybe_is_missing(const struct oq_dtype *t, const uint8_t *elem);

/* What it is where it is not: of a masked one its base. */
const struct oq_dtype *oq_pqmaybe_type(const struct oq_dtype *t);

/* The number of a date-time or span that is there, in the column's unit.
 * False: 64 bits do not hold it. */
bool oq_pqmaybe_number(const struct oq_dtype *t, const uint8_t *elem,
		       int64_t *v);

#endif
