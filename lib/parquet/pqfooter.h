/* SPDX-License-Identifier: MIT */
/* pqfooter.h - the footer of a Parquet file, in parts
 *
 *	| head: schema | row group 0 | row group 1 | ... | tail |
 *
 * For 10^10 rows a footer has megabytes, so its parts are made one by one when
 * they are read.  Where each part lies is found once, by counting its bytes
 * without writing them.  Of the data only the statistics enter a footer, and
 * its size does not depend on them.
 *
 * Constant once made; any thread.
 */
#ifndef OQ_PQFOOTER_H
#define OQ_PQFOOTER_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/parquet/pqlayout.h"
#include "lib/parquet/pqschema.h"
#include "lib/parquet/pqstat.h"
#include "lib/parquet/thrift.h"

struct oq_pqfooter {
	const struct oq_pqschema *schema;
	const struct oq_pqlayout *layout;
	uint64_t start; /* where in the file the footer begins */
	/* Owned: where each part ends, counted from 'start'. */
	uint64_t *ends;
	size_t nparts;
};

/* Find where the parts lie.  The layout is sealed; it and the schema are
 * borrowed.  Returns 0, -ENOMEM or -EOVERFLOW (a footer too large for Parquet).
 */
int oq_pqfooter_init(struct oq_pqfooter *f, const struct oq_pqschema *s,
		     const struct oq_pqlayout *l, struct oq_err *err);
void oq_pqfooter_free(struct oq_pqfooter *f);

/* Put part 'i': 0 is the head, nparts - 1 the tail, any other row group i - 1.
 * 'stats[k]' has the statistics of column k in that row group; only columns
 * with statistics are looked at.  NULL: zeros instead, to count bytes. */
void oq_pqfooter_put(const struct oq_pqfooter *f, size_t i,
		     const struct oq_pqstat *stats, struct oq_thrift *t);

#endif
