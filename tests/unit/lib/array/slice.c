/* SPDX-License-Identifier: MIT */
/* slice.c - slices in names: what they say, and what that selects */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array/slice.h"

#include "tests/unit/test.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Numbers that look random and are the same every time. */
static uint64_t draw(uint64_t *seed, uint64_t n)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (*seed >> 33) % n;
}

static struct oq_slice parsed; /* large, and nothing is kept in it */
static struct oq_err why;      /* the latest that was refused */

/* Parse a copy of just those bytes, so that a sanitizer sees what is read. */
static int parse_bytes(const char *s, size_t n)
{
	char *copy = malloc(n ? n : 1);
	int r;

	assert_non_null(copy);
	memcpy(copy, s, n);
	why.text[0] = 0;
	r = oq_slice_parse(copy, n, &parsed, &why);
	assert_int_equal(r == 0, why.text[0] == 0);
	free(copy);
	return r;
}

static int parse(const char *s)
{
	return parse_bytes(s, strlen(s));
}

/* ---- what a slice says ---- */

/* The items once more as text, in one certain form. */
static void show(char *out, size_t room)
{
	size_t n = 0;

	out[0] = 0;
	for (size_t i = 0; i < parsed.nitems && n < room; i++) {
		const struct oq_slice_item *it = &parsed.items[i];
		const char *sep = i ? " " : "";
		char start[24] = "", stop[24] = "";

		if (it->has_start || it->kind == OQ_SLICE_INDEX)
			snprintf(start, sizeof(start), "%lld",
				 (long long)it->start);
		if (it->has_stop)
			snprintf(stop, sizeof(stop), "%lld",
				 (long long)it->stop);
		switch (it->kind) {
		case OQ_SLICE_INDEX:
			n += (size_t)snprintf(out + n, room - n, "%s%s", sep,
					      start);
			break;
		case OQ_SLICE_RANGE:
			n += (size_t)snprintf(out + n, room - n, "%s%s:%s:%lld",
					      sep, start, stop,
					      (long long)it->step);
			break;
		case OQ_SLICE_ELLIPSIS:
			n += (size_t)snprintf(out + n, room - n, "%s...", sep);
			break;
		case OQ_SLICE_FIELD:
			n += (size_t)snprintf(out + n, room - n, "%s<%s>", sep,
					      it->name);
			break;
		case OQ_SLICE_LABEL:
			n += (size_t)snprintf(out + n, room - n, "%s<%s>=<%s>",
					      sep, it->name, it->label);
			break;
		}
	}
}

static void says(const char *slice, const char *want)
{
	char got[512];

	if (parse(slice) < 0)
		fail_msg("%s is refused", slice);
	show(got, sizeof(got));
	if (strcmp(got, want) != 0)
		fail_msg("%s says '%s', should say '%s'", slice, got, want);
}

static void test_items(void **state)
{
	(void)state;
	says("[0]", "0");
	says("[-5]", "-5");
	says("[:]", "::1");
	says("[::]", "::1");
	says("[1:2]", "1:2:1");
	says("[-1:-9:-3]", "-1:-9:-3");
	says("[::-1]", "::-1");
	says("[...]", "...");
	says("[0:10, 0, :, ::2]", "0:10:1 0 ::1 ::2");
	says("[ 1 : 2 : 3 ,... , -4 ]", "1:2:3 ... -4");
	says("[9223372036854775807]", "9223372036854775807");
	says("[:-9223372036854775807]", ":-9223372036854775807:1");
}

static void test_names(void **state)
{
	(void)state;
	says("[mag]", "<mag>");
	says("[ mag , a.b]", "<mag> <a.b>");
	says("[SA(0.3)]", "<SA(0.3)>");
	says("[Active Shallow Crust]", "<Active Shallow Crust>");
	says("[1a]", "<1a>");
	says("[a:b]", "<a:b>");
	/* What is no range may still be a name. */
	says("[::0]", "<::0>");
	says("[1:2:3:4]", "<1:2:3:4>");
	says("[[0]", "<[0>");
	says("[value-structural]", "<value-structural>");
	says("[\"a name, x\"]", "<a name, x>");
	says("['it''s']", "<it's>");
	says("[\"say \"\"so\"\"\"]", "<say \"so\">");
	says("[\"it's\"]", "<it's>");
	says("['0', 0, \"...\"]", "<0> 0 <...>");
	says("['a]b']", "<a]b>");
	says("[' a ']", "< a >");
	says("[stat=mean, imt=PGA]", "<stat>=<mean> <imt>=<PGA>");
	says("[stat = mean]", "<stat>=<mean>");
	says("[poe=0.1]", "<poe>=<0.1>");
	says("['a, b'=\"c=d\", 0]", "<a, b>=<c=d> 0");
	says("[site=-1]", "<site>=<-1>");
}

