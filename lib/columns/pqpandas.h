/* SPDX-License-Identifier: MIT */
/* pqpandas.h - tells pandas which columns are the index
 *
 * pyarrow and fastparquet look for JSON under the key "pandas" in a file's
 * metadata.  Pure; any thread.
 */
#ifndef OQ_PQPANDAS_H
#define OQ_PQPANDAS_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/columns/pqcolset.h"

/* Whether some column is an index. */
bool oq_pqpandas_has(const struct oq_pqcolumns *c);
/* Append the JSON: the index columns, and the type of each column as pandas
 * calls it. */
void oq_pqpandas_put(const struct oq_pqcolumns *c, struct oq_buf *out);

#endif
