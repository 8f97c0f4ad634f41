/* SPDX-License-Identifier: MIT */
/* pqstat.h - the least and the greatest integer of a column's chunk
 *
 * Readers skip a row group where these say that it has nothing they look for.
 * Their width is the type's, so a footer's size does not depend on them.
 */
#ifndef OQ_PQSTAT_H
#define OQ_PQSTAT_H

#include <stddef.h>
#include <stdint.h>

#include "lib/parquet/pqcells.h"
#include "lib/parquet/pqschema.h"
#include "lib/parquet/thrift.h"

/* Of a column with 'has_stats'; bits of a 64-bit number, the sign extended. */
struct oq_pqstat {
	uint64_t min, max;
};

/* Of 'n' numbers, n > 0; and of two runs together. */
struct oq_pqstat oq_pqstat_of(const struct oq_pqcol *c,
			      const struct oq_pqcells *cells, size_t n);
void oq_pqstat_join(const struct oq_pqcol *c, struct oq_pqstat *s,
		    const struct oq_pqstat *more);

/* As field 'id' of what is open. */
void oq_pqstat_put(const struct oq_pqcol *c, const struct oq_pqstat *s, int id,
		   struct oq_thrift *t);

#endif