static void test_nonsense(void **state)
{
	static const char *const all[] = {
		"",	 "[",	   "]",	     "[]",	"[ ]",	  "[,]",
		"[0,]",	 "[,0]",   "[0,,1]", "[0",	"0]",	  "[0] ",
		"[0]]",	 "[0][1]", "[=]",    "[a=]",	"[=a]",	  "[a=b=c]",
		"['a]",	 "[\"a]",  "['a'b]", "['a' b]", "[a='b]", "[']",
		"['']]", "[a]b",   "[1 2",   "[0;1",	"(0)",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++)
		if (parse(all[i]) != -ENOENT)
			fail_msg("'%s' is taken", all[i]);
	assert_int_equal(parse_bytes("[a\0b]", 5), -ENOENT);
}

static void test_limits(void **state)
{
	char s[OQ_SLICE_MAX_BYTES + 16];
	size_t n = 0;

	(void)state;
	s[n++] = '[';
	for (int i = 0; i < OQ_SLICE_MAX_ITEMS; i++)
		n += (size_t)sprintf(s + n, "%s0", i ? "," : "");
	strcpy(s + n, "]");
	assert_int_equal(parse(s), 0);
	assert_int_equal(parsed.nitems, OQ_SLICE_MAX_ITEMS);
	strcpy(s + n, ",0]");
	assert_int_equal(parse(s), -ENOENT);

	memset(s, 'a', sizeof(s));
	s[0] = '[';
	s[sizeof(s) - 1] = ']';
	assert_int_equal(parse_bytes(s, sizeof(s)), -ENOENT);
	s[1000] = ']';
	assert_int_equal(parse_bytes(s, 1001), 0);
	assert_int_equal(strlen(parsed.items[0].name), 999);
}

/* ---- names from strangers ---- */

/* Whatever was taken holds together. */
static void check_parsed(void)
{
	assert_true(parsed.nitems >= 1 && parsed.nitems <= OQ_SLICE_MAX_ITEMS);
	for (size_t i = 0; i < parsed.nitems; i++) {
		const struct oq_slice_item *it = &parsed.items[i];
		const char *end = parsed.text + sizeof(parsed.text);

		if (it->kind == OQ_SLICE_RANGE)
			assert_true(it->step != 0);
		if (it->kind != OQ_SLICE_FIELD && it->kind != OQ_SLICE_LABEL)
			continue;
		assert_true(it->name >= parsed.text && it->name < end);
		assert_non_null(memchr(it->name, 0, (size_t)(end - it->name)));
		if (it->kind == OQ_SLICE_LABEL)
			assert_non_null(memchr(it->label, 0,
					       (size_t)(end - it->label)));
	}
}

static void test_garbage(void **state)
{
	static const char some[] = "0123456789-+:::,,,,.=[]'\"' abc\t\x01\xff";
	const uint64_t dims[3] = { 4, 0, UINT64_MAX };
	uint64_t seed = 1;
	size_t taken = 0;
	char s[80];

	(void)state;
	for (int i = 0; i < 300000; i++) {
		size_t n = 1 + draw(&seed, sizeof(s) - 2);
		struct oq_sel sel;

		if (draw(&seed, 2))
			n = 1 + draw(&seed, 8);
		s[0] = '[';
		for (size_t k = 1; k < n; k++)
			s[k] = some[draw(&seed, sizeof(some) - 1)];
		s[n] = ']';
		if (parse_bytes(s, n + 1) < 0)
			continue;
		taken++;
		check_parsed();
		(void)oq_slice_select(&parsed, (unsigned)draw(&seed, 4), dims,
				      NULL, &sel, NULL);
	}
	assert_true(taken >= 1000 && taken <= 290000);
}

