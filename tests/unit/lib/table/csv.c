/* SPDX-License-Identifier: MIT */
/* csv.c - any run of a table's elements is that part of the whole CSV */

#include "lib/table/csv.h"

#include "tests/unit/random.h"

static struct oq_table *mk_table(const struct oq_table_spec *spec)
{
	struct oq_table *table;

	assert_int_equal(oq_table_new(spec, &table, NULL), 0);
	return table;
}

/* The whole of a small table; the type is freed. */
static void check(struct oq_table_spec spec, const void *elems,
		  const char *want)
{
	struct oq_table *t = mk_table(&spec);
	struct oq_buf b = { 0 }, scratch = { 0 };
	size_t head;

	oq_csv_put_header(t, &b);
	head = b.len;
	oq_csv_put(t, 0, t->nelems, elems, NULL, &b);
	assert_int_equal(b.len - head,
			 oq_csv_len(t, 0, t->nelems, elems, NULL, &scratch));
	ASSERT_TEXT(b, want);
	oq_buf_free(&b);
	oq_buf_free(&scratch);
	oq_table_free(t);
}

static void test_forms(void **state)
{
	static const uint64_t three[] = { 3 }, grid[] = { 2, 3 },
			      cube[] = { 2, 1, 2 };
	static const int16_t v[] = { 1, -2, 300, 4, 5, 6 };
	struct oq_dtype *t = mk_int(2, true, OQ_LE);

	(void)state;
	check((struct oq_table_spec){ "x", t, OQ_ROWS, 1, three, NULL }, v,
	      "x\n1\n-2\n300\n");
	check((struct oq_table_spec){ "x", t, OQ_ROWS, 0, NULL, NULL }, v,
	      "x\n1\n");
	check((struct oq_table_spec){ "x", t, OQ_MATRIX, 2, grid, NULL }, v,
	      "c0,c1,c2\n1,-2,300\n4,5,6\n");
	check((struct oq_table_spec){ "x", t, OQ_LONG, 3, cube, NULL }, v,
	      "d0,d1,d2,value\n0,0,0,1\n0,0,1,-2\n1,0,0,300\n1,0,1,4\n");
	oq_dtype_free(t);
}

static void test_labels(void **state)
{
	static const uint64_t grid[] = { 2, 2 };
	static const char *const labels[] = { "PGA", "SA(0.1),x" };
	struct oq_axis axes[] = {
		{ .name = "site", .start = 7, .step = -2 },
		{ .name = "i,mt", .labels = labels },
	};
	static const uint8_t v[] = { 1, 0, 2, 0xff };
	struct oq_dtype *t = mk_bool();

	(void)state;
	check((struct oq_table_spec){ "x", t, OQ_LONG, 2, grid, axes }, v,
	      "site,\"i,mt\",value\n7,PGA,true\n7,\"SA(0.1),x\",false\n"
	      "5,PGA,2\n5,\"SA(0.1),x\",-1\n");
	oq_dtype_free(t);
}

static void test_compound(void **state)
{
	static const uint64_t two[] = { 2 };
	static const uint8_t v[] = { 'a', ',', 1, 0, 1, 2, 0, 0, 255, 9, 8, 7 };
	struct oq_dtype *t = mk_compound(6);

	(void)state;
	add_member(t, "name", 0, mk_str(2, OQ_NULLPAD));
	add_member(t, "n", 2, mk_int(1, false, OQ_LE));
	add_member(t, "a", 4, mk_array(mk_int(1, false, OQ_LE), 1, 2, 0));
	check((struct oq_table_spec){ "x", t, OQ_ROWS, 1, two, NULL }, v,
	      "name,n,a[0],a[1]\n\"a,\",1,1,2\n,255,8,7\n");
	oq_dtype_free(t);
}

/* A line of nothing, or of blanks, is skipped by parsers, so it is quoted. */
static void test_nothing(void **state)
{
	static const uint64_t two[] = { 2 }, column[] = { 2, 1 },
			      grid[] = { 1, 2 }, none[] = { 0 };
	struct oq_dtype *t = mk_str(2, OQ_NULLPAD);

	(void)state;
	check((struct oq_table_spec){ "", t, OQ_ROWS, 1, two, NULL }, "\0\0ab",
	      "\"\"\n\"\"\nab\n");
	check((struct oq_table_spec){ "x", t, OQ_ROWS, 1, two, NULL },
	      " \t\0\0", "x\n\" \t\"\n\"\"\n");
	check((struct oq_table_spec){ "x", t, OQ_MATRIX, 2, column, NULL },
	      "\0\0ab", "c0\n\"\"\nab\n");
	check((struct oq_table_spec){ "x", t, OQ_MATRIX, 2, grid, NULL },
	      "\0\0\0\0", "c0,c1\n,\n");
	check((struct oq_table_spec){ "x", t, OQ_LONG, 1, two, NULL }, "\0\0ab",
	      "d0,value\n0,\n1,ab\n");
	check((struct oq_table_spec){ "x", t, OQ_ROWS, 1, none, NULL }, "",
	      "x\n");
	oq_dtype_free(t);
}

