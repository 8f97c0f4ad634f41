/* SPDX-License-Identifier: MIT */
/* parquet.c - a Parquet file: what it says, and where each byte of it is */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/make/pqfile.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define TEST(sentence, fn)                     \
	{                                      \
		sentence, fn, NULL, NULL, NULL \
	}

/* The buffer holds exactly these bytes; it is emptied for the next. */
#define ASSERT_BYTES(b, ...)                                         \
	do {                                                         \
		const uint8_t want_[] = { __VA_ARGS__ };             \
		assert_int_equal((b).len, sizeof(want_));            \
		assert_memory_equal((b).data, want_, sizeof(want_)); \
		(b).len = 0;                                         \
	} while (0)

/* ---- Thrift ---- */

static void fields_are_told_by_what_is_between(void **state)
{
	OQ_BUF struct oq_buf b = { 0 };
	struct oq_thrift t = { .out = &b };

	(void)state;
	oq_thrift_bool(&t, 1, true);
	oq_thrift_bool(&t, 3, false);
	oq_thrift_i8(&t, 4, -1);
	oq_thrift_i16(&t, 5, -2);
	oq_thrift_i32(&t, 21, 64); /* too far: its number in full */
	oq_thrift_i64(&t, 22, INT64_MIN);
	oq_thrift_string(&t, 23, "ab");
	oq_thrift_close(&t);
	assert_int_equal(t.nbytes, b.len);
	ASSERT_BYTES(b, 0x11, 0x22, 0x13, 0xff, 0x14, 0x03, 0x05, 0x2a, 0x80,
		     0x01, 0x16, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		     0xff, 0x01, 0x18, 0x02, 'a', 'b', 0x00);
}

static void a_struct_counts_its_own_fields(void **state)
{
	OQ_BUF struct oq_buf b = { 0 };
	struct oq_thrift t = { .out = &b };

	(void)state;
	oq_thrift_open(&t, 7);
	oq_thrift_i32(&t, 1, 1);
	oq_thrift_empty(&t, 2);
	oq_thrift_close(&t);
	oq_thrift_i32(&t, 8, 0);
	oq_thrift_close(&t);
	ASSERT_BYTES(b, 0x7c, 0x15, 0x02, 0x1c, 0x00, 0x00, 0x15, 0x00, 0x00);
}

static void a_list_says_its_length(void **state)
{
	OQ_BUF struct oq_buf b = { 0 };
	struct oq_thrift t = { .out = &b };

	(void)state;
	oq_thrift_list(&t, 1, OQ_THRIFT_I32, 2);
	oq_thrift_item_i32(&t, -1);
	oq_thrift_item_i32(&t, 1);
	oq_thrift_list(&t, 2, OQ_THRIFT_BINARY, 1);
	oq_thrift_item_string(&t, "x");
	oq_thrift_list(&t, 3, OQ_THRIFT_STRUCT, 300);
	ASSERT_BYTES(b, 0x19, 0x25, 0x01, 0x02, 0x19, 0x18, 0x01, 'x', 0x19,
		     0xfc, 0xac, 0x02);
}

/* ---- values ---- */

static struct oq_pqcells cells_of(const void *p, size_t nbytes, bool is_big,
				  bool is_signed)
{
	return (struct oq_pqcells){ p, nbytes, nbytes, is_big, is_signed };
}

static void integers_are_widened(void **state)
{
	const struct oq_pqcol i32 = { .type = OQ_PQ_INT8 };
	const struct oq_pqcol u64 = { .type = OQ_PQ_UINT64 };
	const uint8_t in[] = { 0x80, 0x01, 0xff, 0xfe };
	struct oq_pqcells c = cells_of(in, 1, false, true);
	uint8_t out[32];

	(void)state;
	oq_pqbody_numbers(&i32, &c, 2, out);
	assert_memory_equal(out, "\x80\xff\xff\xff\x01\0\0\0", 8);
	c.is_signed = false;
	oq_pqbody_numbers(&i32, &c, 2, out);
	assert_memory_equal(out, "\x80\0\0\0\x01\0\0\0", 8);
	c = cells_of(in, 2, true, true);
	oq_pqbody_numbers(&i32, &c, 2, out);
	assert_memory_equal(out, "\x01\x80\xff\xff\xfe\xff\xff\xff", 8);
	c = cells_of(in, 3, true, false);
	oq_pqbody_numbers(&u64, &c, 1, out);
	assert_memory_equal(out, "\xff\x01\x80\0\0\0\0\0", 8);
	c = cells_of(in, 4, true, false);
	oq_pqbody_numbers(&i32, &c, 1, out);
	assert_memory_equal(out, "\xfe\xff\x01\x80", 4);
}

