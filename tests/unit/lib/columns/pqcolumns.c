/* SPDX-License-Identifier: MIT */
/* pqcolumns.c - columns of tables of any form, against counting */

#include "lib/columns/pqcolumns.h"

#include <errno.h>

#include "lib/columns/pqaxis.h"
#include "lib/columns/pqtype.h"
#include "tests/unit/types.h"

static struct oq_table *make(const struct oq_dtype *t, enum oq_form form,
			     unsigned rank, const uint64_t *dims,
			     const struct oq_axis *axes)
{
	struct oq_table_spec spec = { "x", t, form, rank, dims, axes };
	struct oq_table *table;

	assert_int_equal(oq_table_new(&spec, &table, NULL), 0);
	return table;
}

static void test_axes(void **state)
{
	const uint64_t dims[] = { 3, 1, 4, 5 };
	const struct oq_axis axes[] = {
		{ "a", NULL, 7, 1 },
		{ "b", NULL, 0, 1 },
		{ "c", NULL, 30, -2 },
		{ "d", NULL, 0, 3 },
	};
	struct oq_dtype *t = mk_float(4, OQ_LE);
	struct oq_table *table = make(t, OQ_LONG, 4, dims, axes);

	(void)state;
	for (unsigned axis = 0; axis < 4; axis++) {
		uint64_t all[60], some[60], inner = 1;

		for (unsigned i = axis + 1; i < 4; i++)
			inner *= dims[i];
		oq_pqaxis_index(table, axis, 0, 60, all);
		for (uint64_t r = 0; r < 60; r++)
			assert_int_equal(all[r], r / inner % dims[axis]);
		for (uint64_t first = 0; first < 60; first++)
			for (uint64_t n = 1; n <= 60 - first; n++) {
				struct oq_pqstat s =
					oq_pqaxis_range(table, axis, first, n);
				uint64_t min = UINT64_MAX, max = 0;

				oq_pqaxis_index(table, axis, first, n, some);
				for (uint64_t i = 0; i < n; i++) {
					uint64_t v = oq_table_index(table, axis,
								    some[i]);

					assert_int_equal(some[i],
							 all[first + i]);
					min = v < min ? v : min;
					max = v > max ? v : max;
				}
				/* Never narrower; exact where it does not
				 * begin anew. */
				assert_true(s.min <= min && s.max >= max);
				if (first / inner / dims[axis] ==
				    (first + n - 1) / inner / dims[axis])
					assert_true(s.min == min &&
						    s.max == max);
			}
	}
	oq_table_free(table);
	oq_dtype_free(t);
}

static void test_dictionaries(void **state)
{
	static char text[5000];
	const char *texts[1000] = { "one", "two", "three", "\xff" };
	const uint64_t dims[] = { 3, 2 };
	struct oq_axis axes[] = { { "a\xfe%", texts, 0, 1 },
				  { "b", texts, 3, -2 } };
	struct oq_dtype *t = mk_float(8, OQ_LE);
	struct oq_table *table = make(t, OQ_LONG, 2, dims, axes);
	struct oq_pqcolumns_spec spec = { table, t, false, NULL };
	const uint64_t many[] = { 1000 };
	struct oq_pqcolumns c;

	(void)state;
	assert_int_equal(oq_pqcolumns_init(&c, &spec, NULL), 0);
	assert_int_equal(c.schema.ncols, 3);
	assert_string_equal(c.cols[0].name, "a%FE%25");
	assert_int_equal(c.cols[0].ndict, 3);
	assert_string_equal(c.cols[0].dict[2], "three");
	assert_int_equal(c.cols[0].type, OQ_PQ_STRING);
	assert_string_equal(c.cols[1].dict[0], "\xff");
	assert_string_equal(c.cols[1].dict[1], "two");
	assert_int_equal(c.cols[1].type, OQ_PQ_BINARY);
	assert_int_equal(c.cols[2].type, OQ_PQ_DOUBLE);
	oq_pqcolumns_free(&c);
	oq_table_free(table);

	/* Those that are long are no dictionary. */
	memset(text, 'x', sizeof(text) - 1);
	for (size_t i = 0; i < 1000; i++)
		texts[i] = text;
	axes[0].name = "a";
	spec.table = table = make(t, OQ_LONG, 1, many, axes);
	assert_int_equal(oq_pqcolumns_init(&c, &spec, NULL), 0);
	assert_null(c.cols[0].dict);
	oq_pqcolumns_free(&c);
	oq_table_free(table);
	oq_dtype_free(t);
}

