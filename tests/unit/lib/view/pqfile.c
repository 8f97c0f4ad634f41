/* SPDX-License-Identifier: MIT */
/* pqfile.c - a table as a Parquet file: any of its bytes, and what they ask */

#include "lib/file/pqfile.h"

#include <endian.h>
#include <errno.h>
#include <stdatomic.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "tests/unit/types.h"

/* Ten row groups and a part of one. */
#define NROWS ((uint64_t)1400000)
#define GROUP ((uint64_t)131072)

/* Pairs of an integer and a float. */
struct pairs {
	struct oq_source src;	     /* first */
	atomic_uint_least64_t nread; /* rows */
	uint64_t bad; /* a row that cannot be had; UINT64_MAX: none */
};

struct world {
	struct oq_env env;
	struct oq_dtype *type;
	struct pairs *pairs; /* the file's */
	struct oq_file *f;
};

static uint32_t number(uint64_t row)
{
	return (uint32_t)(row * 2654435761u);
}

static int read_pairs(struct oq_source *s, uint64_t first, size_t n, void *out,
		      struct oq_err *err)
{
	struct pairs *p = (struct pairs *)s;

	atomic_fetch_add(&p->nread, n);
	if (p->bad - first < n)
		return oq_err_set(err, -EIO, "row %d is bad", (int)p->bad);
	for (size_t i = 0; i < n; i++) {
		uint32_t pair[] = { htole32(number(first + i)),
				    htole32(0x3f800000) };

		memcpy((uint8_t *)out + i * sizeof(pair), pair, sizeof(pair));
	}
	return 0;
}

static void close_pairs(struct oq_source *s)
{
	free(s);
}

static void open_file(struct world *w)
{
	const uint64_t dims[] = { NROWS };
	struct oq_table_spec table = { .name = "x",
				       .type = w->type,
				       .form = OQ_ROWS,
				       .rank = 1,
				       .dims = dims };
	struct oq_pqfile_spec spec = { .env = &w->env };

	w->pairs = zeroed(sizeof(*w->pairs));
	w->pairs->src = (struct oq_source){
		.type = w->type,
		.nelems = NROWS,
		.file_off = OQ_NO_ADDR,
		.block_bytes = 4096,
		.read = read_pairs,
		.close = close_pairs,
	};
	w->pairs->bad = UINT64_MAX;
	spec.src = &w->pairs->src;
	spec.attributes = copy_text("{}");
	assert_int_equal(oq_table_new(&table, &spec.table, NULL), 0);
	assert_int_equal(oq_pqfile_open(&spec, &w->f, NULL), 0);
}

static int setup(void **state)
{
	struct world *w = zeroed(sizeof(*w));

	w->env.nthreads = 3;
	assert_int_equal(oq_pool_new(3, &w->env.pool, NULL), 0);
	w->env.cache = oq_cache_new(64 << 20, w->env.pool);
	w->type = mk_compound(8);
	add_member(w->type, "a", 0, mk_int(4, false, OQ_LE));
	add_member(w->type, "b", 4, mk_float(4, OQ_LE));
	open_file(w);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	oq_file_close(w->f);
	oq_dtype_free(w->type);
	oq_pool_free(w->env.pool);
	oq_cache_free(w->env.cache);
	free(w);
	return 0;
}

/* ---- the tests ---- */

static uint8_t *read_all(struct oq_file *f, uint64_t *size)
{
	uint8_t *all;

	assert_int_equal(f->size(f, NULL, size, NULL), 0);
	all = zeroed(*size);
	for (uint64_t at = 0; at < *size; at += 1 << 20)
		assert_true(f->read(f, at, 1 << 20, all + at, NULL) > 0);
	return all;
}

static void any_range(void **state)
{
	struct world *w = *state;
	uint64_t size, at = 0;
	OQ_FREE uint8_t *all = read_all(w->f, &size);
	uint8_t got[3000];

	assert_memory_equal(all, "PAR1", 4);
	assert_memory_equal(all + size - 4, "PAR1", 4);
	for (uint64_t i = 0; i < 5000; i++) {
		size_t n = i * 7 % sizeof(got);
		uint64_t want = at > size ? 0 : oq_min_u64(n, size - at);

		assert_int_equal(w->f->read(w->f, at, n, got, NULL), want);
		assert_memory_equal(got, all + oq_min_u64(at, size), want);
		at = (at + 2654435761u) % (size + 10);
	}
}

