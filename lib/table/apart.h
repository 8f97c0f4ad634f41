/* SPDX-License-Identifier: MIT */
/* apart.h - no two columns have the same name
 *
 * Most readers of a table want its columns told apart.  Who comes second gets
 * "_1" behind its name, or the smallest number that makes a name that no other
 * column has or asks for:
 *
 *	time, v, time   ->  time, v, time_1
 *	x, x, x_1       ->  x, x_2, x_1
 */
#ifndef OQ_APART_H
#define OQ_APART_H

#include <stddef.h>

/* Change what is not the first of its name among 'names', each of them owned by
 * whom it points to.  Returns 0 or -ENOMEM. */
int oq_tell_apart(char **const *names, size_t n);

#endif
