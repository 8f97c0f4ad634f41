/* SPDX-License-Identifier: MIT */
/* listed.c - columns that are found by names which are listed somewhere */

#include "lib/convention/listed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/type/value.h"

int oq_listed_names(struct oq_h5 *h5, uint64_t addr, const char *attr,
		    int (*each)(void *ctx, const char *name), void *ctx)
{
	struct oq_attr *list = NULL;
	int r = oq_h5_attr_read(h5, addr, attr, &list, NULL);

	/* A list of nothing may be one of doubles. */
	if (r == 0 && list->nelems && !oq_dtype_is_text(list->type))
		r = -ENOENT;
	for (uint64_t i = 0; r == 0 && i < list->nelems; i++) {
		const uint8_t *elem = list->data;
		size_t n;
		const char *s = oq_value_str(list->type,
					     elem + i * list->type->size, &n);
		OQ_FREE char *name = s ? strndup(s, n) : NULL;

		r = name ? each(ctx, name) : -ENOENT;
	}
	oq_h5_attr_free(list);
	return r;
}
