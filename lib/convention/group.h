/* SPDX-License-Identifier: MIT */
/* group.h - the datasets of a group as columns of one table
 *
 * Where nothing says more than that: each dataset that a hard link leads to is
 * a column, if its first axis is the rows.  What is not is left out, and told
 * (struct oq_columns.left_out).  Main thread only.
 */
#ifndef OQ_GROUP_H
#define OQ_GROUP_H

#include <stdint.h>

#include "lib/convention/columns.h"

/* Add the datasets of a group, in the order of their links' names.  The table
 * has as many rows as the 1-D dataset 'rows' of the group has elements; where
 * it is NULL, as all 1-D datasets have, or, if there are none, all others along
 * their first axis.  -ENOENT where there is no such length, or no column. */
int oq_group_columns(struct oq_h5 *h5, uint64_t group, const char *rows,
		     struct oq_columns *c);

#endif
