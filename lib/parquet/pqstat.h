/* SPDX-License-Identifier: MIT */
/* pqstat.h - the least and the greatest integer of a column's chunk
 *
 * A reader skips a row group whose statistics exclude what it looks for.  Each
 * has the width of the column's type, so the footer's size does not depend on
 * their values.  Pure; any thread.
 */
#ifndef OQ_PQSTAT_H
#define OQ_PQSTAT_H

#include <stddef.h>
#include <stdint.h>

#include "lib/parquet/pqcells.h"
#include "lib/parquet/pqschema.h"
#include "lib/parquet/thrift.h"

/* For a column with 'has_stats'.  64-bit numbers, sign extended where the type
 * is signed. */
struct oq_pqstat {
	uint64_t min, max;
};

/* The statistics of 'n' numbers of 8 bytes or less, n > 0. */
struct oq_pqstat oq_pqstat_of(const struct oq_pqcells *cells, size_t n);
/* Extend 's' by the statistics of further rows. */
void oq_pqstat_join(const struct oq_pqcol *c, struct oq_pqstat *s,
		    const struct oq_pqstat *more);

/* Put them as field 'id' of the open struct. */
void oq_pqstat_put(const struct oq_pqcol *c, const struct oq_pqstat *s, int id,
		   struct oq_thrift *t);

#endif
