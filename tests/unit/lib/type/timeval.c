/* SPDX-License-Identifier: MIT */
/* timeval.c - the 8-byte times of PyTables become the doubles they were */

#include "lib/type/timeval.h"

#include <endian.h>

#include "tests/unit/types.h"

static struct oq_dtype *mk_timeval(enum oq_order order)
{
	struct oq_dtype *t = mk_int(8, true, order);

	t->cls = OQ_TIME;
	oq_timeval_make(t);
	return t;
}

static uint64_t packed(int32_t seconds, int32_t micros)
{
	return (uint64_t)(uint32_t)seconds << 32 | (uint32_t)micros;
}

static double as_double(uint64_t v)
{
	double d;

	memcpy(&d, &v, sizeof(d));
	return d;
}

static void test_values(void **state)
{
	struct oq_dtype *t = mk_timeval(OQ_LE);
	struct oq_buf b = { 0 };
	uint64_t v[4] = { htole64(packed(1, 250000)),
			  htole64(packed(-1, -250000)), 0,
			  htole64(packed(2000000000, 125000)) };

	(void)state;
	assert_true(oq_dtype_is_plain(t));
	assert_true(oq_timeval_has(t));
	oq_dtype_put_numpy(t, &b);
	ASSERT_TEXT(b, "[('us', '<i4'), ('s', '<i4')]");
	oq_buf_free(&b);
	oq_timeval_turn(t, v, 4);
	assert_true(as_double(le64toh(v[0])) == 1.25);
	assert_true(as_double(le64toh(v[1])) == -1.25);
	assert_true(as_double(le64toh(v[2])) == 0);
	assert_true(as_double(le64toh(v[3])) == 2000000000.125);
	oq_dtype_free(t);
}

/* Within arrays and compounds, and nothing beside them. */
static void test_nested(void **state)
{
	struct oq_dtype *t = mk_compound(28), *plain = mk_int(8, true, OQ_BE);
	uint8_t elems[2][28];
	uint64_t v;

	(void)state;
	assert_false(oq_timeval_has(plain));
	add_member(t, "a", 4, mk_array(mk_timeval(OQ_BE), 1, 2, 0));
	add_member(t, "b", 20, plain);
	memset(elems, 0x55, sizeof(elems));
	v = htobe64(packed(3, 500000));
	memcpy(elems[1] + 12, &v, sizeof(v));
	assert_true(oq_timeval_has(t));
	oq_timeval_turn(t, elems, 2);
	memcpy(&v, elems[1] + 12, sizeof(v));
	assert_true(as_double(be64toh(v)) == 3.5);
	assert_int_equal(elems[1][3], 0x55);
	for (size_t i = 20; i < 28; i++)
		assert_int_equal(elems[0][i], 0x55);
	oq_dtype_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("values", test_values),
		TEST("nested", test_nested),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
