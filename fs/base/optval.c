/* SPDX-License-Identifier: MIT */
/* optval.c - the values of options */

#include "fs/base/optval.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/num.h"
#include "lib/base/views.h"

int oqfs_optval_size(const char *s, uint64_t *out)
{
	static const char units[] = "KMGT";
	char *end;
	const char *unit;
	uint64_t v;

	if (!isdigit((unsigned char)*s))
		return -EINVAL;
	errno = 0;
	v = strtoull(s, &end, 10);
	if (errno)
		return -EINVAL;
	if (!*end) {
		*out = v;
		return 0;
	}
	unit = strchr(units, toupper((unsigned char)*end));
	if (!unit || end[1] ||
	    oq_mul_overflows(v, UINT64_C(1024) << 10 * (unit - units), &v))
		return -EINVAL;
	*out = v;
	return 0;
}

int oqfs_optval_count(const char *s, uint64_t most, unsigned scale,
		      unsigned *out)
{
	uint64_t v;

	if (oqfs_optval_size(s, &v) || v < 1 || v > most)
		return -EINVAL;
	*out = (unsigned)v * scale;
	return 0;
}

/* The view whose word is the first 'n' letters of 's'; OQ_NVIEWS: none. */
static unsigned find_view(const char *s, size_t n)
{
	unsigned v;

	for (v = 0; v < OQ_NVIEWS; v++)
		if (oq_views[v].word && strlen(oq_views[v].word) == n &&
		    strncmp(s, oq_views[v].word, n) == 0)
			break;
	return v;
}

int oqfs_optval_views(const char *s, uint32_t *out)
{
	uint32_t bits = 0;

	while (*s) {
		size_t n = strcspn(s, ":,");
		unsigned v = find_view(s, n);

		if (v == OQ_NVIEWS)
			return -EINVAL;
		bits |= 1U << v;
		s += n;
		s += *s != 0;
	}
	*out = bits;
	return bits ? 0 : -EINVAL;
}

void oqfs_optval_view_words(uint32_t views, char between, struct oq_buf *out)
{
	bool first = true;

	for (unsigned v = 0; v < OQ_NVIEWS; v++) {
		if (!(views >> v & 1) || !oq_views[v].word)
			continue;
		if (!first)
			oq_buf_putc(out, between);
		oq_buf_puts(out, oq_views[v].word);
		first = false;
	}
}

int oqfs_optval_either(const char *s, const char *yes, const char *no,
		       bool *out)
{
	*out = strcmp(s, yes) == 0;
	return *out || strcmp(s, no) == 0 ? 0 : -EINVAL;
}
