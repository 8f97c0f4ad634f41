/* SPDX-License-Identifier: MIT */
/* table.c - elements fall into columns that have names */

#include "lib/table/table.h"

#include <errno.h>

#include "tests/unit/types.h"

static const uint64_t shape[] = { 4, 3, 2 };

static struct oq_table *mk_table(const struct oq_dtype *t, enum oq_form form,
				 unsigned rank)
{
	struct oq_table_spec spec = { .name = "x",
				      .type = t,
				      .form = form,
				      .rank = rank,
				      .dims = shape };
	struct oq_table *table;

	assert_int_equal(oq_table_new(&spec, &table, NULL), 0);
	return table;
}

/* The names of all fields, blanks between them; the type is freed. */
static void check_names(struct oq_dtype *t, enum oq_form form, unsigned rank,
			const char *want)
{
	struct oq_table *table = mk_table(t, form, rank);
	struct oq_buf b = { 0 };

	for (size_t i = 0; i < table->nfields; i++)
		oq_buf_printf(&b, "%s%s", i ? " " : "", table->fields[i].name);
	ASSERT_TEXT(b, want);
	oq_buf_free(&b);
	oq_table_free(table);
	oq_dtype_free(t);
}

static struct oq_dtype *mk_event(void)
{
	struct oq_dtype *t = mk_compound(32), *site = mk_compound(8);

	add_member(site, "lon", 0, mk_float(4, OQ_LE));
	add_member(site, "lat", 4, mk_float(4, OQ_LE));
	add_member(t, "id", 0, mk_int(4, false, OQ_LE));
	add_member(t, "site", 4, site);
	add_member(t, "gmv", 12, mk_array(mk_float(4, OQ_LE), 1, 3, 0));
	add_member(t, "c", 24, mk_complex(8, OQ_LE));
	return t;
}

static void test_names(void **state)
{
	(void)state;
	check_names(mk_float(4, OQ_LE), OQ_ROWS, 1, "x");
	check_names(mk_float(4, OQ_LE), OQ_ROWS, 0, "x");
	check_names(mk_float(4, OQ_LE), OQ_LONG, 3, "value");
	check_names(mk_array(mk_float(4, OQ_LE), 1, 2, 0), OQ_ROWS, 1,
		    "x[0] x[1]");
	check_names(mk_array(mk_float(4, OQ_LE), 2, 2, 2), OQ_LONG, 1,
		    "value[0][0] value[0][1] value[1][0] value[1][1]");
	check_names(mk_array(mk_float(4, OQ_LE), 1, 1, 0), OQ_ROWS, 1, "x[0]");
	check_names(mk_event(), OQ_ROWS, 1,
		    "id site.lon site.lat gmv[0] gmv[1] gmv[2] c.r c.i");
	check_names(mk_event(), OQ_LONG, 2,
		    "id site.lon site.lat gmv[0] gmv[1] gmv[2] c.r c.i");
	check_names(mk_array(mk_complex(8, OQ_LE), 1, 2, 0), OQ_ROWS, 1,
		    "x[0].r x[0].i x[1].r x[1].i");
	check_names(mk_vlen(mk_int(4, true, OQ_LE)), OQ_ROWS, 1, "x");
	check_names(mk_compound(4), OQ_ROWS, 1, "x");
}

/* Index columns first, then the fields. */
static void check_columns(struct oq_dtype *t, const char *const *axes,
			  const char *want)
{
	struct oq_axis named[2] = { { .name = axes[0] }, { .name = axes[1] } };
	struct oq_table_spec spec = { .name = "x",
				      .type = t,
				      .form = OQ_LONG,
				      .rank = 2,
				      .dims = shape,
				      .axes = named };
	struct oq_buf b = { 0 };
	struct oq_table *table;

	assert_int_equal(oq_table_new(&spec, &table, NULL), 0);
	for (unsigned i = 0; i < 2; i++)
		oq_buf_printf(&b, "%s ", table->axis_names[i]);
	for (size_t i = 0; i < table->nfields; i++)
		oq_buf_printf(&b, "%s,", table->fields[i].name);
	ASSERT_TEXT(b, want);
	oq_buf_free(&b);
	oq_table_free(table);
	oq_dtype_free(t);
}

static void test_apart(void **state)
{
	struct oq_dtype *t = mk_compound(16), *in = mk_compound(4);

	(void)state;
	add_member(in, "b", 0, mk_int(4, true, OQ_LE));
	add_member(t, "a.b", 0, mk_int(1, true, OQ_LE));
	add_member(t, "a", 4, in);
	add_member(t, "v[1]", 1, mk_int(1, true, OQ_LE));
	add_member(t, "v", 8, mk_array(mk_int(1, true, OQ_LE), 1, 2, 0));
	add_member(t, "d0", 10, mk_int(1, true, OQ_LE));
	add_member(t, "a.b_1", 11, mk_int(1, true, OQ_LE));
	check_columns(t, (const char *const[]){ NULL, "v[0]" },
		      "d0_1 v[0]_1 a.b,a.b_2,v[1],v[0],v[1]_1,d0,a.b_1,");
	check_columns(mk_float(4, OQ_LE), (const char *const[]){ "x", "x" },
		      "x x_1 value,");
	check_columns(mk_float(4, OQ_LE),
		      (const char *const[]){ "value", "value_1" },
		      "value_2 value_1 value,");
}

