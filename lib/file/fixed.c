/* SPDX-License-Identifier: MIT */
/* fixed.c - views of fixed-width records: bin and npy */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array/records.h"
#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/file/file.h"
#include "lib/work/readahead.h"

/* An element of this many bytes is kept in the cache while it is read piece
 * by piece. */
#define HUGE_BYTES ((size_t)32 << 10)

struct fixed {
	struct oq_file base;	 /* first: what the caller gets */
	struct oq_filler filler; /* of huge elements */
	const struct oq_env *env;
	struct oq_source *src;
	struct oq_buf head;
	struct oq_records view;
	struct oq_readahead trend;
};

static int fixed_size(struct oq_file *s, const struct oq_progress *p,
		      uint64_t *size, struct oq_err *err)
{
	(void)p;
	(void)err;
	*size = ((struct fixed *)s)->view.size;
	return 0;
}

static int fill(const struct oq_filler *filler, uint64_t i, uint8_t **data,
		size_t *len, struct oq_err *err)
{
	struct fixed *f = (struct fixed *)((uintptr_t)filler -
					   offsetof(struct fixed, filler));
	size_t size = f->src->type->size;
	OQ_FREE uint8_t *elem = malloc(size);
	int r;

	if (!elem)
		return oq_err_set(err, -ENOMEM, "no memory for an element");
	r = oq_source_read(f->src, i, 1, elem, err);
	if (r < 0)
		return r;
	*data = oq_steal(&elem);
	*len = size;
	return 0;
}

/* 'n' bytes of one record, from 'skip' on. */
static int read_piece(struct fixed *f, uint64_t rec, size_t skip, size_t n,
		      uint8_t *out, struct oq_err *err)
{
	uint8_t small[HUGE_BYTES];
	struct oq_block b = { .data = small };
	int r;

	if (f->src->type->size <= HUGE_BYTES)
		r = oq_source_read(f->src, rec, 1, small, err);
	else
		r = oq_cache_get(f->env->cache, &f->filler, rec, &b, err);
	if (r == 0)
		memcpy(out, b.data + skip, n);
	oq_cache_put(f->env->cache, &b);
	return r;
}

/* 'len' bytes that start 'skip' bytes into record 'rec': a piece of the first
 * record, whole ones straight to where they belong, a piece of the last. */
static int read_records(struct fixed *f, uint64_t rec, size_t skip,
			uint8_t *out, size_t len, struct oq_err *err)
{
	size_t size = f->src->type->size;
	size_t whole;
	int r = 0;

	if (skip) {
		size_t n = oq_min_u64(len, size - skip);

		r = read_piece(f, rec, skip, n, out, err);
		rec++;
		out += n;
		len -= n;
	}
	whole = len / size;
	if (r == 0 && whole)
		r = oq_source_read(f->src, rec, whole, out, err);
	if (r == 0 && len % size)
		r = read_piece(f, rec + whole, 0, len % size,
			       out + whole * size, err);
	return r;
}

static ssize_t fixed_read(struct oq_file *s, uint64_t off, size_t len,
			  uint8_t *out, struct oq_err *err)
{
	struct fixed *f = (struct fixed *)s;
	struct oq_span span;
	size_t size = f->src->type->size;
	uint64_t ahead;
	int r = 0;

	len = oq_records_span(&f->view, off, len, &span);
	if (span.head_len)
		memcpy(out, f->head.data + span.head_off, span.head_len);
	if (!span.nrecs)
		return (ssize_t)len;
	/* Before reading, so that others decode what follows meanwhile. */
	ahead = oq_readahead_note(&f->trend, span.first, span.nrecs,
				  f->src->block_bytes / size);
	if (ahead)
		oq_source_ahead(f->src, span.first, span.nrecs + ahead);
	r = read_records(f, span.first, span.skip, out + span.head_len,
			 len - span.head_len, err);
	return r < 0 ? r : (ssize_t)len;
}

static void fixed_close(struct oq_file *s)
{
	struct fixed *f = (struct fixed *)s;

	oq_cache_forget(f->env->cache, &f->filler);
	oq_source_close(f->src);
	oq_buf_free(&f->head);
	free(f);
}

int oq_fixed_open(const struct oq_env *env, struct oq_source *src,
		  struct oq_buf *head, struct oq_file **out, struct oq_err *err)
{
	struct fixed *f = calloc(1, sizeof(*f));
	int r;

	if (!f || oq_buf_failed(head)) {
		free(f);
		oq_buf_free(head);
		oq_source_close(src);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	f->base.size = fixed_size;
	f->base.read = fixed_read;
	f->base.close = fixed_close;
	f->env = env;
	f->filler.owner = oq_cache_owner(env->cache);
	f->filler.fill = fill;
	f->src = src;
	src->is_read_once = true;
	f->head = *head;
	*head = (struct oq_buf){ 0 };
	r = oq_records_init(&f->view, f->head.len, src->type->size,
			    src->nelems);
	if (r < 0) {
		fixed_close(&f->base);
		return oq_err_set(err, r, "larger than a file can be");
	}
	if (src->file_off != OQ_NO_ADDR && src->nelems) {
		f->base.ext_at = f->head.len;
		f->base.ext_off = src->file_off;
		f->base.ext_len = f->view.size - f->head.len;
	}
	*out = &f->base;
	return 0;
}
