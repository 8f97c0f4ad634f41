/* SPDX-License-Identifier: MIT */
/* parts.h - the files of a csv that is a directory of parts
 *
 * Pure functions: any thread.
 */
#ifndef OQFS_PARTS_H
#define OQFS_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "fs/tree/node.h"
#include "lib/base/name.h"

/* How many files a csv of 'rows' rows is in parts of 'part_rows', the last of
 * which may be shorter; 0 where it is one file ('part_rows' is 0). */
uint64_t oqfs_parts_count(uint64_t rows, uint64_t part_rows);

/* Name and number of part 'i' of a csv; false past the last. */
bool oqfs_parts_spec(const struct oqfs_node *parts, uint64_t i,
		     char name[OQ_NAME_MAX + 1], struct oqfs_spec *is);

#endif