/* More than are loaded at once, of every width, order and sign, at a stride. */
static void every_number_is_loaded(void **state)
{
	enum { N = 600 };
	static uint8_t in[N * 11];
	static uint64_t got[N];

	(void)state;
	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)pq_mix(9, i);
	for (unsigned kind = 0; kind < 8 * 4; kind++) {
		struct oq_pqcells c = { in, 11, 1 + kind / 4, kind & 1,
					kind & 2 };

		oq_pqcells_load(&c, 3, N - 3, got);
		for (size_t i = 3; i < N; i++) {
			const uint8_t *p = in + i * 11;
			size_t top = c.is_big ? 0 : c.nbytes - 1;
			bool minus = c.is_signed && p[top] & 0x80;
			uint64_t want = minus ? UINT64_MAX : 0;

			for (size_t k = 0; k < c.nbytes; k++)
				want = want << 8 |
				       p[c.is_big ? k : c.nbytes - 1 - k];
			assert_true(got[i - 3] == want);
		}
	}
}

static void numbers_are_taken_out_of_elements(void **state)
{
	const struct oq_pqcol types[] = { { .type = OQ_PQ_INT32 },
					  { .type = OQ_PQ_DOUBLE },
					  { .type = OQ_PQ_FIXED, .width = 5 } };
	uint8_t in[64], out[64];

	(void)state;
	for (unsigned i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)i;
	for (size_t t = 0; t < COUNT(types); t++) {
		size_t n = oq_pqcol_width(&types[t]);
		struct oq_pqcells c = { in + 1, 13, n, false, false };

		oq_pqbody_numbers(&types[t], &c, 4, out);
		for (size_t i = 0; i < 4; i++)
			assert_memory_equal(out + i * n, in + 1 + i * 13, n);
	}
}

/* What a float of 2 bytes is worth, by its definition. */
static float half_value(unsigned h)
{
	int exp = (int)(h >> 10 & 0x1f);
	float man = (float)(h & 0x3ff);
	float v = exp ? ldexpf(1024 + man, exp - 25) : ldexpf(man, -24);

	if (exp == 31)
		v = h & 0x3ff ? NAN : INFINITY;
	return h & 0x8000 ? -v : v;
}

static void every_short_float_keeps_its_value(void **state)
{
	const struct oq_pqcol col = { .type = OQ_PQ_FLOAT };

	(void)state;
	for (unsigned h = 0; h < 0x10000; h++) {
		const uint8_t big[] = { (uint8_t)(h >> 8), (uint8_t)h };
		const uint8_t little[] = { (uint8_t)h, (uint8_t)(h >> 8) };
		struct oq_pqcells b = cells_of(big, 2, true, false);
		struct oq_pqcells l = cells_of(little, 2, false, false);
		float from_big, got, want = half_value(h);

		oq_pqbody_numbers(&col, &b, 1, (uint8_t *)&from_big);
		oq_pqbody_numbers(&col, &l, 1, (uint8_t *)&got);
		assert_memory_equal(&from_big, &got, sizeof(got));
		assert_int_equal(!!signbit(got), h >> 15);
		if (isnan(want))
			assert_true(isnan(got));
		else
			assert_true(got == want);
	}
}

static void numbers_of_texts_are_packed_bit_by_bit(void **state)
{
	uint32_t in[40];
	uint8_t out[40 * 4];

	(void)state;
	for (unsigned bits = 1; bits <= 31; bits++)
		for (size_t n = 0; n <= COUNT(in); n++) {
			size_t padded = (n + 7) / 8 * 8;

			for (size_t i = 0; i < n; i++)
				in[i] = (uint32_t)pq_mix(bits, i) >>
					(32 - bits);
			memset(out, 0xa5, sizeof(out));
			oq_pqbody_pack(in, n, bits, out);
			for (size_t i = 0; i < padded * bits; i++)
				assert_int_equal(
					out[i / 8] >> i % 8 & 1,
					i / bits < n
						? in[i / bits] >> i % bits & 1
						: 0);
			if (padded < COUNT(in))
				assert_int_equal(out[padded * bits / 8], 0xa5);
		}
}