static void test_parts(void **state)
{
	struct oq_dtype *t = mk_compound(16);
	const uint64_t n = 1000, far = UINT64_C(1) << 40;
	struct oq_pqcolumns_spec spec = { NULL, t, true, "{}" };
	struct oq_pqcolumns c;
	struct oq_table *table;

	(void)state;
	add_member(t, "a", 0, mk_int(4, true, OQ_LE));
	add_member(t, "b", 4, mk_array(mk_int(2, false, OQ_BE), 1, 2, 0));
	add_member(t, "c", 8, mk_float(8, OQ_LE));
	spec.table = table = make(t, OQ_ROWS, 1, &n, NULL);
	assert_int_equal(oq_pqcolumns_init(&c, &spec, NULL), 0);
	assert_int_equal(c.schema.ncols, 4);
	assert_int_equal(c.nparts, 3);
	assert_int_equal(c.parts[1].member, 1);
	assert_int_equal(c.parts[1].ncols, 2);
	assert_int_equal(c.origins[2].part, 1);
	assert_int_equal(c.origins[2].offset, 2);
	assert_int_equal(c.parts[1].row_bytes, 4);
	assert_true(c.cols[0].has_stats && c.cols[2].has_stats &&
		    !c.cols[3].has_stats);
	oq_pqcolumns_free(&c);

	spec.by_member = false;
	assert_int_equal(oq_pqcolumns_init(&c, &spec, NULL), 0);
	assert_int_equal(c.nparts, 1);
	assert_int_equal(c.parts[0].member, OQ_PQ_WHOLE);
	assert_int_equal(c.parts[0].ncols, 4);
	assert_int_equal(c.origins[3].offset, 8);
	oq_pqcolumns_free(&c);
	oq_table_free(table);

	/* What is too much to look at once more has no statistics. */
	spec.table = table = make(t, OQ_ROWS, 1, &far, NULL);
	assert_int_equal(oq_pqcolumns_init(&c, &spec, NULL), 0);
	assert_false(c.cols[0].has_stats);
	assert_int_equal(c.parts[0].nstats, 0);
	oq_pqcolumns_free(&c);
	oq_table_free(table);
	oq_dtype_free(t);
}

static void test_refusals(void **state)
{
	const uint64_t wide[] = { 2, 65537 };
	struct oq_dtype *t = mk_int(1, false, OQ_LE);
	struct oq_table *table = make(t, OQ_MATRIX, 2, wide, NULL);
	struct oq_pqcolumns_spec spec = { table, t, false, NULL };
	struct oq_pqcolumns c;
	struct oq_err err = { "" };

	(void)state;
	assert_int_equal(oq_pqcolumns_init(&c, &spec, &err), -EOPNOTSUPP);
	assert_non_null(strstr(err.text, "columns"));
	oq_pqcolumns_free(&c);
	oq_table_free(table);
	oq_dtype_free(t);

	t = mk_array(mk_int(16, false, OQ_LE), 1, 3, 0);
	assert_int_equal(oq_pqtype_hold(t, &err), -EOPNOTSUPP);
	assert_non_null(strstr(err.text, "128 bits"));
	oq_dtype_free(t);
}

/* What pyarrow needs: see its pandas_compat.py. */
static void test_index(void **state)
{
	static const char want[] =
		"{\"index_columns\": [\"a\", \"\\\"\"], "
		"\"column_indexes\": [], \"columns\": ["
		"{\"name\": \"a\", \"field_name\": \"a\", "
		"\"pandas_type\": \"uint16\", \"numpy_type\": \"uint16\", "
		"\"metadata\": null}, {\"name\": \"v\", \"field_name\": \"v\", "
		"\"pandas_type\": \"list[float64]\", \"numpy_type\": "
		"\"object\", \"metadata\": null}, {\"name\": null, "
		"\"field_name\": \"\\\"\", \"pandas_type\": \"unicode\", "
		"\"numpy_type\": \"object\", \"metadata\": null}], "
		"\"creator\": ";
	const uint64_t dims[] = { 5 };
	struct oq_dtype *t = mk_compound(2 + sizeof(struct oq_vlen) + 3);
	struct oq_pqcolumns_spec spec = { NULL, t, false, "{}" };
	struct oq_table *table;
	struct oq_pqcolumns c;

	(void)state;
	add_member(t, "a", 0, mk_int(2, false, OQ_LE));
	add_member(t, "v", 2, mk_vlen(mk_float(8, OQ_LE)));
	add_member(t, "\"", 2 + sizeof(struct oq_vlen), mk_str(3, OQ_NULLPAD));
	spec.table = table = make(t, OQ_ROWS, 1, dims, NULL);
	assert_int_equal(oq_pqcolumns_init(&c, &spec, NULL), 0);
	assert_int_equal(c.schema.nmeta, 1);
	oq_pqcolumns_free(&c);
	oq_table_free(table);

	t->members[0].role = OQ_ROLE_INDEX;
	t->members[2].role = OQ_ROLE_NAMELESS;
	spec.table = table = make(t, OQ_ROWS, 1, dims, NULL);
	assert_int_equal(oq_pqcolumns_init(&c, &spec, NULL), 0);
	assert_int_equal(c.schema.nmeta, 2);
	assert_string_equal(c.schema.meta[1].key, "pandas");
	assert_memory_equal(c.schema.meta[1].value, want, sizeof(want) - 1);
	oq_pqcolumns_free(&c);
	oq_table_free(table);
	oq_dtype_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("indices and ranges of axes are those of the rows",
		     test_axes),
		TEST("labels are a dictionary if they are few, or short",
		     test_dictionaries),
		TEST("columns know the part and the place of their bytes",
		     test_parts),
		TEST("what Parquet has not is refused", test_refusals),
		TEST("pandas is told of an index", test_index),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
