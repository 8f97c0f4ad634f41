/* SPDX-License-Identifier: MIT */
/* runs.c - a source each of whose elements is several of another source */

#include "lib/data/runs.h"

#include <errno.h>
#include <stdlib.h>

struct runs {
	struct oq_source base; /* first: a source is its runs */
	struct oq_source *src; /* owned */
	struct oq_dtype *type; /* owned */
	uint64_t each;	       /* elements of 'src' in one */
};

static int read_runs(struct oq_source *s, uint64_t first, size_t n, void *out,
		     struct oq_err *err)
{
	struct runs *r = (struct runs *)s;

	return oq_source_read(r->src, first * r->each, n * r->each, out, err);
}

static void ahead_runs(struct oq_source *s, uint64_t first, uint64_t n)
{
	struct runs *r = (struct runs *)s;

	oq_source_ahead(r->src, first * r->each, n * r->each);
}

static void close_runs(struct oq_source *s)
{
	struct runs *r = (struct runs *)s;

	oq_source_close(r->src);
	oq_dtype_free(r->type);
	free(r);
}

int oq_runs_open(struct oq_source *src, struct oq_dtype *type,
		 struct oq_source **out, struct oq_err *err)
{
	struct runs *r = calloc(1, sizeof(*r));

	if (!r || !type) {
		free(r);
		oq_dtype_free(type);
		oq_source_close(src);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	r->src = src;
	r->type = type;
	r->each = type->size / src->type->size;
	r->base = (struct oq_source){
		.type = type,
		.nelems = src->nelems / r->each,
		.file_off = OQ_NO_ADDR,
		.block_bytes = src->block_bytes,
		.read = read_runs,
		.ahead = ahead_runs,
		.close = close_runs,
	};
	*out = &r->base;
	return 0;
}