static void bools_are_bits(void **state)
{
	const uint8_t in[] = { 1, 0, 2, 0, 0, 255, 0, 0, 0, 1 };
	struct oq_pqcells c = cells_of(in, 1, false, false);
	uint8_t out[2];

	(void)state;
	oq_pqbody_bools(&c, COUNT(in), out);
	assert_memory_equal(out, "\x25\x02", 2);
}

static void levels_say_what_is_there(void **state)
{
	const uint64_t lens[] = { 2, 0, 3, 1, 0, 2 };
	const bool nulls[] = { false, true, false };
	OQ_BUF struct oq_buf b = { 0 };

	(void)state;
	/* 10 values: 01 0 011 0 0 01, then 11 0 111 1 0 11. */
	oq_pqbody_put_lists(lens, COUNT(lens), &b);
	ASSERT_BYTES(b, 3, 0, 0, 0, 5, 0x32, 0x02, 3, 0, 0, 0, 5, 0x7b, 0x03);
	oq_pqbody_put_nulls(nulls, COUNT(nulls), &b);
	ASSERT_BYTES(b, 2, 0, 0, 0, 3, 0x05);
}

static void statistics_know_signs(void **state)
{
	const struct oq_pqcol s = { .type = OQ_PQ_INT16, .has_stats = true };
	const uint8_t in[] = { 0xff, 0xff, 0x05, 0x00, 0x00, 0x80 };
	struct oq_pqcells c = cells_of(in, 2, false, true);
	struct oq_pqstat r = oq_pqstat_of(&c, 3);
	struct oq_pqstat more = { 9, 9 };

	(void)state;
	assert_true((int64_t)r.min == -32768 && r.max == 5);
	oq_pqstat_join(&s, &r, &more);
	assert_true((int64_t)r.min == -32768 && r.max == 9);
	more.min = (uint64_t)-40000;
	oq_pqstat_join(&s, &r, &more);
	assert_true((int64_t)r.min == -40000 && r.max == 9);
	c.is_signed = false;
	r = oq_pqstat_of(&c, 3);
	assert_true(r.min == 5 && r.max == 65535);
}

/* Number 'i' of bytes made by chance, said anew: no bit is shared with the
 * code under test. */
__extension__ typedef __int128 wide;

static wide number_at(const struct oq_pqcells *c, size_t i)
{
	wide v = 0;

	for (size_t k = 0; k < c->nbytes; k++) {
		size_t at = c->is_big ? k : c->nbytes - 1 - k;

		v = v * 256 + c->p[i * c->stride + at];
	}
	if (c->is_signed && v >> (8 * c->nbytes - 1))
		v -= (wide)1 << 8 * c->nbytes;
	return v;
}

/* Of every width, sign and order, packed and not, of lengths around what is
 * looked at at once; with the ends of the range at every place. */
static void statistics_are_those_of_all_numbers(void **state)
{
	enum { MOST = 300 };
	uint8_t in[MOST * 11];
	uint32_t x = 1;

	(void)state;
	for (unsigned kind = 0; kind < 8 * 2 * 2 * 2 * 40; kind++) {
		size_t nbytes = kind % 8 + 1, n = 1 + kind / 64;
		bool is_signed = kind & 8, is_big = kind & 16;
		struct oq_pqcells c = { in, nbytes + (kind & 32 ? 3 : 0),
					nbytes, is_big, is_signed };
		wide min, max;
		struct oq_pqstat got;

		n = n > 36 ? n * 7 : n;
		for (size_t i = 0; i < sizeof(in); i++) {
			x = x * 1664525 + 1013904223;
			in[i] = (uint8_t)(kind % 3  ? x >> 24
					  : x >> 31 ? 255
						    : 0);
		}
		min = max = number_at(&c, 0);
		for (size_t i = 1; i < n; i++) {
			wide v = number_at(&c, i);

			min = v < min ? v : min;
			max = v > max ? v : max;
		}
		got = oq_pqstat_of(&c, n);
		assert_true(got.min == (uint64_t)min);
		assert_true(got.max == (uint64_t)max);
	}
}

