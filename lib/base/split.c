/* SPDX-License-Identifier: MIT */
/* split.c - a file name taken apart */

#include "lib/base/split.h"

#include <ctype.h>
#include <string.h>

bool oq_split_suffix(const char *name, unsigned *v, struct oq_split *p)
{
	size_t n = strlen(name);

	for (; *v < OQ_NVIEWS; ++*v) {
		const char *suffix = oq_views[*v].suffix;
		size_t s = strlen(suffix);

		if (n <= s || strcmp(name + n - s, suffix) != 0)
			continue;
		*p = (struct oq_split){ name, n - s, name + n - s,
					(enum oq_view_kind) * v, false };
		++*v;
		return true;
	}
	return false;
}

bool oq_split_bracket(const char *name, struct oq_split *p)
{
	unsigned v = 0;

	while (oq_split_suffix(name, &v, p))
		if (p->stem_len && name[p->stem_len - 1] == ']')
			return true;
	return false;
}

bool oq_split_slice(struct oq_split *p, size_t end, size_t *at)
{
	for (size_t open = *at ? *at - 1 : end; open > 0; open--) {
		if (p->name[open] != '[')
			continue;
		p->stem_len = open;
		p->tail = p->name + open;
		*at = open;
		return strlen(p->tail) <= OQ_SPLIT_MAX_TAIL;
	}
	return false;
}

size_t oq_split_unnumbered(const char *stem, size_t len)
{
	size_t n = len;

	while (n && isdigit((unsigned char)stem[n - 1]))
		n--;
	return n > 1 && n < len && stem[n - 1] == '~' ? n - 1 : 0;
}

bool oq_split_ends(char c)
{
	for (unsigned v = 0; v < OQ_NVIEWS; v++) {
		size_t n = strlen(oq_views[v].suffix);

		if (n && oq_views[v].suffix[n - 1] == c)
			return true;
	}
	return false;
}
