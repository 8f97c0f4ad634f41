/* SPDX-License-Identifier: MIT */
/* pqcolumns.h - from a table to the columns of a Parquet file */
#ifndef OQ_PQCOLUMNS_H
#define OQ_PQCOLUMNS_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "lib/columns/pqcolset.h"

struct oq_pqcolumns_spec {
	const struct oq_table *table; /* borrowed, as all of it */
	const struct oq_dtype *type;  /* of an element of its source */
	bool by_member;		      /* members are read alone */
	const char *attributes;	      /* JSON; NULL: none */
};

/* Returns 0, -EOPNOTSUPP (numbers or columns that Parquet cannot hold) or
 * -ENOMEM. Free in any case. */
int oq_pqcolumns_init(struct oq_pqcolumns *c,
		      const struct oq_pqcolumns_spec *spec, struct oq_err *err);

#endif