/* ---- schemas ---- */

static int check(struct oq_pqcol c)
{
	const struct oq_pqschema s = { .cols = &c, .ncols = 1 };

	c.name = "x";
	return oq_pqschema_check(&s, NULL);
}

static void what_parquet_cannot_say_is_refused(void **state)
{
	static const char *const texts[] = { "a" };
	const struct oq_pqcol one = { .name = "x" };
	struct oq_pqschema s = { .cols = &one, .ncols = 1 };

	(void)state;
	assert_int_equal(oq_pqschema_check(&s, NULL), 0);
	s.page_rows = 12;
	assert_int_equal(oq_pqschema_check(&s, NULL), -EINVAL);
	s.page_rows = 4;
	assert_int_equal(oq_pqschema_check(&s, NULL), -EINVAL);
	s.page_rows = s.ncols = 0;
	assert_int_equal(oq_pqschema_check(&s, NULL), -EINVAL);
#define CHECK(...) check((struct oq_pqcol){ __VA_ARGS__ })
	assert_int_equal(CHECK(.type = OQ_PQ_FIXED), -EINVAL);
	assert_int_equal(CHECK(.type = OQ_PQ_FIXED, .width = 1u << 31),
			 -EINVAL);
	assert_int_equal(CHECK(.type = OQ_PQ_FIXED, .width = INT32_MAX), 0);
	assert_int_equal(CHECK(.type = OQ_PQ_INT8, .dict = texts, .ndict = 1),
			 -EINVAL);
	assert_int_equal(CHECK(.type = OQ_PQ_STRING, .dict = texts), -EINVAL);
	assert_int_equal(CHECK(.type = OQ_PQ_STRING, .dict = texts, .ndict = 1),
			 0);
	assert_int_equal(CHECK(.type = OQ_PQ_BINARY, .dict = texts, .ndict = 1),
			 0);
	assert_int_equal(CHECK(.type = OQ_PQ_STRING, .dict = texts, .ndict = 1,
			       .nest = OQ_PQ_LIST),
			 -EINVAL);
	assert_int_equal(CHECK(.type = OQ_PQ_FLOAT, .has_stats = true),
			 -EINVAL);
	assert_int_equal(CHECK(.type = OQ_PQ_INT8, .has_stats = true,
			       .nest = OQ_PQ_NULLABLE),
			 -EINVAL);
	assert_int_equal(CHECK(.type = OQ_PQ_MICROS, .has_stats = true), 0);
}

/* ---- files ---- */

/* The whole file, piece by piece; each is where the one before ends, and is
 * found by its first and its last byte. */
static void read_whole(const struct pqfile *f, struct oq_buf *out)
{
	struct oq_pqpiece p, q;
	bool more = oq_parquet_find(&f->p, 0, &p);

	for (; more; more = oq_parquet_next(&f->p, &p)) {
		assert_int_equal(p.off, out->len);
		assert_true(p.len > 0);
		assert_true(oq_parquet_find(&f->p, p.off, &q));
		assert_memory_equal(&p, &q, sizeof(p));
		assert_true(oq_parquet_find(&f->p, p.off + p.len - 1, &q));
		assert_memory_equal(&p, &q, sizeof(p));
		pq_put_piece(f, &p, 0, p.len, out);
		assert_int_equal(p.off + p.len, out->len);
	}
	assert_int_equal(out->len, f->p.size);
	assert_false(oq_parquet_find(&f->p, f->p.size, &q));
}

static void check_range(const struct pqfile *f, const struct oq_buf *whole,
			uint64_t off, uint64_t len)
{
	OQ_BUF struct oq_buf part = { 0 };

	pq_read(f, off, len, &part);
	assert_int_equal(part.len, oq_min_u64(len, whole->len - off));
	assert_memory_equal(part.data, whole->data + off, part.len);
}

