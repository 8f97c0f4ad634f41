/* SPDX-License-Identifier: MIT */
/* timeval.h - the 8-byte times of PyTables
 *
 * PyTables writes its Time64, seconds as a double, as a 64-bit number whose
 * upper half is whole seconds and whose lower half is microseconds, both
 * signed.  The code that reads elements turns them into doubles of the same
 * size and byte order, so no other code has to know of them.  Only `bin` and
 * `npy` show the two integers that are stored.  Pure.
 */
#ifndef OQ_TIMEVAL_H
#define OQ_TIMEVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/type/dtype.h"

/* Mark a type, an 8-byte time of the usual layout, as one of these: from now on
 * it is a float with 'is_timeval'. */
void oq_timeval_make(struct oq_dtype *t);

/* Whether an element has such times; variable-length parts are not looked at.
 */
bool oq_timeval_has(const struct oq_dtype *t);

/* Turn the times of 'n' elements, as they are in the file, into doubles, in
 * place.  Once only. */
void oq_timeval_turn(const struct oq_dtype *t, void *elems, uint64_t n);

#endif
