/* SPDX-License-Identifier: MIT */
/* pqaxis.h - what the rows of a long table show of its axes
 *
 * Pure arithmetic on the table's shape; any thread.
 */
#ifndef OQ_PQAXIS_H
#define OQ_PQAXIS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/parquet/pqstat.h"
#include "lib/table/table.h"

/* The index on 'axis' of each of the rows [first, first + n), to 'out[n]'. */
void oq_pqaxis_index(const struct oq_table *t, unsigned axis, uint64_t first,
		     size_t n, uint64_t *out);
/* The least and the greatest number that the index column of 'axis' has in rows
 * [first, first + n); n > 0. */
struct oq_pqstat oq_pqaxis_range(const struct oq_table *t, unsigned axis,
				 uint64_t first, uint64_t n);

#endif