/* All ranges of the body of each page. */
static void check_bodies(const struct pqfile *f, const struct oq_buf *whole)
{
	struct oq_pqpiece p;

	assert_true(oq_parquet_find(&f->p, 0, &p));
	do {
		for (uint64_t i = 0; i < p.len; i++)
			for (uint64_t n = 1; i + n <= p.len; n++) {
				OQ_BUF struct oq_buf part = { 0 };

				if (p.what != OQ_PQ_PAGE_BODY)
					continue;
				pq_put_piece(f, &p, i, n, &part);
				assert_int_equal(part.len, n);
				assert_memory_equal(part.data,
						    whole->data + p.off + i, n);
			}
	} while (oq_parquet_next(&f->p, &p));
}

static void try_column(uint64_t bits, uint64_t nrows)
{
	struct oq_pqcol c;
	struct pqdata d;
	struct pqfile f = {
		.schema = { .cols = &c,
			    .ncols = 1,
			    .group_rows = 16,
			    .page_rows = 8 },
		.data = &d,
		.nrows = nrows,
	};
	OQ_BUF struct oq_buf whole = { 0 };

	pq_any_column(bits, &c, &d);
	if (c.width > 9)
		d.nbytes = c.width = 9;
	assert_int_equal(pq_open(&f, NULL), 0);
	read_whole(&f, &whole);
	check_bodies(&f, &whole);
	for (uint64_t off = 0; off < whole.len; off += 1 + off % 2)
		check_range(&f, &whole, off, 1 + off % 150);
	oq_parquet_free(&f.p);
}

static void any_bytes_of_any_column_can_be_had_alone(void **state)
{
	static const uint64_t rows[] = { 0, 1, 8, 25 };

	(void)state;
	for (uint64_t type = 0; type <= OQ_PQ_FIXED; type++)
		for (uint64_t nest = 0; nest < 3; nest++)
			for (uint64_t more = 0; more < 4; more++)
				for (size_t i = 0; i < COUNT(rows); i++)
					try_column(type << 8 | nest << 16 |
							   more << 24 |
							   (8 + more) << 32 |
							   (more & 1) << 27,
						   rows[i]);
}

static void check_random(uint64_t seed)
{
	struct oq_pqcol cols[6];
	struct pqdata data[COUNT(cols)];
	const struct oq_pqmeta meta[] = { { "key", "value" }, { "", "{}" } };
	struct pqfile f = {
		.schema = { .cols = cols,
			    .ncols = 1 + pq_mix(seed, 1) % COUNT(cols),
			    .group_rows = 8ull << pq_mix(seed, 2) % 5,
			    .page_rows = 8ull << pq_mix(seed, 3) % 5,
			    .meta = meta,
			    .nmeta = pq_mix(seed, 4) % 3,
			    .created_by = seed % 2 ? "who" : NULL },
		.data = data,
		.nrows = pq_mix(seed, 5) % 300,
	};
	OQ_BUF struct oq_buf whole = { 0 };

	for (size_t i = 0; i < f.schema.ncols; i++)
		pq_any_column(pq_mix(seed, 10 + i), &cols[i], &data[i]);
	assert_int_equal(pq_open(&f, NULL), 0);
	read_whole(&f, &whole);
	for (unsigned i = 0; i < 60; i++)
		check_range(&f, &whole, pq_mix(seed, 100 + i) % whole.len,
			    1 + pq_mix(seed, 200 + i) % 500);
	oq_parquet_free(&f.p);
}

static void sizes_by_arithmetic_are_those_of_the_bytes(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 500; seed++)
		check_random(seed);
}

/* Whoever measures may find that a text is none. */
static void a_text_may_turn_out_to_be_bytes(void **state)
{
	struct oq_pqcol c = { .name = "x", .type = OQ_PQ_STRING };
	const struct pqdata d = { .text = pq_any_text, .nbytes = 1 };
	struct pqfile f = { .schema = { .cols = &c, .ncols = 1 },
			    .data = &d,
			    .nrows = 20 };
	OQ_BUF struct oq_buf text = { 0 }, bytes = { 0 };

	(void)state;
	assert_int_equal(pq_open(&f, NULL), 0);
	read_whole(&f, &text);
	oq_parquet_free(&f.p);
	assert_int_equal(oq_parquet_init(&f.p, &f.schema, f.nrows, NULL), 0);
	pq_measure(&f, 0);
	c.type = OQ_PQ_BINARY;
	assert_int_equal(oq_parquet_seal(&f.p, NULL), 0);
	read_whole(&f, &bytes);
	/* Neither the converted nor the logical type is said. */
	assert_int_equal(text.len - bytes.len, 2 + 4);
	oq_parquet_free(&f.p);
}