/* ---- what it selects, against the plainest of models ---- */

/* Python's rule: step along from the start while within the axis, clipping a
 * bound as if the axis went on for ever with nothing there. */
static size_t model_range(const struct oq_slice_item *it, int64_t dim,
			  int64_t *out)
{
	size_t n = 0;

	int64_t start = it->step > 0 ? 0 : dim - 1;
	int64_t stop = it->step > 0 ? dim : -1;

	if (it->has_start)
		start = it->start < 0 ? it->start + dim : it->start;
	if (it->has_stop) {
		stop = it->stop < 0 ? it->stop + dim : it->stop;
		if (stop < -1)
			stop = -1;
	}
	if (it->step > 0 && start < 0)
		start = 0;
	if (it->step < 0 && start > dim - 1)
		start = dim - 1;
	for (int64_t i = start; it->step > 0 ? i < stop : i > stop;
	     i += it->step) {
		if (i < 0 || i >= dim)
			break;
		out[n++] = i;
	}
	return n;
}

static void check_range(const char *slice, int64_t dim)
{
	const uint64_t udim = (uint64_t)dim;
	struct oq_sel sel;
	int64_t want[16];
	size_t n;

	assert_int_equal(parse(slice), 0);
	n = model_range(&parsed.items[0], dim, want);
	assert_int_equal(oq_slice_select(&parsed, 1, &udim, NULL, &sel, NULL),
			 0);
	if (sel.axis[0].count != n || sel.nelems != n || sel.axis[0].dropped)
		fail_msg("%s of %d: %d elements, not %zu", slice, (int)dim,
			 (int)sel.axis[0].count, n);
	for (size_t k = 0; k < n; k++)
		if ((int64_t)sel.axis[0].start +
			    (int64_t)k * sel.axis[0].step !=
		    want[k])
			fail_msg("%s of %d: another element %zu", slice,
				 (int)dim, k);
}

/* Every bound and step that a small axis can tell apart. */
static void test_ranges(void **state)
{
	char s[64], bounds[2][16];

	(void)state;
	for (int dim = 0; dim < 6; dim++)
		for (int a = -8; a <= 8; a++)
			for (int b = -8; b <= 8; b++)
				for (int step = -7; step <= 7; step++) {
					if (step == 0)
						continue;
					sprintf(bounds[0], "%d", a);
					sprintf(bounds[1], "%d", b);
					/* 8 stands for none */
					sprintf(s, "[%s:%s:%d]",
						a == 8 ? "" : bounds[0],
						b == 8 ? "" : bounds[1], step);
					check_range(s, dim);
				}
}

static int select_of(const char *slice, unsigned rank, const uint64_t *dims,
		     struct oq_sel *sel)
{
	int r = parse(slice);

	return r ? r : oq_slice_select(&parsed, rank, dims, NULL, sel, &why);
}

static void test_indices(void **state)
{
	char s[32];

	(void)state;
	for (uint64_t dim = 0; dim < 5; dim++)
		for (int i = -7; i < 7; i++) {
			int64_t at = i < 0 ? i + (int64_t)dim : i;
			bool in = at >= 0 && at < (int64_t)dim;
			struct oq_sel sel;
			int r;

			sprintf(s, "[%d]", i);
			r = select_of(s, 1, &dim, &sel);
			assert_int_equal(r, in ? 0 : -ENOENT);
			if (!in)
				continue;
			assert_int_equal(sel.axis[0].start, at);
			assert_int_equal(sel.axis[0].count, 1);
			assert_true(sel.axis[0].dropped);
		}
}

static void test_far_bounds(void **state)
{
	static const char *const all[] = {
		"[-9223372036854775807:9223372036854775807]",
		"[::9223372036854775807]",
		"[::-9223372036854775807]",
		"[9223372036854775807::-1]",
		"[:-9223372036854775807:-9223372036854775807]",
	};
	const uint64_t dim = INT64_MAX;
	struct oq_sel sel;

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++)
		for (int64_t d = 0; d < 4; d++) {
			const uint64_t u = (uint64_t)d;

			assert_int_equal(select_of(all[i], 1, &u, &sel), 0);
		}
	assert_int_equal(select_of("[::2]", 1, &dim, &sel), 0);
	assert_true(sel.nelems == (uint64_t)1 << 62);
	assert_int_equal(select_of("[-1]", 1, &dim, &sel), 0);
	assert_true(sel.axis[0].start == (uint64_t)INT64_MAX - 1);
}

