/* SPDX-License-Identifier: MIT */
/* widened.c - a source whose numbers are those that NumPy has */

#include "lib/data/widened.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/type/widen.h"

/* Elements read at once. */
#define RUN_BYTES ((size_t)1 << 18)

struct widened {
	struct oq_source base; /* first: a source is its widened one */
	struct oq_source *src;
};

static int read_widened(struct oq_source *s, uint64_t first, size_t n,
			void *out, struct oq_err *err)
{
	struct oq_source *src = ((struct widened *)s)->src;
	size_t size = src->type->size;
	size_t run = oq_min_u64(n, oq_max_u64(1, RUN_BYTES / size));
	OQ_FREE uint8_t *stored = malloc(run * size);
	uint8_t *to = out;
	int r = stored ? 0 : oq_err_set(err, -ENOMEM, "no memory");

	for (size_t done = 0; !r && done < n; done += run) {
		run = oq_min_u64(run, n - done);
		r = oq_source_read(src, first + done, run, stored, err);
		for (size_t i = 0; !r && i < run; i++, to += s->type->size)
			oq_widen(src->type, s->type, stored + i * size, to);
	}
	return r;
}

static void ahead_widened(struct oq_source *s, uint64_t first, uint64_t n)
{
	oq_source_ahead(((struct widened *)s)->src, first, n);
}

static void close_widened(struct oq_source *s)
{
	struct widened *w = (struct widened *)s;

	oq_widen_free(s->type, w->src->type);
	oq_source_close(w->src);
	free(w);
}

int oq_widened_open(struct oq_source *src, struct oq_source **out,
		    struct oq_err *err)
{
	const struct oq_dtype *type = oq_widen_type(src->type);
	struct widened *w;

	if (type == src->type) {
		*out = src;
		return 0;
	}
	w = calloc(1, sizeof(*w));
	if (!type || !w) {
		oq_widen_free(type, src->type);
		free(w);
		oq_source_close(src);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	w->src = src;
	w->base = (struct oq_source){
		.type = type,
		.nelems = src->nelems,
		.file_off = OQ_NO_ADDR,
		.block_bytes = src->block_bytes,
		.read = read_widened,
		.ahead = ahead_widened,
		.close = close_widened,
	};
	*out = &w->base;
	return 0;
}
