/* SPDX-License-Identifier: MIT */
/* timeval.h - the 8-byte times of PyTables
 *
 * PyTables writes its Time64, seconds as a double, as a 64-bit number whose
 * upper half is whole seconds and whose lower half is microseconds, both
 * signed.  Whoever reads elements turns them back into doubles of the same
 * size and byte order, so that only the reading code knows of them.  `bin` and
 * `npy` alone show what is stored: two integers.
 */
#ifndef OQ_TIMEVAL_H
#define OQ_TIMEVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/type/dtype.h"

/* Make an 8-byte time of the usual layout one of these: a float to all who
 * look at it. */
void oq_timeval_make(struct oq_dtype *t);

/* Whether an element has any; not behind pointers. */
bool oq_timeval_has(const struct oq_dtype *t);

/* Turn those of 'n' elements, as they are in the file, into doubles. */
void oq_timeval_turn(const struct oq_dtype *t, void *elems, uint64_t n);

#endif
