/* SPDX-License-Identifier: MIT */
/* pqcell.h - numbers and bools that Parquet has as they are stored
 *
 * Pure; any thread.
 */
#ifndef OQ_PQCELL_H
#define OQ_PQCELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/parquet/pqcells.h"
#include "lib/parquet/pqschema.h"
#include "lib/type/dtype.h"

/* The smallest integer type of Parquet that holds 'bits' bits, 64 at most. */
enum oq_pqtype oq_pqcell_int(unsigned bits, bool is_signed);

/* Describe a column's numbers in memory: elements of type 't', the first at
 * 'first', 'stride' bytes from one to the next. */
struct oq_pqcells oq_pqcell_cells(const struct oq_dtype *t,
				  const uint8_t *first, size_t stride);

/* Whether elements of this type are plain numbers or bools. */
bool oq_pqcell_is(const struct oq_dtype *t);
/* The Parquet type of such elements. */
enum oq_pqtype oq_pqcell_type(const struct oq_dtype *t);

#endif
