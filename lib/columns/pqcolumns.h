/* SPDX-License-Identifier: MIT */
/* pqcolumns.h - from a table to the columns of a Parquet file */
#ifndef OQ_PQCOLUMNS_H
#define OQ_PQCOLUMNS_H

#include <stdbool.h>

#include "lib/base/err.h"
#include "lib/columns/pqcolset.h"

struct oq_pqcolumns_spec {
	/* All are borrowed for the life of the columns. */
	const struct oq_table *table;
	const struct oq_dtype *type; /* of an element of the table's source */
	bool by_member;		     /* the source can read a member alone */
	const char *attributes;	     /* the object's, JSON; NULL: none */
};

/* Choose the columns, their types and the size of row groups.  Returns 0,
 * -EOPNOTSUPP with the reason (a number, or more columns than Parquet can hold)
 * or -ENOMEM.  oq_pqcolumns_free() is due in any case. */
int oq_pqcolumns_init(struct oq_pqcolumns *c,
		      const struct oq_pqcolumns_spec *spec, struct oq_err *err);

#endif
