/* SPDX-License-Identifier: MIT */
/* textfile.c - a text of rows: its size and any of its bytes, by any number */

#include "lib/file/textfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"

#define TEST(sentence, fn)                          \
	{                                           \
		sentence, fn, setup, teardown, NULL \
	}

/* Rows of some bytes each, of which every third has none. */
struct rows {
	struct oq_text text; /* first */
	atomic_uint nrendered, nprepared, nmeasured;
	uint64_t bad;	    /* a row that cannot be had; UINT64_MAX: none */
	int prepare;	    /* what preparing returns */
	atomic_bool longer; /* rows have more bytes than before */
	bool *closed;
};

struct world {
	struct oq_env env;
	bool closed;
};

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	w->env.nthreads = 3;
	assert_int_equal(oq_pool_new(3, &w->env.pool, NULL), 0);
	w->env.cache = oq_cache_new(1 << 20, w->env.pool);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	oq_pool_free(w->env.pool);
	oq_cache_free(w->env.cache);
	free(w);
	return 0;
}

static void put_row(uint64_t i, struct oq_buf *out)
{
	if (i % 3 != 2)
		oq_buf_printf(out, "%" PRIu64 ",%.*s\r\n", i * i, (int)(i % 7),
			      "abcdefg");
}

static int render(struct oq_text *t, uint64_t first, size_t n,
		  struct oq_buf *out, struct oq_err *err)
{
	struct rows *r = (struct rows *)t;

	atomic_fetch_add(&r->nrendered, 1);
	if (r->bad - first < n)
		return oq_err_set(err, -EIO, "row %" PRIu64 " is bad", r->bad);
	for (uint64_t i = first; i < first + n; i++)
		put_row(i, out);
	if (atomic_load(&r->longer))
		oq_buf_putc(out, '!');
	return 0;
}

static int measure(struct oq_text *t, uint64_t first, size_t n,
		   uint64_t *nbytes, struct oq_err *err)
{
	struct rows *r = (struct rows *)t;
	OQ_BUF struct oq_buf out = { 0 };
	int rc = render(t, first, n, &out, err);

	atomic_fetch_sub(&r->nrendered, 1);
	atomic_fetch_add(&r->nmeasured, 1);
	*nbytes = out.len;
	return rc;
}

static int prepare(struct oq_text *t, const struct oq_progress *p,
		   struct oq_err *err)
{
	struct rows *r = (struct rows *)t;

	(void)p;
	atomic_fetch_add(&r->nprepared, 1);
	return r->prepare ? oq_err_set(err, r->prepare, "not now") : 0;
}

static void close_rows(struct oq_text *t)
{
	struct rows *r = (struct rows *)t;

	*r->closed = true;
	free(r);
}

static struct rows *rows_new(struct world *w, uint64_t nrows,
			     uint64_t block_rows)
{
	struct rows *r = calloc(1, sizeof(*r));

	r->text = (struct oq_text){
		.nrows = nrows,
		.block_rows = block_rows,
		.render = render,
		.close = close_rows,
	};
	oq_buf_puts(&r->text.head, "#,comment\r\nn,text\r\n");
	r->bad = UINT64_MAX;
	r->closed = &w->closed;
	return r;
}

static struct oq_file *open_rows(struct world *w, struct rows *r)
{
	struct oq_file *f;

	assert_int_equal(oq_textfile_open(&w->env, &r->text, &f, NULL), 0);
	return f;
}

static void put_all(uint64_t nrows, struct oq_buf *out)
{
	oq_buf_puts(out, "#,comment\r\nn,text\r\n");
	for (uint64_t i = 0; i < nrows; i++)
		put_row(i, out);
}

/* Read [off, off + len) and hold it against the whole. */
static void expect(struct oq_file *f, const struct oq_buf *all, uint64_t off,
		   size_t len)
{
	OQ_FREE uint8_t *got = malloc(len + 1);
	size_t want = off >= all->len	     ? 0
		      : len < all->len - off ? len
					     : all->len - off;

	assert_int_equal(f->read(f, off, len, got, NULL), want);
	if (want)
		assert_memory_equal(got, all->data + off, want);
}

/* ---- the tests ---- */

static void any_range(void **state)
{
	static const uint64_t blocks[] = { 1, 2, 3, 10, 1000 };
	struct world *w = *state;

	for (uint64_t nrows = 0; nrows < 40; nrows += 13) {
		for (size_t b = 0; b < sizeof(blocks) / sizeof(*blocks); b++) {
			OQ_BUF struct oq_buf all = { 0 };
			struct oq_file *f =
				open_rows(w, rows_new(w, nrows, blocks[b]));
			uint64_t size;

			put_all(nrows, &all);
			assert_int_equal(f->size(f, NULL, &size, NULL), 0);
			assert_int_equal(size, all.len);
			for (size_t off = 0; off <= all.len + 1; off += 3)
				for (size_t n = 0; n <= all.len + 1; n += 7)
					expect(f, &all, off, n);
			oq_file_close(f);
			assert_true(w->closed);
		}
	}
}

/* Kept while it was measured, a small text is rendered once; a large one is
 * only measured, by what knows lengths. */
