/* SPDX-License-Identifier: MIT */
/* npy.c - npy headers are, byte for byte, those of numpy.save()
 *
 * The texts and lengths expected here were taken from NumPy 1.24.
 */

#include "lib/type/npy.h"

#include <errno.h>
#include <stdio.h>

#include "tests/unit/types.h"

static const uint64_t dims[] = { 1000, 3, 7 };

/* 'text' up to the padding, 'bytes' in all; the type is freed. */
static void check(struct oq_dtype *t, unsigned rank, const uint64_t *shape,
		  uint8_t version, size_t bytes, const char *text)
{
	size_t prefix = version == 1 ? 10 : 12;
	struct oq_buf b = { 0 };
	size_t n = strlen(text);
	uint32_t len = 0;

	assert_int_equal(oq_npy_put_header(t, rank, shape, &b, NULL), 0);
	assert_int_equal(b.len, bytes);
	assert_memory_equal(b.data, "\x93NUMPY", 6);
	assert_int_equal(b.data[6], version);
	assert_int_equal(b.data[7], 0);
	for (size_t i = prefix; i-- > 8;)
		len = len << 8 | (uint8_t)b.data[i];
	assert_int_equal(len + prefix, bytes);
	assert_memory_equal(b.data + prefix, text, n);
	for (size_t i = prefix + n; i < bytes - 1; i++)
		assert_int_equal(b.data[i], ' ');
	assert_int_equal(b.data[bytes - 1], '\n');
	oq_buf_free(&b);
	oq_dtype_free(t);
}

static void test_shapes(void **state)
{
	static const uint64_t huge[] = { 1ull << 62 }, none[] = { 0, 5 };

	(void)state;
	check(mk_float(4, OQ_LE), 0, NULL, 1, 64 * 2,
	      "{'descr': '<f4', 'fortran_order': False, 'shape': (), }");
	check(mk_float(4, OQ_LE), 1, dims, 1, 128,
	      "{'descr': '<f4', 'fortran_order': False, 'shape': (1000,), }");
	check(mk_float(4, OQ_LE), 3, dims, 1, 128,
	      "{'descr': '<f4', 'fortran_order': False, "
	      "'shape': (1000, 3, 7), }");
	check(mk_float(4, OQ_LE), 1, huge, 1, 128,
	      "{'descr': '<f4', 'fortran_order': False, "
	      "'shape': (4611686018427387904,), }");
	check(mk_float(4, OQ_LE), 2, none, 1, 128,
	      "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 5), }");
}

/* An array at the top adds to the shape. */
static void test_arrays(void **state)
{
	(void)state;
	check(mk_array(mk_int(2, true, OQ_BE), 1, 4, 0), 1, dims, 1, 128,
	      "{'descr': '>i2', 'fortran_order': False, "
	      "'shape': (1000, 4), }");
	check(mk_array(mk_array(mk_bool(), 1, 4, 0), 2, 5, 6), 0, NULL, 1, 128,
	      "{'descr': '|b1', 'fortran_order': False, "
	      "'shape': (5, 6, 4), }");
}

static void test_compound(void **state)
{
	struct oq_dtype *t = mk_compound(16);

	(void)state;
	add_member(t, "a", 0, mk_int(4, true, OQ_LE));
	add_member(t, "s", 8, mk_array(mk_str(2, OQ_NULLPAD), 1, 3, 0));
	check(t, 1, dims, 1, 192,
	      "{'descr': [('a', '<i4'), ('', '|V4'), ('s', '|S2', (3,)), "
	      "('', '|V2')], 'fortran_order': False, 'shape': (1000,), }");
}

static void test_names(void **state)
{
	struct oq_dtype *t = mk_compound(4);

	(void)state;
	/* in latin-1, as format 1.0 has it */
	add_member(t, "\xc3\xa9", 0, mk_int(4, true, OQ_LE));
	check(t, 1, dims, 1, 128,
	      "{'descr': [('\xe9', '<i4')], 'fortran_order': False, "
	      "'shape': (1000,), }");
	t = mk_compound(4);
	add_member(t, "\xe2\x82\xac", 0, mk_int(4, true, OQ_LE));
	check(t, 1, dims, 3, 128,
	      "{'descr': [('\xe2\x82\xac', '<i4')], 'fortran_order': False, "
	      "'shape': (1000,), }");
	/* a byte that is no text */
	t = mk_compound(4);
	add_member(t, "\xff", 0, mk_int(4, true, OQ_LE));
	check(t, 1, dims, 1, 128,
	      "{'descr': [('\\udcff', '<i4')], 'fortran_order': False, "
	      "'shape': (1000,), }");
}

/* A header of each length around those where a block is full. */
static void test_padding(void **state)
{
	(void)state;
	for (size_t n = 1; n < 200; n++) {
		struct oq_dtype *t = mk_compound(1);
		struct oq_buf b = { 0 }, text = { 0 };
		size_t fixed, padding;
		char name[200];

		memset(name, 'x', n);
		name[n] = '\0';
		add_member(t, name, 0, mk_int(1, true, OQ_LE));
		oq_buf_printf(&text,
			      "{'descr': [('%s', '|i1')], 'fortran_order': "
			      "False, 'shape': (1000,), }",
			      name);
		fixed = 10 + text.len + (21 - 4) + 1;
		padding = 64 - fixed % 64; /* never 0: so it is in NumPy */
		assert_int_equal(oq_npy_put_header(t, 1, dims, &b, NULL), 0);
		assert_int_equal(b.len, fixed + padding);
		oq_buf_free(&b);
		oq_buf_free(&text);
		oq_dtype_free(t);
	}
}

static void test_long_header(void **state)
{
	struct oq_dtype *t = mk_compound(4000);
	struct oq_buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < 4000; i++) {
		char name[16];

		snprintf(name, sizeof(name), "m%zu", i);
		add_member(t, name, i, mk_int(1, true, OQ_LE));
	}
	assert_int_equal(oq_npy_put_header(t, 1, dims, &b, NULL), 0);
	assert_int_equal(b.data[6], 2);
	assert_int_equal(b.len % 64, 0);
	assert_int_equal((uint8_t)b.data[8] | (uint8_t)b.data[9] << 8 |
				 (uint8_t)b.data[10] << 16,
			 b.len - 12);
	oq_buf_free(&b);
	oq_dtype_free(t);
}

static void test_refusal(void **state)
{
	struct oq_dtype *t = mk_vstr(), *r = mk_type(OQ_OBJREF, 8);
	struct oq_buf b = { 0 };
	struct oq_err err;

	(void)state;
	assert_int_equal(oq_npy_put_header(t, 1, dims, &b, &err), -EOPNOTSUPP);
	assert_int_equal(oq_npy_put_header(r, 1, dims, &b, &err), -EOPNOTSUPP);
	assert_int_equal(b.len, 0);
	oq_dtype_free(t);
	oq_dtype_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("shapes of any rank", test_shapes),
		TEST("an array type adds to the shape", test_arrays),
		TEST("a compound with its padding", test_compound),
		TEST("names decide the format's version", test_names),
		TEST("headers end where NumPy's do", test_padding),
		TEST("a header beyond 64 KiB is of format 2.0",
		     test_long_header),
		TEST("elements of no fixed size have no npy", test_refusal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
