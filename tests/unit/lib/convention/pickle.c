/* SPDX-License-Identifier: MIT */
/* pickle.c - lists of names are read, and nothing else is done */

#include "lib/convention/pickle.h"

#include "tests/unit/types.h"

/* A value in short: names in quotes, lists in brackets. */
static void put(const struct oq_pickled *v, unsigned depth, struct oq_buf *out)
{
	bool dict = v->kind == OQ_PICKLED_DICT;

	switch (v->kind) {
	case OQ_PICKLED_OTHER:
		oq_buf_putc(out, '?');
		return;
	case OQ_PICKLED_NONE:
		oq_buf_puts(out, "none");
		return;
	case OQ_PICKLED_INT:
		oq_buf_printf(out, "%lld", (long long)v->number);
		return;
	case OQ_PICKLED_TEXT:
		oq_buf_printf(out, "'%s'", v->text);
		return;
	case OQ_PICKLED_LIST:
	case OQ_PICKLED_DICT:
		break;
	}
	oq_buf_putc(out, dict ? '{' : '[');
	for (size_t i = 0; depth && i < v->n; i++) {
		if (i > 0)
			oq_buf_putc(out, dict && i % 2 ? ':' : ' ');
		put(v->items[i], depth - 1, out);
	}
	oq_buf_putc(out, dict ? '}' : ']');
}

static void check_bytes(const char *s, size_t n, const char *want)
{
	struct oq_pickled *all = NULL;
	const struct oq_pickled *v = oq_pickle_read(s, n, &all);
	struct oq_buf b = { 0 };

	oq_buf_puts(&b, "");
	if (v)
		put(v, 4, &b);
	else
		oq_buf_puts(&b, "nothing");
	ASSERT_TEXT(b, want);
	oq_buf_free(&b);
	oq_pickle_free(all);
}

static void check(const char *s, const char *want)
{
	/* From memory of just that size, for a sanitizer to watch its end. */
	size_t n = strlen(s);
	char *copy = zeroed(n);

	memcpy(copy, s, n);
	check_bytes(copy, n, want);
	free(copy);
}

/* As Python 3 writes them. */
static void test_values(void **state)
{
	(void)state;
	check("(lp0\nVa\np1\naVb c\np2\na.", "['a' 'b c']");
	check("(lp0\n(I1\n(lp1\nVa\np2\naI-7\natp3\na.", "[[1 ['a' -7]]]");
	check("(dp0\nI1\n(dp1\nVnames\np2\n(lp3\nNasVt\np4\nVi\np5\nss.",
	      "{1:{'names':[none] 't':'i'}}");
	check("L5L\n.", "5");
	check("I9223372036854775807\n.", "9223372036854775807");
	check("I0\n.", "0");
	check("(t.", "[]");
	check("V\n.", "''");
	check("(lp0\nVa\np1\nag1\na.", "['a' 'a']");
}

static void test_text(void **state)
{
	(void)state;
	check("V\xe9\"\\u000a\n.", "'\xc3\xa9\"\n'");
	check("V\\u20ac\\U0001F600\\u005cx\n.",
	      "'\xe2\x82\xac\xf0\x9f\x98\x80\\x'");
	check("V\\u12\n.", "'\\u12'");
	check("V\\\n.", "'\\'");
	check("V\\ud800\n.", "?");
	check("V\\u0000\n.", "?");
	check("V\\U00110000\n.", "?");
}

/* What is no text, number or list of them is nothing that can be used. */
static void test_others(void **state)
{
	(void)state;
	check("cos\nsystem\n(S'rm -rf /'\ntR.", "?");
	check("(lp0\ncpytz\n_UTC\np1\n(tRp2\naVa\np3\na.", "[? 'a']");
	check("I01\n.", "?");
	check("I00\n.", "?");
	check("F1.5\n.", "?");
	check("S'a'\n.", "?");
	check("I9223372036854775808\n.", "?");
	check("Ix\n.", "?");
	check("ca\nb\n(t(dVx\nI1\nsb.", "?");
	check("ca\nb\n(tR(dVx\nI1\nsb.", "?");
}

static void test_damaged(void **state)
{
	static const char *const bad[] = {
		"",
		".",
		"(.",
		"(l",
		"Va",
		"V",
		"a.",
		"(la.",
		"Va\na.",
		"(dVa\ns.",
		"s.",
		"l.",
		"t.",
		"(I1\nd.",
		"R.",
		"I1\nR.",
		"b.",
		"0.",
		"g0\n.",
		"p0\n.",
		"(p0\n.",
		"I1\npx\n.",
		"I1\np100000\n.",
		"I1\np-1\n.",
		"I1\np\n.",
		"\x80\x02]q\x00.",
		"ca\n.",
		"c.",
		"I99999999999999999999999999999999999999\n.",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		check(bad[i], "nothing");
	check_bytes("I1\0\0\n.", 6, "nothing");
	check_bytes("Va\0b\n.", 6, "?");
}

/* A list in itself is read, and freed once. */
static void test_cycle(void **state)
{
	(void)state;
	check("(lp0\ng0\na.", "[[[[[]]]]]");
}

static void test_get(void **state)
{
	static const char s[] = "(dp0\nVa\nI1\nsI5\nI2\nsVa\nI3\nsVlist\n(ls.";
	struct oq_pickled *all = NULL;
	const struct oq_pickled *v = oq_pickle_read(s, sizeof(s) - 1, &all);

	(void)state;
	assert_non_null(v);
	assert_int_equal(oq_pickled_get(v, "a")->number, 1);
	assert_null(oq_pickled_get(v, "5"));
	assert_null(oq_pickled_get(oq_pickled_get(v, "list"), "a"));
	assert_null(oq_pickled_get(NULL, "a"));
	oq_pickle_free(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("values", test_values), TEST("text", test_text),
		TEST("others", test_others), TEST("damaged", test_damaged),
		TEST("a cycle", test_cycle), TEST("keys", test_get),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
