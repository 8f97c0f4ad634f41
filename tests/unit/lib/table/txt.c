/* SPDX-License-Identifier: MIT */
/* txt.c - every line is as long as the others, and every element in its place
 */

#include "lib/table/txt.h"

#include <errno.h>

#include "tests/unit/random.h"

static struct oq_table *mk_table(const struct oq_table_spec *spec)
{
	struct oq_table *table;

	assert_int_equal(oq_table_new(spec, &table, NULL), 0);
	return table;
}

static struct oq_txt *mk_txt(const struct oq_table *t)
{
	struct oq_txt *x;

	assert_int_equal(oq_txt_new(t, &x, NULL), 0);
	return x;
}

/* The whole of a small table. */
static void check(struct oq_table_spec spec, const void *elems,
		  const char *want)
{
	struct oq_table *t = mk_table(&spec);
	struct oq_txt *x = mk_txt(t);
	struct oq_buf b = { 0 };

	oq_txt_put_header(x, &b);
	assert_int_equal(b.len, oq_txt_line_bytes(x));
	oq_txt_put(x, 0, t->nelems, elems, &b);
	ASSERT_TEXT(b, want);
	oq_buf_free(&b);
	oq_txt_free(x);
	oq_table_free(t);
}

static void test_forms(void **state)
{
	static const uint64_t two[] = { 2 }, grid[] = { 2, 2 };
	static const uint8_t v[] = { 1, 200, 3, 4 };
	struct oq_dtype *t = mk_int(1, false, OQ_LE);

	(void)state;
	check((struct oq_table_spec){ "x", t, OQ_ROWS, 1, two, NULL }, v,
	      "  x\n  1\n200\n");
	check((struct oq_table_spec){ "long name", t, OQ_ROWS, 1, two, NULL },
	      v, "\"long name\"\n          1\n        200\n");
	check((struct oq_table_spec){ "x", t, OQ_MATRIX, 2, grid, NULL }, v,
	      " c0  c1\n  1 200\n  3   4\n");
	check((struct oq_table_spec){ "x", t, OQ_LONG, 2, grid, NULL }, v,
	      "d0 d1 value\n 0  0     1\n 0  1   200\n 1  0     3\n"
	      " 1  1     4\n");
	oq_dtype_free(t);
}

static void test_labels(void **state)
{
	static const uint64_t grid[] = { 1, 2 };
	static const char *const labels[] = { "PGA", "a \"b" };
	struct oq_axis axes[] = {
		{ .name = "site", .start = 12345, .step = 1 },
		{ .name = "i", .labels = labels },
	};
	struct oq_dtype *t = mk_bool();

	(void)state;
	check((struct oq_table_spec){ "x", t, OQ_LONG, 2, grid, axes }, "\0\1",
	      " site       i value\n12345     PGA false\n"
	      "12345 \"a \\\"b\"  true\n");
	oq_dtype_free(t);
}

static void test_text(void **state)
{
	static const uint64_t six[] = { 6 }, two[] = { 2 };
	struct oq_dtype *t = mk_str(3, OQ_NULLPAD);

	(void)state;
	check((struct oq_table_spec){ "x", t, OQ_ROWS, 1, six, NULL },
	      "abc\0\0\0a b\"\0\0\n\n\n\1\0\0",
	      "    x\n  abc\n   \"\"\n\"a b\"\n \"\\\"\"\n\"\\n~\"\n"
	      "  \"~\"\n");
	oq_dtype_free(t);

	/* Cut, but between characters. */
	t = mk_str(4, OQ_NULLPAD);
	check((struct oq_table_spec){ "x", t, OQ_ROWS, 1, two, NULL },
	      "\t\xe2\x82\xac\t\xc3\xa9x", "     x\n \"\\t~\"\n \"\\t~\"\n");
	oq_dtype_free(t);

	t = mk_enum(mk_int(1, false, OQ_LE));
	add_symbol(t, "off", 0);
	add_symbol(t, "half on", 1);
	check((struct oq_table_spec){ "x", t, OQ_ROWS, 1, six, NULL },
	      "\0\1\xff\0\0\0",
	      "        x\n      off\n\"half on\"\n      255\n      off\n"
	      "      off\n      off\n");
	oq_dtype_free(t);
}

static void test_refusal(void **state)
{
	static const uint64_t two[] = { 2 }, huge[] = { 1ull << 62 };
	struct oq_dtype *text = mk_vstr(), *byte = mk_int(1, true, OQ_LE);
	struct oq_table_spec spec = { "x", text, OQ_ROWS, 1, two, NULL };
	struct oq_table *t = mk_table(&spec);
	struct oq_err err;
	struct oq_txt *x;

	(void)state;
	assert_int_equal(oq_txt_new(t, &x, &err), -EOPNOTSUPP);
	oq_table_free(t);
	spec.type = byte;
	spec.dims = huge;
	t = mk_table(&spec);
	assert_int_equal(oq_txt_new(t, &x, &err), -EOVERFLOW);
	oq_table_free(t);
	oq_dtype_free(text);
	oq_dtype_free(byte);
	oq_txt_free(NULL);
}

/* Each element lies where oq_txt_elem_off() says, whoever renders it. */
static void check_places(struct chance *c, const struct oq_table *t,
			 const struct oq_txt *x, const uint8_t *elems)
{
	uint64_t line = oq_txt_line_bytes(x), at = 0;
	struct oq_buf whole = { 0 }, part = { 0 };

	oq_txt_put_header(x, &whole);
	assert_int_equal(whole.len, line);
	whole.len = 0;
	oq_txt_put(x, 0, t->nelems, elems, &whole);
	assert_int_equal(whole.len, oq_txt_elem_off(x, t->nelems));
	assert_int_equal(whole.len, t->nelems / t->ncols * line);
	for (size_t i = 0; i < whole.len; i++)
		if ((whole.data[i] == '\n') != (i % line == line - 1))
			fail_msg("byte %zu of lines of %zu", i, (size_t)line);

	while (at < t->nelems) {
		uint64_t n = 1 + chance(c, t->nelems - at);

		assert_int_equal(part.len, oq_txt_elem_off(x, at));
		oq_txt_put(x, at, n, elems + at * t->elem_bytes, &part);
		at += n;
	}
	assert_int_equal(part.len, whole.len);
	assert_memory_equal(part.data, whole.data, whole.len);
	oq_buf_free(&whole);
	oq_buf_free(&part);
}

static void test_random(void **state)
{
	struct chance c = { .x = 88172645463325252 };

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct oq_dtype *type = random_type(&c, 3, true);
		uint64_t dims[3];
		struct oq_table_spec spec = {
			.name = "x y",
			.type = type,
			.rank = (unsigned)chance(&c, 4),
			.dims = dims,
		};
		struct oq_table *t;
		struct oq_txt *x;
		uint8_t *elems;

		for (unsigned j = 0; j < 3; j++)
			dims[j] = 1 + chance(&c, 5);
		spec.form = oq_table_form(type, spec.rank, dims);
		t = mk_table(&spec);
		x = mk_txt(t);
		elems = zeroed(t->nelems * type->size);
		for (uint64_t j = 0; j < t->nelems; j++)
			fill(&c, type, elems + j * type->size);
		check_places(&c, t, x, elems);
		free(elems);
		oq_txt_free(x);
		oq_table_free(t);
		oq_dtype_free(type);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("columns are right-aligned in every form", test_forms),
		TEST("labels and names are text, indices numbers", test_labels),
		TEST("a field of text stays one field", test_text),
		TEST("what has no bounded width is refused", test_refusal),
		TEST("elements of any type are where they should be",
		     test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
