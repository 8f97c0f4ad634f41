/* SPDX-License-Identifier: MIT */
/* txtfile.c - the aligned table as a file
 *
 * A line has a fixed number of bytes and so has each element in it, so a byte
 * is found by division and, within the line of a matrix, by a search.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/file/file.h"
#include "lib/table/txt.h"

/* Elements rendered at once. */
#define RUN_ELEMS 8192

struct txtfile {
	struct oq_file base; /* first: what the caller gets */
	struct oq_source *src;
	struct oq_table *table;
	struct oq_txt *txt;
	struct oq_buf head;
	uint64_t body_bytes;
};

static int txt_size(struct oq_file *s, const struct oq_progress *p,
		    uint64_t *size, struct oq_err *err)
{
	struct txtfile *t = (struct txtfile *)s;

	(void)p;
	(void)err;
	*size = t->head.len + t->body_bytes;
	return 0;
}

/* The element that holds byte 'off' of the body. */
static uint64_t find_elem(const struct txtfile *t, uint64_t off)
{
	uint64_t lo = off / oq_txt_line_bytes(t->txt) * t->table->ncols;
	uint64_t n = t->table->ncols;

	while (n > 1) {
		uint64_t half = n / 2;

		if (oq_txt_elem_off(t->txt, lo + half) <= off)
			lo += half;
		n -= half;
	}
	return lo;
}

/* Render the run from element 'e' on until 'want' bytes from 'skip' on are
 * there or the run is long enough. */
static ssize_t read_run(struct txtfile *t, uint64_t off, size_t want,
			uint8_t *out, struct oq_err *err)
{
	size_t size = t->src->type->size;
	uint64_t first = find_elem(t, off);
	uint64_t last = find_elem(t, off + want - 1);
	uint64_t limit =
		oq_max_u64(1, oq_min_u64(RUN_ELEMS, ((size_t)4 << 20) / size));
	size_t n = oq_min_u64(last - first + 1, limit);
	uint64_t skip = off - oq_txt_elem_off(t->txt, first);
	OQ_BUF struct oq_buf text = { 0 };
	OQ_FREE uint8_t *elems = malloc(n * size);
	int r;

	if (!elems)
		return oq_err_set(err, -ENOMEM, "no memory");
	r = oq_source_read(t->src, first, n, elems, err);
	if (r < 0)
		return r;
	oq_txt_put(t->txt, first, n, elems, &text);
	if (oq_buf_failed(&text))
		return oq_err_set(err, -ENOMEM, "no memory");
	want = oq_min_u64(want, text.len - skip);
	memcpy(out, text.data + skip, want);
	return (ssize_t)want;
}

static ssize_t txt_read(struct oq_file *s, uint64_t off, size_t len,
			uint8_t *out, struct oq_err *err)
{
	struct txtfile *t = (struct txtfile *)s;
	uint64_t size = t->head.len + t->body_bytes;
	size_t done = 0;

	if (off >= size)
		return 0;
	len = oq_min_u64(len, size - off);
	if (off < t->head.len) {
		done = oq_min_u64(len, t->head.len - off);
		memcpy(out, t->head.data + off, done);
	}
	while (done < len) {
		ssize_t n = read_run(t, off + done - t->head.len, len - done,
				     out + done, err);

		if (n < 0)
			return n;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

static void txt_close(struct oq_file *s)
{
	struct txtfile *t = (struct txtfile *)s;

	oq_txt_free(t->txt);
	oq_table_free(t->table);
	oq_source_close(t->src);
	oq_buf_free(&t->head);
	free(t);
}

static int plan(struct txtfile *t, struct oq_err *err)
{
	const struct oq_table *table = t->table;
	uint64_t size;
	int r = oq_txt_new(table, &t->txt, err);

	if (r < 0)
		return r;
	oq_txt_put_header(t->txt, &t->head);
	if (oq_buf_failed(&t->head))
		return oq_err_set(err, -ENOMEM, "no memory");
	if (table->ncols &&
	    oq_mul_overflows(oq_txt_line_bytes(t->txt),
			     table->nelems / table->ncols, &t->body_bytes))
		return oq_err_set(err, -EOVERFLOW, "larger than a file can be");
	if (oq_add_overflows(t->body_bytes, t->head.len, &size) ||
	    size > INT64_MAX)
		return oq_err_set(err, -EOVERFLOW, "larger than a file can be");
	return 0;
}

int oq_txtfile_open(struct oq_source *src, struct oq_table *table,
		    struct oq_file **out, struct oq_err *err)
{
	struct txtfile *t = calloc(1, sizeof(*t));
	int r;

	if (!t) {
		oq_table_free(table);
		oq_source_close(src);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	t->base.size = txt_size;
	t->base.read = txt_read;
	t->base.close = txt_close;
	t->src = src;
	t->table = table;
	r = plan(t, err);
	if (r < 0) {
		txt_close(&t->base);
		return r;
	}
	t->base.held =
		2 * t->head.len + t->table->nfields * sizeof(struct oq_field);
	*out = &t->base;
	return 0;
}