/* ---- which axis gets which item ---- */

/* Shape of the selection as text, or "-" where there is none. */
static void shape_is(const char *slice, unsigned rank, const uint64_t *dims,
		     const char *want)
{
	uint64_t shape[OQ_MAX_RANK];
	char got[128] = "";
	struct oq_sel sel;
	unsigned n = 0;

	if (select_of(slice, rank, dims, &sel) < 0) {
		strcpy(got, "-");
	} else {
		n = oq_slice_shape(&sel, shape);
		for (unsigned i = 0; i < n; i++)
			sprintf(got + strlen(got), "%s%llu", i ? "," : "",
				(unsigned long long)shape[i]);
	}
	if (strcmp(got, want) != 0)
		fail_msg("%s has shape '%s', should have '%s'", slice, got,
			 want);
}

static void test_axes(void **state)
{
	const uint64_t d[] = { 10, 20, 30, 40 };

	(void)state;
	shape_is("[0]", 4, d, "20,30,40");
	shape_is("[:3]", 4, d, "3,20,30,40");
	shape_is("[0,0,0,0]", 4, d, "");
	shape_is("[0,0,0,0,0]", 4, d, "-");
	shape_is("[...]", 4, d, "10,20,30,40");
	shape_is("[...,0]", 4, d, "10,20,30");
	shape_is("[0,...]", 4, d, "20,30,40");
	shape_is("[0,...,:2]", 4, d, "20,30,2");
	shape_is("[0,:5,...,:2]", 4, d, "5,30,2");
	shape_is("[0,0,...,0,0]", 4, d, "");
	shape_is("[0,0,...,0,0,0]", 4, d, "-");
	shape_is("[...,...]", 4, d, "-");
	shape_is("[...]", 0, d, "");
	shape_is("[0]", 0, d, "-");
	shape_is("[:]", 0, d, "-");
	shape_is("[mag,0,id]", 4, d, "20,30,40");
	shape_is("[mag]", 4, d, "10,20,30,40");
	shape_is("[stat=mean]", 4, d, "-");
}

static void test_overflow(void **state)
{
	const uint64_t d[] = { (uint64_t)1 << 40, (uint64_t)1 << 40 };
	struct oq_sel sel;

	(void)state;
	assert_int_equal(select_of("[0]", 2, d, &sel), -ENOENT);
}

/* ---- labels ---- */

/* Axis "aN" is axis N and has labels "l0", "l1", ...; "wild" is none. */
static int find(void *ctx, const char *name, const char *label, unsigned *axis,
		uint64_t *index, struct oq_err *err)
{
	(*(int *)ctx)++;
	if (strcmp(name, "wild") == 0) {
		*axis = 99;
		*index = UINT64_MAX;
		return 0;
	}
	if (name[0] != 'a' || label[0] != 'l')
		return oq_err_set(err, -ENOENT, "none such");
	*axis = (unsigned)(name[1] - '0');
	*index = strtoul(label + 1, NULL, 10);
	return 0;
}

static void labels_give(const char *slice, const char *want)
{
	const uint64_t dims[] = { 4, 5, 6 };
	int calls = 0;
	struct oq_slice_axes axes = { find, &calls };
	char got[128] = "";
	struct oq_sel sel;

	if (parse(slice) < 0 ||
	    oq_slice_select(&parsed, 3, dims, &axes, &sel, &why) < 0) {
		strcpy(got, "-");
	} else {
		for (unsigned i = 0; i < 3; i++)
			sprintf(got + strlen(got), "%s%llu+%llu%s",
				i ? " " : "",
				(unsigned long long)sel.axis[i].start,
				(unsigned long long)sel.axis[i].count,
				sel.axis[i].dropped ? "d" : "");
	}
	if (strcmp(got, want) != 0)
		fail_msg("%s gives '%s', should give '%s'", slice, got, want);
}

