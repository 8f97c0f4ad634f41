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

/* The type of integers of so many bits, 64 at most. */
enum oq_pqtype oq_pqcell_int(unsigned bits, bool is_signed);

/* The cells of a column in rows of its part, or of a sequence's base. */
struct oq_pqcells oq_pqcell_cells(const struct oq_dtype *t,
				  const uint8_t *first, size_t stride);

/* Is an element a plain number or a bool; and what it then is. */
bool oq_pqcell_is(const struct oq_dtype *t);
enum oq_pqtype oq_pqcell_type(const struct oq_dtype *t);

#endif