static void test_places(void **state)
{
	struct oq_dtype *t = mk_event();
	struct oq_table *table = mk_table(t, OQ_ROWS, 1);
	static const size_t offsets[] = { 0, 4, 8, 12, 16, 20, 24, 28 };

	(void)state;
	assert_int_equal(table->nfields, COUNT(offsets));
	for (size_t i = 0; i < COUNT(offsets); i++)
		assert_int_equal(table->fields[i].offset, offsets[i]);
	assert_int_equal(table->nelems, 4);
	assert_int_equal(table->elem_bytes, 32);
	oq_table_free(table);
	oq_dtype_free(t);
}

static void test_too_many(void **state)
{
	struct oq_dtype *t = mk_compound(17 * 4096);

	(void)state;
	check_names(mk_array(mk_int(1, true, OQ_LE), 2, 64, 65), OQ_ROWS, 1,
		    "x");
	/* each alone would do, but not all of them */
	for (size_t i = 0; i < 17; i++) {
		char name[2] = { (char)('a' + i), '\0' };

		add_member(t, name, 4096 * i,
			   mk_array(mk_int(1, true, OQ_LE), 1, 4096, 0));
	}
	check_names(t, OQ_ROWS, 1, "a b c d e f g h i j k l m n o p q");
}

static void check_form(struct oq_dtype *t, unsigned rank, uint64_t cols,
		       enum oq_form want)
{
	const uint64_t dims[] = { 10, cols, 2 };

	assert_int_equal(oq_table_form(t, rank, dims), want);
	oq_dtype_free(t);
}

static void test_forms(void **state)
{
	(void)state;
	check_form(mk_float(4, OQ_LE), 0, 1, OQ_ROWS);
	check_form(mk_float(4, OQ_LE), 1, 1, OQ_ROWS);
	check_form(mk_event(), 1, 1, OQ_ROWS);
	check_form(mk_float(4, OQ_LE), 2, 4, OQ_MATRIX);
	check_form(mk_vstr(), 2, 4, OQ_MATRIX);
	check_form(mk_float(4, OQ_LE), 2, 1048576, OQ_MATRIX);
	check_form(mk_float(4, OQ_LE), 2, 1048577, OQ_LONG);
	check_form(mk_float(4, OQ_LE), 2, 0, OQ_LONG);
	check_form(mk_float(4, OQ_LE), 3, 4, OQ_LONG);
	check_form(mk_event(), 2, 4, OQ_LONG);
	check_form(mk_array(mk_int(1, true, OQ_LE), 1, 1, 0), 2, 4, OQ_LONG);
}

static void test_axes(void **state)
{
	static const char *const labels[] = { "PGA", "SA(0.1)", "x" };
	struct oq_axis axes[] = { { .name = "site" },
				  { .name = "imt", .labels = labels } };
	struct oq_dtype *t = mk_float(4, OQ_LE);
	struct oq_table_spec spec = { "x", t, OQ_LONG, 2, shape, axes };
	struct oq_table *table;

	(void)state;
	assert_int_equal(oq_table_new(&spec, &table, NULL), 0);
	assert_string_equal(table->axis_names[0], "site");
	assert_null(table->axis_labels[0]);
	assert_string_equal(oq_table_label(table, 1, 2), "x");
	oq_table_free(table);

	spec.axes = NULL;
	assert_int_equal(oq_table_new(&spec, &table, NULL), 0);
	assert_string_equal(table->axis_names[1], "d1");
	oq_table_free(table);
	oq_dtype_free(t);
}

static void test_refusal(void **state)
{
	static const uint64_t huge[] = { 1ull << 40, 1ull << 40 };
	struct oq_dtype *t = mk_float(4, OQ_LE), *c = mk_event();
	struct oq_table_spec spec = { "x", t, OQ_LONG, 2, huge, NULL };
	struct oq_table *table;
	struct oq_err err;

	(void)state;
	assert_int_equal(oq_table_new(&spec, &table, &err), -EOVERFLOW);
	spec.dims = shape;
	spec.form = OQ_ROWS;
	assert_int_equal(oq_table_new(&spec, &table, &err), -EINVAL);
	spec.form = OQ_MATRIX;
	spec.type = c;
	assert_int_equal(oq_table_new(&spec, &table, &err), -EINVAL);
	oq_dtype_free(t);
	oq_dtype_free(c);
	oq_table_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("columns are named after members and items", test_names),
		TEST("no two columns have the same name", test_apart),
		TEST("each column knows its place in the element", test_places),
		TEST("arrays beyond measure stay one column", test_too_many),
		TEST("the form follows from the shape and the type",
		     test_forms),
		TEST("axes have names and labels", test_axes),
		TEST("what fits no form is refused", test_refusal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