static void test_labels(void **state)
{
	(void)state;
	labels_give("[a1=l3]", "0+4 3+1d 0+6");
	labels_give("[a1=l3,a0=l0]", "0+1d 3+1d 0+6");
	/* Positions are those of the axes that are left. */
	labels_give("[a0=l2,1]", "2+1d 1+1d 0+6");
	labels_give("[1,a0=l2]", "2+1d 1+1d 0+6");
	labels_give("[a1=l2,1,2:4]", "1+1d 2+1d 2+2");
	labels_give("[a1=l2,...,2:4]", "0+4 2+1d 2+2");
	labels_give("[a2=l0,...,1]", "0+4 1+1d 0+1d");
	labels_give("[a0=l0,a1=l0,a2=l0]", "0+1d 0+1d 0+1d");
	labels_give("[a0=l0,0,0]", "0+1d 0+1d 0+1d");
	labels_give("[a0=l0,0,0,0]", "-");
	labels_give("[a0=l0,a0=l0]", "-");
	labels_give("[a0=l4]", "-");
	labels_give("[a3=l0]", "-");
	labels_give("[a0=x]", "-");
	labels_give("[b=l0]", "-");
	labels_give("[wild=l0]", "-");
}

/* ---- why not ---- */

static void is_wrong(const char *slice, const char *want)
{
	const uint64_t dims[] = { 4, 5, 3 };
	int calls = 0;
	struct oq_slice_axes axes = { find, &calls };
	struct oq_sel sel;

	if (parse(slice) == 0 &&
	    oq_slice_select(&parsed, 3, dims, &axes, &sel, &why) == 0)
		fail_msg("%s is right", slice);
	if (strcmp(why.text, want) != 0)
		fail_msg("%s: '%s', should be '%s'", slice, why.text, want);
}

static void test_reasons(void **state)
{
	const uint64_t huge[] = { UINT64_MAX, 0 };
	struct oq_sel sel;

	(void)state;
	is_wrong("x", "'[' expected before 'x'");
	is_wrong("", "'[' expected at the end");
	is_wrong("[]", "an index, a range or a name expected before ']'");
	is_wrong("[0,", "an index, a range or a name expected at the end");
	is_wrong("[a=]", "a label expected before ']'");
	is_wrong("['a'b]", "',' or ']' expected before 'b]'");
	is_wrong("[0][1]", "the end expected before '[1]'");
	is_wrong("['\n]", "',' or ']' expected at the end");
	is_wrong("[=\n]", "an index, a range or a name expected before '=?]'");
	is_wrong("[:,5]", "index 5 is out of bounds for axis 1 with size 5");
	is_wrong("[...,-4]",
		 "index -4 is out of bounds for axis 2 with size 3");
	is_wrong("[0,0,0,0]", "too many indices: 4, where there can be 3");
	is_wrong("[a0=l0,0,0,0]", "too many indices: 3, where there can be 2");
	is_wrong("[...,...]", "more than one ellipsis");
	is_wrong("[b=l0]", "none such");
	is_wrong("[a0=l0,a0=l1]", "axis 'a0' is given twice");
	is_wrong("[a0=l4]", "label 'l4' has no elements");
	assert_int_equal(select_of("[a=b]", 1, (const uint64_t[]){ 4 }, &sel),
			 -ENOENT);
	assert_string_equal(why.text, "its axes have no labels");
	assert_int_equal(select_of("[:]", 2, huge, &sel), -ENOENT);
	assert_string_equal(why.text, "no range of axis 0 with size "
				      "18446744073709551615");
	assert_int_equal(select_of("[:]", 1, huge, &sel), -ENOENT);
	assert_string_equal(why.text, "larger than a file can be");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("integers, ranges and the ellipsis, blanks or not",
		     test_items),
		TEST("fields and labels, quoted or not", test_names),
		TEST("what is no slice is refused", test_nonsense),
		TEST("as many items and bytes as there is room for",
		     test_limits),
		TEST("300,000 random names do no harm", test_garbage),
		TEST("every range of small axes is Python's", test_ranges),
		TEST("every index of small axes is Python's", test_indices),
		TEST("bounds at the ends of 64 bits do not overflow",
		     test_far_bounds),
		TEST("items go to axes as in NumPy", test_axes),
		TEST("an array of too many elements has no slices",
		     test_overflow),
		TEST("labels take their axes, positions the others",
		     test_labels),
		TEST("what is refused says why", test_reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
