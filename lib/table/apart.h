/* SPDX-License-Identifier: MIT */
/* apart.h - no two columns have the same name
 *
 * Most readers of a table need a different name for each column.  A second
 * column of the same name gets "_1" behind it, or the smallest number that
 * gives a name which no other column has or starts from:
 *
 *	time, v, time   ->  time, v, time_1
 *	x, x, x_1       ->  x, x_2, x_1
 */
#ifndef OQ_APART_H
#define OQ_APART_H

#include <stddef.h>

/* Rename all but the first of equal names.  'names[i]' is the place where the
 * owner of a name keeps its pointer: a new name from malloc() replaces the old
 * one there, which is freed.  Returns 0 or -ENOMEM. */
int oq_tell_apart(char **const *names, size_t n);

#endif
