/* SPDX-License-Identifier: MIT */
/* optval.c - the values of options */

#include "fs/base/optval.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/name.h"
#include "lib/base/num.h"

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

int oqfs_optval_views(const char *s, uint32_t *out)
{
	static const struct {
		const char *name;
		uint32_t bit;
	} known[] = {
		{ "bin", 1U << OQ_VIEW_BIN },	{ "csv", 1U << OQ_VIEW_CSV },
		{ "npy", 1U << OQ_VIEW_NPY },	{ "txt", 1U << OQ_VIEW_TXT },
		{ "meta", 1U << OQ_VIEW_META },
	};
	uint32_t bits = 0;

	while (*s) {
		size_t n = strcspn(s, ":,"), i;

		for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			if (strlen(known[i].name) == n &&
			    strncmp(s, known[i].name, n) == 0)
				break;
		if (i == sizeof(known) / sizeof(known[0]))
			return -EINVAL;
		bits |= known[i].bit;
		s += n;
		s += *s != 0;
	}
	*out = bits;
	return bits ? 0 : -EINVAL;
}

int oqfs_optval_watch(const char *s, bool *out)
{
	*out = strcmp(s, "auto") == 0;
	return *out || strcmp(s, "poll") == 0 ? 0 : -EINVAL;
}
