/* SPDX-License-Identifier: MIT */
/* group.h - the datasets of a group as columns of one table
 *
 * For conventions that say no more: each dataset that a hard link leads to is a
 * column, if its first axis is the rows.  All other links are noted as left out
 * (struct oq_columns.left_out).  Main thread only.
 */
#ifndef OQ_GROUP_H
#define OQ_GROUP_H

#include <stdint.h>

#include "lib/convention/columns.h"

/* Add the datasets of a group, in the order of their links' names.  The 1-D
 * dataset that is called 'rows' says how many rows the table has.  If 'rows' is
 * NULL it is the length that all 1-D datasets have or, if there are none, that
 * of the first axis of all others.  0; -ENOENT where the length is not said or
 * differs; another negative errno. */
int oq_group_columns(struct oq_h5 *h5, uint64_t group, const char *rows,
		     struct oq_columns *c);

#endif
