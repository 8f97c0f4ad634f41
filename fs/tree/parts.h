/* SPDX-License-Identifier: MIT */
/* parts.h - the files in the directory of a csv that is shown in parts
 *
 * Pure functions: any thread.
 */
#ifndef OQFS_PARTS_H
#define OQFS_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "fs/tree/node.h"
#include "lib/base/name.h"

/* How many files a csv of 'rows' rows is cut into, if each has 'part_rows' rows
 * and the last one the rest.  0 if 'part_rows' is 0: the csv is one file. */
uint64_t oqfs_parts_count(uint64_t rows, uint64_t part_rows);

/* Set the name and the node's specification of part 'i' of the csv 'parts'.
 * False if there is no such part. */
bool oqfs_parts_spec(const struct oqfs_node *parts, uint64_t i,
		     char name[OQ_NAME_MAX + 1], struct oqfs_spec *is);

#endif
