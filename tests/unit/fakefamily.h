/* SPDX-License-Identifier: MIT */
/* fakefamily.h - what a reader answers to an OQ_OP_FAMILY */
#ifndef TESTS_FAKEFAMILY_H
#define TESTS_FAKEFAMILY_H

#include <stdbool.h>
#include <string.h>

#include "lib/ipc/wire.h"

/* Is the name one of the 'n' bytes of 'names', each of which has a NUL? */
static bool fake_is_among(const char *names, size_t n, const char *name,
			  size_t len)
{
	for (size_t at = 0; at < n; at += strlen(names + at) + 1)
		if (strlen(names + at) == len &&
		    memcmp(names + at, name, len) == 0)
			return true;
	return false;
}

/* Is there one of the names in the group, of which this is a view? */
static bool fake_is_view(const struct oq_buf *group, const char *names,
			 size_t n, const struct oq_entry *e)
{
	struct oq_cursor l = { (const uint8_t *)group->data, group->len,
			       false };
	struct oq_entry x;

	while (oq_wire_decode_entry(&l, &x) > 0)
		for (unsigned v = 0; v < OQ_NVIEWS; v++) {
			size_t s = strlen(oq_views[v].suffix);

			if (e->name_len == x.name_len + s &&
			    memcmp(e->name, x.name, x.name_len) == 0 &&
			    memcmp(e->name + x.name_len, oq_views[v].suffix,
				   s) == 0 &&
			    fake_is_among(names, n, x.name, x.name_len))
				return true;
		}
	return false;
}

/* Append the entries of 'group' that are of the family of these names. */
static void fake_family(const struct oq_buf *group, const char *names, size_t n,
			struct oq_buf *out)
{
	struct oq_cursor l = { (const uint8_t *)group->data, group->len,
			       false };
	struct oq_entry e;

	while (oq_wire_decode_entry(&l, &e) > 0)
		if (fake_is_among(names, n, e.name, e.name_len) ||
		    fake_is_view(group, names, n, &e))
			oq_wire_put_entry(&e, out);
}

#endif