/* Eight bytes of the footer are the least and the greatest of a group. */
static bool has_number(const uint8_t *p, size_t n, uint32_t v)
{
	uint32_t le = htole32(v);

	return memmem(p, n, &le, sizeof(le)) != NULL;
}

static void right_statistics(void **state)
{
	struct world *w = *state;
	uint64_t size;
	OQ_FREE uint8_t *all = read_all(w->f, &size);
	const uint8_t *footer = all + size - 8;
	uint32_t len;

	memcpy(&len, footer, sizeof(len));
	len = le32toh(len);
	footer -= len;
	for (uint64_t first = 0; first < NROWS; first += GROUP) {
		uint32_t min = UINT32_MAX, max = 0;

		for (uint64_t i = first; i < first + GROUP && i < NROWS; i++) {
			min = number(i) < min ? number(i) : min;
			max = number(i) > max ? number(i) : max;
		}
		assert_true(has_number(footer, len, min));
		assert_true(has_number(footer, len, max));
	}
}

static bool stop_it(void *ctx, uint64_t done, uint64_t all)
{
	uint64_t *told = ctx;

	assert_true(done <= all);
	assert_int_equal(all, NROWS);
	return ++*told < 3;
}

static bool go_on(void *ctx, uint64_t done, uint64_t all)
{
	(void)stop_it(ctx, done, all);
	return true;
}

/* The statistics are found before the read that shows them, by who can tell
 * that it goes on; and may be given up, as nobody waits any more. */
static void footer_tells(void **state)
{
	struct world *w = *state;
	uint64_t told = 0, size, nread;
	struct oq_progress stops = { stop_it, &told }, goes = { go_on, &told };
	uint8_t end[4000];

	/* Alone, or others may be done before it is told. */
	w->env.nthreads = 1;
	assert_int_equal(w->f->size(w->f, NULL, &size, NULL), 0);
	assert_int_equal(w->f->ready(w->f, 0, 1 << 20, &stops, NULL), 0);
	assert_int_equal(w->f->ready(w->f, size - 8, 8, &stops, NULL), 0);
	assert_int_equal(w->f->ready(w->f, size, 1, &stops, NULL), 0);
	assert_true(told == 0 && atomic_load(&w->pairs->nread) == 0);

	assert_int_equal(w->f->ready(w->f, 0, size, &stops, NULL), -EINTR);
	assert_int_equal(told, 3);
	assert_true(atomic_load(&w->pairs->nread) < NROWS);

	told = 0;
	assert_int_equal(w->f->ready(w->f, size - sizeof(end), sizeof(end),
				     &goes, NULL),
			 0);
	assert_int_equal(told, NROWS / GROUP + 1);
	nread = atomic_load(&w->pairs->nread);
	assert_true(nread >= NROWS);
	assert_int_equal(w->f->read(w->f, size - sizeof(end), sizeof(end), end,
				    NULL),
			 sizeof(end));
	assert_int_equal(w->f->ready(w->f, 0, size, &goes, NULL), 0);
	assert_int_equal(atomic_load(&w->pairs->nread), nread);
	assert_int_equal(told, NROWS / GROUP + 1);
}

static void bad_rows(void **state)
{
	struct world *w = *state;
	struct oq_err err = { "" };
	uint64_t size;
	uint8_t end[4000];

	w->pairs->bad = 5 * GROUP;
	assert_int_equal(w->f->size(w->f, NULL, &size, NULL), 0);
	assert_int_equal(w->f->read(w->f, 0, sizeof(end), end, NULL),
			 sizeof(end));
	assert_int_equal(w->f->ready(w->f, 0, size, NULL, &err), -EIO);
	assert_string_equal(err.text, "row 655360 is bad");
	assert_int_equal(w->f->read(w->f, size - sizeof(end), sizeof(end), end,
				    NULL),
			 -EIO);
	/* It was not for good. */
	w->pairs->bad = UINT64_MAX;
	assert_int_equal(w->f->read(w->f, size - sizeof(end), sizeof(end), end,
				    NULL),
			 sizeof(end));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_WITH("any range is what the whole has there", any_range,
			  setup, teardown),
		TEST_WITH("each row group tells its least and greatest number",
			  right_statistics, setup, teardown),
		TEST_WITH("the footer is made ready first, and tells",
			  footer_tells, setup, teardown),
		TEST_WITH("rows that cannot be read fail those who need them",
			  bad_rows, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
