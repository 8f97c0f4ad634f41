/* SPDX-License-Identifier: MIT */
/* parts.c - the files of a csv that is a directory of parts */

#include "fs/tree/parts.h"

#include <inttypes.h>
#include <stdio.h>

#include "lib/base/name.h"

uint64_t oqfs_parts_count(uint64_t rows, uint64_t part_rows)
{
	if (!part_rows)
		return 0;
	return rows / part_rows + (rows % part_rows != 0);
}

bool oqfs_parts_spec(const struct oqfs_node *parts, uint64_t i,
		     char name[OQ_NAME_MAX + 1], struct oqfs_spec *is)
{
	const struct oqfs_spec *p = &parts->is;
	uint64_t first, last;

	if (i >= oqfs_parts_count(p->rows, p->part_rows))
		return false;
	first = i * p->part_rows; /* < rows, by the line above */
	last = p->rows - first > p->part_rows ? first + p->part_rows : p->rows;
	snprintf(name, OQ_NAME_MAX + 1, "%012" PRIu64 "-%012" PRIu64 ".csv",
		 first, last - 1);
	*is = (struct oqfs_spec){
		.kind = OQFS_NODE_VIEW,
		.gen = p->gen,
		.object = p->object,
		.view = OQ_VIEW_CSV,
		.part = i,
		.size = OQ_WIRE_UNKNOWN,
		.link = p->link,
		.link_len = p->link_len,
	};
	return true;
}
