/* SPDX-License-Identifier: MIT */
/* pqfooter.h - the footer of a Parquet file, in parts
 *
 *	| head: schema | row group 0 | row group 1 | ... | tail |
 *
 * Of 10^10 rows it has megabytes, so that its parts are made one by one; where
 * each is was found out once, by counting what it would be.  It does not depend
 * on the data but for the statistics, and its size does not depend on these.
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
	uint64_t start; /* of the file */
	/* Owned: where the parts end, counted from 'start': the head, each row
	 * group, the tail. */
	uint64_t *ends;
	size_t nparts;
};

/* Of a layout that is sealed; both are borrowed.  Returns 0, -ENOMEM or
 * -EOVERFLOW. */
int oq_pqfooter_init(struct oq_pqfooter *f, const struct oq_pqschema *s,
		     const struct oq_pqlayout *l, struct oq_err *err);
void oq_pqfooter_free(struct oq_pqfooter *f);

/* Part 'i': 0 is the head, i a row group's, nparts - 1 the tail.  'stats' are
 * those of the row group: one a column, of which those of columns without are
 * not looked at; NULL: zeros, to count. */
void oq_pqfooter_put(const struct oq_pqfooter *f, size_t i,
		     const struct oq_pqstat *stats, struct oq_thrift *t);

#endif