static void rendered_once(void **state)
{
	struct world *w = *state;
	struct rows *r = rows_new(w, 1000, 100);
	OQ_BUF struct oq_buf all = { 0 };
	struct oq_file *f;
	uint64_t size;

	r->text.measure = measure;
	f = open_rows(w, r);
	put_all(1000, &all);
	assert_int_equal(f->size(f, NULL, &size, NULL), 0);
	expect(f, &all, 0, all.len);
	/* And the first block, to see how large they are. */
	assert_int_equal(atomic_load(&r->nrendered), 11);
	assert_int_equal(atomic_load(&r->nmeasured), 0);
	oq_file_close(f);

	oq_cache_set_budget(w->env.cache, 1000);
	r = rows_new(w, 1000, 100);
	r->text.measure = measure;
	f = open_rows(w, r);
	assert_int_equal(f->size(f, NULL, &size, NULL), 0);
	assert_int_equal(size, all.len);
	assert_int_equal(atomic_load(&r->nmeasured), 10);
	assert_int_equal(atomic_load(&r->nrendered), 1);
	expect(f, &all, 0, all.len);
	oq_file_close(f);
}

static void prepared_once(void **state)
{
	struct world *w = *state;
	struct rows *r = rows_new(w, 10, 3);
	struct oq_err err = { "" };
	struct oq_file *f;
	uint64_t size;

	r->text.prepare = prepare;
	r->prepare = -EFBIG;
	f = open_rows(w, r);
	assert_int_equal(f->size(f, NULL, &size, &err), -EFBIG);
	assert_string_equal(err.text, "not now");
	assert_int_equal(atomic_load(&r->nrendered), 0);
	r->prepare = 0;
	assert_int_equal(f->size(f, NULL, &size, NULL), 0);
	assert_int_equal(f->size(f, NULL, &size, NULL), 0);
	assert_int_equal(atomic_load(&r->nprepared), 2);
	oq_file_close(f);
}

static void bad_rows(void **state)
{
	struct world *w = *state;
	struct rows *r = rows_new(w, 100, 10);
	OQ_BUF struct oq_buf all = { 0 };
	struct oq_err err = { "" };
	struct oq_file *f;
	uint64_t size;
	uint8_t byte;

	r->bad = 55;
	f = open_rows(w, r);
	assert_int_equal(f->size(f, NULL, &size, &err), -EIO);
	assert_string_equal(err.text, "row 55 is bad");
	assert_int_equal(f->read(f, 0, 1, &byte, NULL), -EIO);
	/* It was not for good. */
	r->bad = UINT64_MAX;
	put_all(100, &all);
	expect(f, &all, 0, all.len);
	oq_file_close(f);
}

/* Never a byte of another place. */
static void changed_text(void **state)
{
	struct world *w = *state;
	struct rows *r = rows_new(w, 1000, 10);
	struct oq_err err = { "" };
	struct oq_file *f;
	uint64_t size;
	uint8_t byte;

	oq_cache_set_budget(w->env.cache, 1);
	f = open_rows(w, r);
	assert_int_equal(f->size(f, NULL, &size, NULL), 0);
	atomic_store(&r->longer, true);
	assert_int_equal(f->read(f, size - 1, 1, &byte, &err), -EIO);
	assert_string_equal(err.text, "the data changed while read");
	oq_file_close(f);
}

static bool stop_it(void *ctx, uint64_t done, uint64_t all)
{
	uint64_t *told = ctx;

	assert_true(done <= all);
	assert_int_equal(all, 1000);
	return ++*told < 3;
}

static void cancelled(void **state)
{
	struct world *w = *state;
	struct rows *r = rows_new(w, 3000, 1);
	uint64_t told = 0, size;
	struct oq_progress p = { stop_it, &told };
	struct oq_file *f;

	/* Alone, or others may be done before it is told. */
	w->env.nthreads = 1;
	r->text.per_line = 3;
	f = open_rows(w, r);
	assert_int_equal(f->size(f, &p, &size, NULL), -EINTR);
	assert_int_equal(told, 3);
	assert_true(atomic_load(&r->nrendered) < 3000);
	assert_int_equal(f->size(f, NULL, &size, NULL), 0);
	oq_file_close(f);
}

struct asker {
	pthread_t thread;
	struct oq_file *f;
	const struct oq_buf *all;
	unsigned seed;
	bool failed;
};

static void *run_asker(void *arg)
{
	struct asker *a = arg;
	uint8_t got[500];

	for (int i = 0; i < 300; i++) {
		uint64_t off = (unsigned)rand_r(&a->seed) % a->all->len;
		ssize_t n = a->f->read(a->f, off, sizeof(got), got, NULL);

		a->failed |= n <= 0 ||
			     memcmp(got, a->all->data + off, (size_t)n) != 0;
	}
	return NULL;
}

static void many_at_once(void **state)
{
	struct world *w = *state;
	struct rows *r = rows_new(w, 20000, 50);
	OQ_BUF struct oq_buf all = { 0 };
	struct asker askers[6] = { { .seed = 0 } };
	struct oq_file *f;

	oq_cache_set_budget(w->env.cache, 20000);
	r->text.prepare = prepare;
	f = open_rows(w, r);
	put_all(20000, &all);
	for (unsigned i = 0; i < 6; i++) {
		askers[i] = (struct asker){ .f = f, .all = &all, .seed = i };
		assert_int_equal(pthread_create(&askers[i].thread, NULL,
						run_asker, &askers[i]),
				 0);
	}
	for (unsigned i = 0; i < 6; i++) {
		pthread_join(askers[i].thread, NULL);
		assert_false(askers[i].failed);
	}
	assert_int_equal(atomic_load(&r->nprepared), 1);
	oq_file_close(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("any range of bytes is that of the whole", any_range),
		TEST("a small text is rendered once, a large one measured",
		     rendered_once),
		TEST("what it takes is prepared once, again after a failure",
		     prepared_once),
		TEST("a row that cannot be had is an error, not for good",
		     bad_rows),
		TEST("a text that is another than was measured is an error",
		     changed_text),
		TEST("measuring ends when nobody waits any more", cancelled),
		TEST("many read at once", many_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
