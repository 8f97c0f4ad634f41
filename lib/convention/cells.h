/* SPDX-License-Identifier: MIT */
/* cells.h - the contents of MATLAB's cells and fields, as text
 *
 * The cells of a cell array are references to objects, and so are the fields of
 * a struct array.  A table shows small objects by their values:
 *
 *	a text          as it is
 *	a number        as it is; logicals as true, false
 *	up to 64        [1.0,2.5], [[1,2],[3,4]] in the order of the file
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

/* Append the value of the object at 'addr'.  False, with nothing appended, if
 * MATLAB did not write it, if it is none of the above, cannot be read, is
 * nested more than 4 deep, or if its text would exceed 4,096 bytes. */
bool oq_cells_put(struct oq_h5 *h5, uint64_t addr, struct oq_buf *out);

#endif