/* Lines and fields as RFC 4180 has them: the same number in each line. */
static void count_fields(const struct oq_buf *b, uint64_t *lines,
			 uint64_t *fields)
{
	uint64_t n = 1;
	bool quoted = false;

	*lines = *fields = 0;
	for (size_t i = 0; i < b->len; i++) {
		quoted ^= b->data[i] == '"';
		if (quoted)
			continue;
		n += b->data[i] == ',';
		if (b->data[i] != '\n')
			continue;
		if ((*lines)++ > 0)
			assert_int_equal(n, *fields);
		*fields = n;
		n = 1;
	}
	assert_false(quoted);
	assert_int_equal(n, 1);
}

static void check_runs(struct chance *c, const struct oq_table *t,
		       const uint8_t *elems)
{
	struct oq_buf whole = { 0 }, part = { 0 }, scratch = { 0 };
	uint64_t lines, fields, at = 0;

	oq_csv_put_header(t, &whole);
	oq_csv_put(t, 0, t->nelems, elems, NULL, &whole);
	count_fields(&whole, &lines, &fields);
	assert_int_equal(lines, 1 + t->nelems / t->ncols);
	assert_int_equal(fields, (t->form == OQ_LONG ? t->rank : 0) +
					 t->ncols * t->nfields);

	oq_csv_put_header(t, &part);
	while (at < t->nelems) {
		uint64_t n = 1 + chance(c, t->nelems - at);
		size_t before = part.len;
		const uint8_t *from = elems + at * t->elem_bytes;

		oq_csv_put(t, at, n, from, NULL, &part);
		assert_int_equal(part.len - before,
				 oq_csv_len(t, at, n, from, NULL, &scratch));
		at += n;
	}
	assert_int_equal(part.len, whole.len);
	assert_memory_equal(part.data, whole.data, whole.len);
	assert_false(oq_buf_failed(&whole) || oq_buf_failed(&scratch));
	oq_buf_free(&whole);
	oq_buf_free(&part);
	oq_buf_free(&scratch);
}

static void test_random(void **state)
{
	struct chance c = { .x = 88172645463325252 };

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct oq_dtype *type = random_type(&c, 3, false);
		uint64_t dims[3];
		struct oq_table_spec spec = {
			.name = "x,y",
			.type = type,
			.rank = (unsigned)chance(&c, 4),
			.dims = dims,
		};
		struct oq_table *t;
		uint8_t *elems;

		for (unsigned j = 0; j < 3; j++)
			dims[j] = 1 + chance(&c, 5);
		spec.form = oq_table_form(type, spec.rank, dims);
		t = mk_table(&spec);
		elems = zeroed(t->nelems * type->size);
		for (uint64_t j = 0; j < t->nelems; j++)
			fill(&c, type, elems + j * type->size);
		check_runs(&c, t, elems);
		free_kept(&c);
		free(elems);
		oq_table_free(t);
		oq_dtype_free(type);
	}
}

/* More than one batch, and many times the buffer. */
static void test_large(void **state)
{
	static const uint64_t grid[] = { 1000, 7 };
	struct chance c = { .x = 1 };
	struct oq_dtype *type = mk_float(8, OQ_LE);
	struct oq_table_spec spec = { "x", type, OQ_MATRIX, 2, grid, NULL };
	struct oq_table *t = mk_table(&spec);
	uint8_t *elems = zeroed(7000 * 8);

	(void)state;
	for (size_t i = 0; i < 7000; i++)
		fill(&c, type, elems + i * 8);
	for (int i = 0; i < 5; i++)
		check_runs(&c, t, elems);
	free(elems);
	oq_table_free(t);
	oq_dtype_free(type);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("rows, matrices and long form", test_forms),
		TEST("index columns have labels or numbers", test_labels),
		TEST("a compound has a column a member", test_compound),
		TEST("no line is empty", test_nothing),
		TEST("runs of any type add up to the whole and its length",
		     test_random),
		TEST("long runs do, too", test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