/* ---- large ones ---- */

static const struct oq_pqcol ten_columns[] = {
	{ .name = "event_id", .type = OQ_PQ_UINT32, .has_stats = true },
	{ .name = "site_id", .type = OQ_PQ_UINT32, .has_stats = true },
	{ .name = "gmv_0", .type = OQ_PQ_FLOAT },
	{ .name = "gmv_1", .type = OQ_PQ_FLOAT },
	{ .name = "gmv_2", .type = OQ_PQ_FLOAT },
	{ .name = "gmv_3", .type = OQ_PQ_FLOAT },
	{ .name = "loss", .type = OQ_PQ_DOUBLE },
	{ .name = "flag", .type = OQ_PQ_BOOL },
	{ .name = "when", .type = OQ_PQ_MICROS },
	{ .name = "id", .type = OQ_PQ_INT64, .has_stats = true },
};

static void ten_billion_rows_take_no_memory(void **state)
{
	const struct oq_pqschema s = { .cols = ten_columns,
				       .ncols = COUNT(ten_columns) };
	const uint64_t nrows = 10000000000;
	struct oq_pqstat stats[COUNT(ten_columns)] = { { 0, UINT64_MAX } };
	struct oq_parquet p;
	struct oq_pqpiece at;
	size_t ngroups;

	(void)state;
	assert_int_equal(oq_parquet_init(&p, &s, nrows, NULL), 0);
	assert_int_equal(oq_parquet_seal(&p, NULL), 0);
	ngroups = oq_pqlayout_ngroups(p.layout);
	assert_true(ngroups >= 2048 && ngroups <= OQ_PQ_MAX_GROUPS);
	/* 48 bytes and a bit a row, and a page's header now and then. */
	assert_true(p.size >= nrows * 48 + nrows / 8 && p.size <= nrows * 49);
	for (uint64_t off = 3; off < p.size; off += p.size / 10007) {
		assert_true(oq_parquet_find(&p, off, &at));
		assert_true(off >= at.off && off - at.off < at.len);
		assert_true(at.first + at.nrows <= nrows);
	}
	assert_true(oq_parquet_find(&p, p.footer.start, &at));
	do {
		OQ_BUF struct oq_buf b = { 0 };

		oq_parquet_put(&p, &at, stats, &b);
		assert_int_equal(b.len, at.len);
	} while (oq_parquet_next(&p, &at));
	assert_int_equal(at.off + at.len, p.size);
	oq_parquet_free(&p);
}

static void many_columns_make_fewer_row_groups(void **state)
{
	enum { MANY = 65536 };
	struct oq_pqcol *cols = calloc(MANY, sizeof(*cols));
	struct oq_pqschema s = { .cols = cols, .ncols = MANY };
	struct oq_parquet p;

	(void)state;
	assert_non_null(cols);
	for (size_t i = 0; i < MANY; i++)
		cols[i] = ten_columns[i % COUNT(ten_columns)];
	assert_int_equal(oq_parquet_init(&p, &s, 100 * OQ_PQ_PAGE_ROWS, NULL),
			 0);
	assert_int_equal(oq_pqlayout_ngroups(p.layout), 4);
	assert_int_equal(oq_pqlayout_group_rows(p.layout, 0),
			 32 * OQ_PQ_PAGE_ROWS);
	assert_int_equal(oq_pqlayout_group_rows(p.layout, 3),
			 4 * OQ_PQ_PAGE_ROWS);
	oq_parquet_free(&p);
	free(cols);
}

static int open_one(const struct oq_pqcol *c, uint64_t nrows,
		    struct oq_parquet *p)
{
	static struct oq_pqschema s;

	s = (struct oq_pqschema){ .cols = c, .ncols = 1 };
	return oq_parquet_init(p, &s, nrows, NULL);
}

