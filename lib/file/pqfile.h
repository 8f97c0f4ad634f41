/* SPDX-License-Identifier: MIT */
/* pqfile.h - a table as a Parquet file, made as it is read */
#ifndef OQ_PQFILE_H
#define OQ_PQFILE_H

#include <stdint.h>

#include "lib/base/err.h"
#include "lib/columns/pqcolumns.h"
#include "lib/file/file.h"
#include "lib/type/value.h"

struct oq_pqfile_spec {
	const struct oq_env *env;
	struct oq_source *src;
	struct oq_table *table; /* of that source's elements */
	struct oq_refs refs;	/* copied */
	char *attributes;	/* the object's, JSON, from malloc() */
};

/* Any thread.  Takes over source, table and attributes, also on failure.
 * Returns 0, -EOPNOTSUPP (what Parquet cannot hold), -EOVERFLOW or -ENOMEM. */
int oq_pqfile_open(const struct oq_pqfile_spec *spec, struct oq_file **out,
		   struct oq_err *err);

/* The exact size of the file, without opening it.  Fails as oq_pqfile_open(),
 * and with -EAGAIN where a column would have to be measured. */
int oq_pqfile_bytes(const struct oq_pqcolumns_spec *spec, uint64_t *bytes);

#endif
