/* SPDX-License-Identifier: MIT */
/* cells.h - what the cells and fields of MATLAB hold, by value
 *
 * A cell array is references to what its cells hold, and so is a field of a
 * struct array.  What is small stands for itself in a table:
 *
 *	a text          as it is
 *	a number        as it is; true, false
 *	up to 64        [1.0,2.5], [[1,2],[3,4]] as they lie in the file
 *	a cell array    ["a",1.0]
 *	a struct        {"x":1.0,"name":"a"}
 *
 * Main thread only.
 */
#ifndef OQ_CELLS_H
#define OQ_CELLS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/hdf5/h5.h"

/* Append the value of the object at 'addr'.  False, with nothing appended,
 * where it is none of MATLAB's or more than 4,096 bytes. */
bool oq_cells_put(struct oq_h5 *h5, uint64_t addr, struct oq_buf *out);

#endif
