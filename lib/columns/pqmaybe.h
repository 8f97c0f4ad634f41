/* SPDX-License-Identifier: MIT */
/* pqmaybe.h - types whose values may be missing: date-times, time spans, masked
 *
 *	date-time of ns, us, ms, s ... W   TIMESTAMP in the nearest unit of
 *	                                   Parquet that holds its steps
 *	date-time of another unit          text, as the csv has it
 *	span, date-time without a unit     the number
 *	masked                             as its base type
 *
 * A missing value (NaT, or masked) is null.  Pure; any thread.
 */
#ifndef OQ_PQMAYBE_H
#define OQ_PQMAYBE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/columns/pqcolset.h"

/* If o->type is one of these, fill in the type and nesting of 'col', and
 * 'from' of 'o', and return true; else change nothing and return false. */
bool oq_pqmaybe_set(struct oq_pqcol *col, struct oq_pqorigin *o);

/* Whether an element is missing. */
bool oq_pqmaybe_is_missing(const struct oq_dtype *t, const uint8_t *elem);

/* The type of an element that is not missing: the base of a masked one. */
const struct oq_dtype *oq_pqmaybe_type(const struct oq_dtype *t);

/* The number of a date-time or span that is not missing, in the column's unit.
 * False: it does not fit 64 bits. */
bool oq_pqmaybe_number(const struct oq_dtype *t, const uint8_t *elem,
		       int64_t *v);

#endif