static void what_is_too_large_is_refused(void **state)
{
	struct oq_pqcol c = { .name = "x",
			      .type = OQ_PQ_FIXED,
			      .width = INT32_MAX };
	struct oq_parquet p;

	(void)state;
	assert_int_equal(open_one(&c, (uint64_t)1 << 30, &p), 0);
	assert_int_equal(oq_parquet_seal(&p, NULL), 0);
	assert_true(p.size > (uint64_t)INT32_MAX << 30);
	oq_parquet_free(&p);
	assert_int_equal(open_one(&c, (uint64_t)1 << 40, &p), 0);
	assert_int_equal(oq_parquet_seal(&p, NULL), -EOVERFLOW);
	oq_parquet_free(&p);
	assert_int_equal(open_one(&c, (uint64_t)1 << 60, &p), -EOVERFLOW);
	assert_int_equal(open_one(&c, UINT64_MAX, &p), -EOVERFLOW);
	c = (struct oq_pqcol){ .name = "x", .type = OQ_PQ_BOOL };
	assert_int_equal(open_one(&c, INT64_MAX, &p), 0);
	assert_int_equal(oq_parquet_seal(&p, NULL), 0);
	oq_parquet_free(&p);
}

static void a_page_that_no_reader_can_count_is_refused(void **state)
{
	const struct oq_pqcol text = { .name = "x", .type = OQ_PQ_STRING };
	const struct oq_pqcol list = { .name = "x",
				       .type = OQ_PQ_BOOL,
				       .nest = OQ_PQ_LIST };
	struct oq_parquet p;

	(void)state;
	assert_int_equal(open_one(&text, 10, &p), 0);
	assert_int_equal(oq_pqlayout_npages(p.layout, 0), 1);
	oq_pqlayout_note(p.layout, 0, 0, 10, (uint64_t)INT32_MAX + 1);
	assert_int_equal(oq_parquet_seal(&p, NULL), -EOVERFLOW);
	oq_pqlayout_note(p.layout, 0, 0, 10, INT32_MAX);
	assert_int_equal(oq_parquet_seal(&p, NULL), 0);
	oq_parquet_free(&p);
	assert_int_equal(open_one(&list, 10, &p), 0);
	oq_pqlayout_note(p.layout, 0, 0, UINT64_MAX / 2, 1);
	assert_int_equal(oq_parquet_seal(&p, NULL), -EOVERFLOW);
	/* The levels count as well. */
	oq_pqlayout_note(p.layout, 0, 0, INT32_MAX, INT32_MAX);
	assert_int_equal(oq_parquet_seal(&p, NULL), -EOVERFLOW);
	oq_parquet_free(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("fields are told by what is between",
		     fields_are_told_by_what_is_between),
		TEST("a struct counts its own fields",
		     a_struct_counts_its_own_fields),
		TEST("a list says its length", a_list_says_its_length),
		TEST("integers are widened", integers_are_widened),
		TEST("every number is loaded", every_number_is_loaded),
		TEST("numbers are taken out of elements",
		     numbers_are_taken_out_of_elements),
		TEST("every short float keeps its value",
		     every_short_float_keeps_its_value),
		TEST("numbers of texts are packed bit by bit",
		     numbers_of_texts_are_packed_bit_by_bit),
		TEST("bools are bits", bools_are_bits),
		TEST("levels say what is there", levels_say_what_is_there),
		TEST("statistics know signs", statistics_know_signs),
		TEST("statistics are those of all numbers, of any width",
		     statistics_are_those_of_all_numbers),
		TEST("what Parquet cannot say is refused",
		     what_parquet_cannot_say_is_refused),
		TEST("any bytes of any column can be had alone",
		     any_bytes_of_any_column_can_be_had_alone),
		TEST("sizes by arithmetic are those of the bytes",
		     sizes_by_arithmetic_are_those_of_the_bytes),
		TEST("a text may turn out to be bytes",
		     a_text_may_turn_out_to_be_bytes),
		TEST("ten billion rows take no memory",
		     ten_billion_rows_take_no_memory),
		TEST("many columns make fewer row groups",
		     many_columns_make_fewer_row_groups),
		TEST("what is too large is refused",
		     what_is_too_large_is_refused),
		TEST("a page that no reader can count is refused",
		     a_page_that_no_reader_can_count_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
