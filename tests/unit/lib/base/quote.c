/* SPDX-License-Identifier: MIT */
/* quote.c - text stays one thing in JSON, in CSV and in Python */

#include "lib/base/quote.h"

#include "tests/unit/types.h"

struct sample {
	const char *text, *json, *ascii, *csv, *py;
};

/* clang-format off */
static const struct sample samples[] = {
	{ "", "\"\"", "\"\"", "", "''" },
	{ "a b", "\"a b\"", "\"a b\"", "a b", "'a b'" },
	{ "a,b", "\"a,b\"", "\"a,b\"", "\"a,b\"", "'a,b'" },
	{ "\"", "\"\\\"\"", "\"\\\"\"", "\"\"\"\"", "'\"'" },
	{ "a\"b\"", "\"a\\\"b\\\"\"", "\"a\\\"b\\\"\"", "\"a\"\"b\"\"\"",
	  "'a\"b\"'" },
	{ "it's", "\"it's\"", "\"it's\"", "it's", "\"it's\"" },
	{ "'\"", "\"'\\\"\"", "\"'\\\"\"", "\"'\"\"\"", "'\\'\"'" },
	{ "a\nb\r", "\"a\\nb\\r\"", "\"a\\nb\\r\"", "\"a\nb\r\"",
	  "'a\\nb\\r'" },
	{ "\t\\\x01", "\"\\t\\\\\\u0001\"", "\"\\t\\\\\\u0001\"", "\t\\\x01",
	  "'\\t\\\\\\x01'" },
	{ "\x7f", "\"\x7f\"", "\"\\u007f\"", "\x7f", "'\\x7f'" },
	{ "\xc3\xa9", "\"\xc3\xa9\"", "\"\\u00e9\"", "\xc3\xa9", "'\xc3\xa9'" },
	{ "\xe2\x82\xac", "\"\xe2\x82\xac\"", "\"\\u20ac\"", "\xe2\x82\xac",
	  "'\xe2\x82\xac'" },
	{ "\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\"", "\"\\ud83d\\ude00\"",
	  "\xf0\x9f\x98\x80", "'\xf0\x9f\x98\x80'" },
	/* a no-break space and a private character are not printable */
	{ "\xc2\xa0", "\"\xc2\xa0\"", "\"\\u00a0\"", "\xc2\xa0", "'\\xa0'" },
	{ "\xee\x80\x80", "\"\xee\x80\x80\"", "\"\\ue000\"", "\xee\x80\x80",
	  "'\\ue000'" },
	{ "\xf3\xb0\x80\x80", "\"\xf3\xb0\x80\x80\"", "\"\\udb80\\udc00\"",
	  "\xf3\xb0\x80\x80", "'\\U000f0000'" },
	/* no UTF-8: latin-1, cut short, overlong, a surrogate, too large */
	{ "\xe9t", "\"\\udce9t\"", "\"\\udce9t\"", "\xe9t", "'\\udce9t'" },
	{ "\xe2\x82", "\"\\udce2\\udc82\"", "\"\\udce2\\udc82\"", "\xe2\x82",
	  "'\\udce2\\udc82'" },
	{ "\xc0\xaf", "\"\\udcc0\\udcaf\"", "\"\\udcc0\\udcaf\"", "\xc0\xaf",
	  "'\\udcc0\\udcaf'" },
	{ "\xed\xa0\x80", "\"\\udced\\udca0\\udc80\"",
	  "\"\\udced\\udca0\\udc80\"", "\xed\xa0\x80",
	  "'\\udced\\udca0\\udc80'" },
	{ "\xf4\x90\x80\x80", "\"\\udcf4\\udc90\\udc80\\udc80\"",
	  "\"\\udcf4\\udc90\\udc80\\udc80\"", "\xf4\x90\x80\x80",
	  "'\\udcf4\\udc90\\udc80\\udc80'" },
};
/* clang-format on */

static void test_samples(void **state)
{
	struct oq_buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(samples); i++) {
		const struct sample *s = &samples[i];
		size_t n = strlen(s->text);

		oq_json_put_str(s->text, n, false, &b);
		ASSERT_TEXT(b, s->json);
		oq_json_put_str(s->text, n, true, &b);
		ASSERT_TEXT(b, s->ascii);
		oq_csv_put_field(s->text, n, &b);
		ASSERT_TEXT(b, s->csv);
		oq_py_put_str(s->text, n, &b);
		ASSERT_TEXT(b, s->py);
	}
	oq_buf_free(&b);
}

/* Encode and decode every character, and see that no shorter piece of it is
 * taken for one. */
static void test_utf8(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp < 0x110000; cp++) {
		char s[4];
		uint32_t got;
		size_t n = 0;

		if (cp >= 0xd800 && cp < 0xe000)
			continue;
		if (cp < 0x80) {
			s[n++] = (char)cp;
		} else if (cp < 0x800) {
			s[n++] = (char)(0xc0 | cp >> 6);
		} else if (cp < 0x10000) {
			s[n++] = (char)(0xe0 | cp >> 12);
			s[n++] = (char)(0x80 | (cp >> 6 & 0x3f));
		} else {
			s[n++] = (char)(0xf0 | cp >> 18);
			s[n++] = (char)(0x80 | (cp >> 12 & 0x3f));
			s[n++] = (char)(0x80 | (cp >> 6 & 0x3f));
		}
		if (cp >= 0x80)
			s[n++] = (char)(0x80 | (cp & 0x3f));
		assert_int_equal(oq_utf8_get(s, n, &got), n);
		assert_int_equal(got, cp);
		assert_int_equal(oq_utf8_get(s, n - 1, &got), 0);
	}
}

static void test_tail(void **state)
{
	struct oq_buf b = { 0 };

	(void)state;
	oq_buf_puts(&b, "1,");
	oq_buf_puts(&b, "[\"a\",2]");
	oq_csv_quote_tail(&b, 2);
	ASSERT_TEXT(b, "1,\"[\"\"a\"\",2]\"");
	oq_csv_quote_tail(&b, 0);
	assert_int_equal(b.len, 0);
	oq_buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("text is quoted as each format needs it", test_samples),
		TEST("every character of UTF-8 is known", test_utf8),
		TEST("what was just written becomes one field", test_tail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
