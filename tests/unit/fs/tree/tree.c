/* SPDX-License-Identifier: MIT */
/* tree.c - every entry of a group has names, and no two the same */

#include "fs/tree/tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/test.h"

#define BIT(v) (1U << (v))
#define DATA   (BIT(OQ_VIEW_BIN) | BIT(OQ_VIEW_CSV) | BIT(OQ_VIEW_NPY))
#define ALL    (DATA | BIT(OQ_VIEW_TXT) | BIT(OQ_VIEW_META))

static void put(struct oq_buf *b, const char *name, enum oq_entry_link link,
		enum oq_entry_kind kind)
{
	struct oq_entry e = {
		.name = name,
		.name_len = strlen(name),
		.link = link,
		.kind = kind,
		.object = 1000 + b->len,
		.target = "t",
		.target_len = link == OQ_ENTRY_SOFT,
		.file = "",
		.bytes[OQ_VIEW_BIN] = OQ_WIRE_UNKNOWN,
		.bytes[OQ_VIEW_NPY] = OQ_WIRE_UNKNOWN,
		.bytes[OQ_VIEW_CSV] = OQ_WIRE_UNKNOWN,
	};

	if (kind == OQ_ENTRY_DATASET) {
		e.views = ALL;
		e.listed = DATA;
	} else if (kind == OQ_ENTRY_GROUP) {
		e.views = BIT(OQ_VIEW_META);
	} else if (kind == OQ_ENTRY_DATATYPE) {
		e.views = e.listed = BIT(OQ_VIEW_META);
	}
	oq_wire_put_entry(&e, b);
}

static void dataset(struct oq_buf *b, const char *name)
{
	put(b, name, OQ_ENTRY_HARD, OQ_ENTRY_DATASET);
}

static void group(struct oq_buf *b, const char *name)
{
	put(b, name, OQ_ENTRY_HARD, OQ_ENTRY_GROUP);
}

static struct oqfs_tree *tree_of(struct oq_buf *b)
{
	struct oqfs_tree *t;

	assert_int_equal(oqfs_tree_new(b, &t), 0);
	return t;
}

static void expect(const struct oqfs_tree *t, const char *name,
		   const char *link, enum oq_view_kind view)
{
	struct oqfs_found f;
	struct oq_entry e;

	assert_int_equal(oqfs_tree_find(t, name, &f), 0);
	oqfs_tree_entry(t, f.i, &e);
	assert_int_equal(e.name_len, strlen(link));
	assert_memory_equal(e.name, link, e.name_len);
	assert_int_equal(f.view, view);
}

static void expect_none(const struct oqfs_tree *t, const char *name)
{
	struct oqfs_found f;

	assert_int_equal(oqfs_tree_find(t, name, &f), -ENOENT);
}

/* Groups that nobody says are tables, but those. */
static void test_tables(void **state)
{
	static const char *const none[] = {
		"lon.txt",    "curves",	  "curves.meta.json",
		"curves.png", "soft.csv", "curves[0].csv",
		".csv",	      "curve.csv"
	};
	struct oq_buf b = { 0 };
	struct oqfs_found f;
	struct oqfs_tree *t;

	(void)state;
	dataset(&b, "lon");
	group(&b, "curves");
	put(&b, "soft", OQ_ENTRY_SOFT, OQ_ENTRY_GROUP);
	t = tree_of(&b);
	assert_false(oqfs_tree_has_leads(t));
	assert_int_equal(oqfs_tree_find_maybe(t, "curves.parquet", &f), 0);
	assert_int_equal(f.view, OQ_VIEW_PARQUET);
	assert_int_equal(f.i, 0);
	for (size_t i = 0; i < COUNT(none); i++)
		assert_int_equal(oqfs_tree_find_maybe(t, none[i], &f), -ENOENT);
	oqfs_tree_free(t);
}

/* Links that may lead into another file: it may lend them any name. */
static void test_leads(void **state)
{
	static const char *const names[] = { "far.txt", "far.meta.json",
					     "soft.png" };
	static const char *const none[] = { "far", "far[0].csv", "lon.csv",
					    "user.csv", "broken.csv" };
	struct oq_buf b = { 0 };
	struct oqfs_found f;
	struct oqfs_tree *t;

	(void)state;
	dataset(&b, "lon");
	put(&b, "far", OQ_ENTRY_EXTERNAL, OQ_ENTRY_DANGLING);
	put(&b, "soft", OQ_ENTRY_SOFT, OQ_ENTRY_DANGLING);
	put(&b, "user", OQ_ENTRY_USER, OQ_ENTRY_DANGLING);
	put(&b, "broken", OQ_ENTRY_EXTERNAL, OQ_ENTRY_BROKEN);
	t = tree_of(&b);
	assert_true(oqfs_tree_has_leads(t));
	for (size_t i = 0; i < COUNT(names); i++)
		assert_int_equal(oqfs_tree_find_maybe(t, names[i], &f), 0);
	for (size_t i = 0; i < COUNT(none); i++)
		assert_int_equal(oqfs_tree_find_maybe(t, none[i], &f), -ENOENT);
	oqfs_tree_free(t);
}

static void test_plain(void **state)
{
	struct oq_buf b = { 0 };
	struct oqfs_tree *t;

	(void)state;
	dataset(&b, "lon");
	group(&b, "curves");
	put(&b, "type", OQ_ENTRY_HARD, OQ_ENTRY_DATATYPE);
	put(&b, "broken", OQ_ENTRY_HARD, OQ_ENTRY_BROKEN);
	put(&b, "soft", OQ_ENTRY_SOFT, OQ_ENTRY_DATASET);
	put(&b, "dangling", OQ_ENTRY_SOFT, OQ_ENTRY_DANGLING);
	put(&b, "a/b", OQ_ENTRY_USER, OQ_ENTRY_DANGLING);
	t = tree_of(&b);
	assert_int_equal(oqfs_tree_count(t), 7);
	expect(t, "lon.bin", "lon", OQ_VIEW_BIN);
	expect(t, "lon.meta.json", "lon", OQ_VIEW_META);
	expect(t, "curves", "curves", OQ_VIEW_FILE);
	expect(t, "curves.meta.json", "curves", OQ_VIEW_META);
	expect(t, "type.meta.json", "type", OQ_VIEW_META);
	expect(t, "broken.csv", "broken", OQ_VIEW_CSV);
	expect(t, "soft.npy", "soft", OQ_VIEW_NPY);
	expect(t, "dangling", "dangling", OQ_VIEW_FILE);
	expect(t, "a%2Fb", "a/b", OQ_VIEW_FILE);
	expect_none(t, "lon");
	expect_none(t, "lon.png");
	expect_none(t, "curves.csv");
	expect_none(t, "type");
	expect_none(t, "lon~1.csv");
	expect_none(t, "soft");
	expect_none(t, "a");
	expect_none(t, ".csv");
	expect_none(t, "");
	oqfs_tree_free(t);
}

static void test_clashes(void **state)
{
	struct oq_buf b = { 0 };
	struct oqfs_tree *t;

	(void)state;
	dataset(&b, "y");
	group(&b, "y.csv");
	group(&b, "y~1.bin");
	dataset(&b, "z");
	put(&b, "z.npy", OQ_ENTRY_SOFT, OQ_ENTRY_DANGLING);
	t = tree_of(&b);
	expect(t, "y.csv", "y.csv", OQ_VIEW_FILE);
	/* All names of "y" take the number, and ~1 would clash again. */
	expect(t, "y~2.csv", "y", OQ_VIEW_CSV);
	expect(t, "y~2.bin", "y", OQ_VIEW_BIN);
	expect(t, "y~1.bin", "y~1.bin", OQ_VIEW_FILE);
	expect(t, "z.npy", "z.npy", OQ_VIEW_FILE);
	expect(t, "z~1.npy", "z", OQ_VIEW_NPY);
	expect_none(t, "y.bin");
	expect_none(t, "z.csv");
	expect_none(t, "y~1.csv");
	oqfs_tree_free(t);
}

static void test_slices(void **state)
{
	struct oq_buf b = { 0 };
	struct oqfs_found f;
	struct oqfs_tree *t;
	size_t at = 0;

	(void)state;
	dataset(&b, "x");
	dataset(&b, "x[0]");
	t = tree_of(&b);
	assert_int_equal(oqfs_tree_find_slice(t, "x[0][1:2].csv", &at, &f), 0);
	assert_int_equal(f.i, 1);
	assert_int_equal(f.view, OQ_VIEW_CSV);
	assert_string_equal(f.slice, "[1:2]");
	assert_int_equal(oqfs_tree_find_slice(t, "x[0][1:2].csv", &at, &f), 0);
	assert_int_equal(f.i, 0);
	assert_string_equal(f.slice, "[0][1:2]");
	assert_int_equal(oqfs_tree_find_slice(t, "x[0][1:2].csv", &at, &f),
			 -ENOENT);
	at = 0;
	assert_int_equal(oqfs_tree_find_slice(t, "x[a%2Fb].npy", &at, &f), 0);
	assert_string_equal(f.slice, "[a/b]");
	at = 0;
	assert_int_equal(oqfs_tree_find_slice(t, "[0].npy", &at, &f), -ENOENT);
	at = 0;
	assert_int_equal(oqfs_tree_find_slice(t, "x].npy", &at, &f), -ENOENT);
	oqfs_tree_free(t);
}

/* Has "x" that name with a slice in it? */
static bool is_sliced(const struct oq_entry *x, const char *name)
{
	struct oq_buf b = { 0 };
	struct oqfs_found f;
	struct oqfs_tree *t;
	size_t at = 0;
	bool found;

	oq_wire_put_entry(x, &b);
	dataset(&b, "y");
	t = tree_of(&b);
	found = oqfs_tree_find_slice(t, name, &at, &f) == 0;
	oqfs_tree_free(t);
	return found;
}

/* Which views a slice has is not for the whole to say: what it leaves out may
 * be all that has no fixed size. */
static void test_sliced_views(void **state)
{
	struct oq_entry e = {
		.name = "x",
		.name_len = 1,
		.kind = OQ_ENTRY_DATASET,
		.target = "",
		.file = "",
		.views = BIT(OQ_VIEW_CSV) | BIT(OQ_VIEW_META),
		.listed = BIT(OQ_VIEW_CSV),
	};

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_true(is_sliced(&e, "x[a].bin"));
		assert_true(is_sliced(&e, "x[a].npy"));
		assert_true(is_sliced(&e, "x[a].txt"));
		assert_true(is_sliced(&e, "x[a].csv"));
		assert_false(is_sliced(&e, "x[a].png"));
		assert_int_equal(oqfs_entry_names(&e),
				 e.views | (i ? BIT(OQ_VIEW_FILE) : 0));
		e.kind = OQ_ENTRY_GROUP; /* a data frame */
	}
	e.views = BIT(OQ_VIEW_META); /* a group that may be one */
	e.listed = 0;
	assert_true(is_sliced(&e, "x[a].npy"));
	assert_false(is_sliced(&e, "x[a].png"));
	e.kind = OQ_ENTRY_DATATYPE;
	assert_false(is_sliced(&e, "x[a].npy"));
	e.kind = OQ_ENTRY_DATASET;
	e.views |= BIT(OQ_VIEW_CSV);
	e.refused = -EOPNOTSUPP;
	assert_false(is_sliced(&e, "x[a].npy"));
	assert_true(is_sliced(&e, "x[a].csv"));
	e.refused = 0;
	e.link = OQ_ENTRY_EXTERNAL;
	assert_false(is_sliced(&e, "x[a].csv"));
	assert_false(is_sliced(&e, "x[a].npy"));
}

/* A slice of any length a name may have finds an entry or none. */
static void test_long_slice(void **state)
{
	struct oq_buf b = { 0 };
	struct oqfs_found f;
	struct oqfs_tree *t;

	(void)state;
	dataset(&b, "x");
	t = tree_of(&b);
	for (size_t n = 10; n <= OQ_NAME_MAX + 5; n++) {
		char name[300];
		size_t at = 0;
		int r;

		memset(name, '0', n);
		memcpy(name, "x[", 2);
		strcpy(name + n - 5, "].csv");
		r = oqfs_tree_find_slice(t, name, &at, &f);
		assert_true(r == -ENOENT || (r == 0 && n < 202));
	}
	oqfs_tree_free(t);
}

static void test_views(void **state)
{
	struct oq_entry e = { .kind = OQ_ENTRY_DATASET,
			      .views = ALL,
			      .listed = DATA };

	(void)state;
	assert_int_equal(oqfs_entry_listed(&e, DATA), DATA);
	assert_int_equal(oqfs_entry_listed(&e, BIT(OQ_VIEW_CSV)),
			 BIT(OQ_VIEW_CSV));
	assert_int_equal(oqfs_entry_listed(&e, BIT(OQ_VIEW_TXT)),
			 BIT(OQ_VIEW_TXT));
	/* What suits it is listed where nobody chose; where it does not, only
	 * where somebody chose it. */
	e.views |= BIT(OQ_VIEW_PARQUET);
	e.listed = DATA | BIT(OQ_VIEW_PARQUET);
	assert_int_equal(oqfs_entry_listed(&e, 0), e.listed);
	assert_int_equal(oqfs_entry_listed(&e, DATA), DATA);
	assert_int_equal(oqfs_entry_listed(&e, BIT(OQ_VIEW_PARQUET)),
			 BIT(OQ_VIEW_PARQUET));
	e.listed = DATA;
	assert_int_equal(oqfs_entry_listed(&e, 0), DATA);
	assert_int_equal(oqfs_entry_listed(&e, BIT(OQ_VIEW_PARQUET) |
						       BIT(OQ_VIEW_CSV)),
			 BIT(OQ_VIEW_PARQUET) | BIT(OQ_VIEW_CSV));
	/* No object is ever without a name. */
	e.views = e.listed = BIT(OQ_VIEW_CSV) | BIT(OQ_VIEW_PARQUET);
	assert_int_equal(oqfs_entry_listed(&e, BIT(OQ_VIEW_NPY)),
			 BIT(OQ_VIEW_CSV));
	e.views = e.listed = BIT(OQ_VIEW_CSV);
	assert_int_equal(oqfs_entry_listed(&e, BIT(OQ_VIEW_NPY)),
			 BIT(OQ_VIEW_CSV));
	/* A scalar's text is listed whatever was asked for. */
	e.views = ALL;
	e.listed = BIT(OQ_VIEW_TXT);
	assert_int_equal(oqfs_entry_listed(&e, DATA), BIT(OQ_VIEW_TXT));
	e.views = e.listed = 0;
	e.refused = -EOPNOTSUPP;
	assert_int_equal(oqfs_entry_listed(&e, BIT(OQ_VIEW_META)), DATA);
	/* A data frame is a directory and files beside it. */
	e = (struct oq_entry){ .kind = OQ_ENTRY_GROUP,
			       .views = ALL,
			       .listed = BIT(OQ_VIEW_CSV) | BIT(OQ_VIEW_NPY) };
	assert_int_equal(oqfs_entry_listed(&e, DATA),
			 BIT(OQ_VIEW_CSV) | BIT(OQ_VIEW_NPY) |
				 BIT(OQ_VIEW_FILE));
}

/* Names that get in each other's way, in groups of all kinds: each name is
 * found, leads to its own entry, and is nobody else's. */
static void expect_consistent(const struct oqfs_tree *t)
{
	size_t n = oqfs_tree_count(t), count = 0;
	char(*names)[OQ_NAME_MAX + 1] =
		calloc(n * OQ_NVIEWS + 1, sizeof(*names));

	assert_non_null(names);
	for (size_t i = 0; i < n; i++) {
		struct oq_entry e;
		uint32_t has;

		oqfs_tree_entry(t, i, &e);
		has = oqfs_entry_names(&e);
		assert_int_not_equal(has, 0);
		assert_int_equal(oqfs_entry_listed(&e, DATA) & ~has, 0);
		for (unsigned v = 0; v < OQ_NVIEWS; v++) {
			struct oqfs_found f;
			int r;

			oqfs_tree_name(t, i, "", (enum oq_view_kind)v,
				       names[count]);
			r = oqfs_tree_find(t, names[count], &f);
			if (!(has & BIT(v))) {
				assert_true(r || f.i != i);
				continue;
			}
			assert_int_equal(r, 0);
			assert_int_equal(f.i, i);
			assert_int_equal(f.view, v);
			for (size_t k = 0; k < count; k++)
				assert_string_not_equal(names[k], names[count]);
			count++;
		}
	}
	free(names);
}

static void test_any_mix(void **state)
{
	static const char *const pool[] = {
		"a",	 "a.csv",    "a~1",	  "a~1.csv", "a.csv.csv",
		"a~1~1", "a~2.npy",  "a.csv~1",	  "b.bin",   "b",
		"~1",	 ".csv",     "",	  "a.meta",  "a.meta.json",
		"b~1",	 "b~1.bin",  "a~1.csv~1", "%",	     "..",
		"a~",	 "a~01.csv", "a.npy",	  "a.bin",   ".",
	};
	const size_t npool = sizeof(pool) / sizeof(pool[0]);

	(void)state;
	srand(7);
	for (int round = 0; round < 3000; round++) {
		struct oq_buf b = { 0 };
		struct oqfs_tree *t;

		for (size_t i = 0; i < npool; i++) {
			int r = rand();

			if (r % 3 == 0)
				continue;
			put(&b, pool[(i * 7) % npool],
			    (enum oq_entry_link)(r / 3 % 4),
			    (enum oq_entry_kind)(r / 12 % 5));
		}
		t = tree_of(&b);
		expect_consistent(t);
		oqfs_tree_free(t);
	}
}

static void test_long_names(void **state)
{
	struct oq_buf b = { 0 };
	struct oqfs_tree *t;
	char name[600];

	(void)state;
	for (size_t n = 225; n < 270; n++) {
		memset(name, 'n', n);
		name[n] = '\0';
		put(&b, name, OQ_ENTRY_HARD,
		    n % 2 ? OQ_ENTRY_DATASET : OQ_ENTRY_GROUP);
		memcpy(name + n - 4, ".csv", 5);
		group(&b, name);
	}
	t = tree_of(&b);
	expect_consistent(t);
	oqfs_tree_free(t);
}

/* Behind 250 times "x" the two of each row lead to the same hash, whichever
 * were taken before. */
static const char *const twins[][2] = {
	{ "J.M86JEj$F,e", "{AG#!_uThI_l" }, { "KVV>46pa+s0O", "|`Os,PLLQBs#" },
	{ "I0#}!M+8OhJX", "`xfY65(;DC@g" }, { "W-$JB@S;8OvX", "`l,{2:@F^t0D" },
	{ "|z>WfGT1+{Dp", "aIdQtGW;({Mw" }, { "o<5+9,Y){uFX", "DL2o4z6$.>DO" },
	{ "35)o,O&9b:uh", ",3)e&O49t-.Y" }, { "Q|8I4+.Vt|$N", "FL+M!s7)+A6_" },
	{ "*;!F2Y>(*nkX", ")A!N$!8*Tu$I" }, { "TSFqwZ,{2B_)", "Y@LwA2Mugr6." },
	{ "JV6`4().+_-i", "QF-d;r8;fX!x" }, { ".b;6Q.&XoA&_", "#T@kG`NO-PaC" },
};

#define NTWINS (sizeof(twins) / sizeof(twins[0]))
#define NALIKE (1U << NTWINS)

static void alike(unsigned n, char link[512])
{
	memset(link, 'x', 250);
	link[250] = '\0';
	for (size_t k = 0; k < NTWINS; k++)
		strcat(link, twins[k][n >> k & 1]);
}

/* It takes no time: the alarm is for what tries each against each. */
static void test_thousands_with_one_hash(void **state)
{
	struct oq_buf b = { 0 };
	char link[512], name[OQ_NAME_MAX + 1];
	struct oqfs_tree *t;

	(void)state;
	for (unsigned n = 0; n < NALIKE; n++) {
		alike(n, link);
		dataset(&b, link);
	}
	alarm(30);
	t = tree_of(&b);
	assert_int_equal(oqfs_tree_count(t), NALIKE);
	for (size_t i = 0; i < NALIKE; i++) {
		struct oqfs_found f;

		oqfs_tree_name(t, i, "", OQ_VIEW_BIN, name);
		assert_int_equal(oqfs_tree_find(t, name, &f), 0);
		assert_int_equal(f.i, i);
	}
	/* The last, whose number has as many digits: a longer one is cut. */
	assert_int_equal(strlen(strrchr(name, '~')), strlen("~9999.bin"));
	strcpy(strrchr(name, '~'), "~9999.bin");
	expect_none(t, name);
	alarm(0);
	oqfs_tree_free(t);
}

static void test_doubles(void **state)
{
	struct oq_buf b = { 0 };
	struct oqfs_found f;
	struct oq_entry e;
	struct oqfs_tree *t;

	(void)state;
	group(&b, "twice");
	dataset(&b, "a");
	dataset(&b, "twice");
	t = tree_of(&b);
	assert_int_equal(oqfs_tree_count(t), 2);
	assert_int_equal(oqfs_tree_find(t, "twice", &f), 0);
	oqfs_tree_entry(t, f.i, &e);
	assert_int_equal(e.kind, OQ_ENTRY_GROUP);
	expect_none(t, "twice.csv");
	oqfs_tree_free(t);
}

static void test_many(void **state)
{
	struct oq_buf b = { 0 };
	struct oqfs_tree *t;
	char name[32];

	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		snprintf(name, sizeof(name), "n%u.csv", i * 7919 % 100000);
		put(&b, name, OQ_ENTRY_HARD,
		    i % 2 ? OQ_ENTRY_DATASET : OQ_ENTRY_GROUP);
	}
	t = tree_of(&b);
	assert_int_equal(oqfs_tree_count(t), 100000);
	expect(t, "n7919.csv.csv", "n7919.csv", OQ_VIEW_CSV);
	expect(t, "n0.csv", "n0.csv", OQ_VIEW_FILE);
	expect_none(t, "n100000.csv");
	oqfs_tree_free(t);
}

static struct oqfs_tree *root_of(struct oq_buf *b)
{
	struct oqfs_tree *t;

	assert_int_equal(oqfs_tree_new_root(b, &t), 0);
	return t;
}

/* In the root of a calculation one name is ours. */
static void test_exports(void **state)
{
	struct oq_buf b = { 0 };
	struct oqfs_tree *t;

	(void)state;
	group(&b, "export");
	dataset(&b, "export~2");
	t = root_of(&b);
	assert_false(oqfs_tree_has_export(t));
	expect(t, "export", "export", OQ_VIEW_FILE);
	oqfs_tree_free(t);

	group(&b, "export");
	group(&b, "export~1");
	dataset(&b, "oqparam");
	t = root_of(&b);
	assert_true(oqfs_tree_has_export(t));
	expect_none(t, "export");
	expect(t, "export~1", "export~1", OQ_VIEW_FILE);
	expect(t, "export~2", "export", OQ_VIEW_FILE);
	oqfs_tree_free(t);

	/* A dataset has no bare name. */
	dataset(&b, "export");
	dataset(&b, "oqparam");
	t = root_of(&b);
	expect(t, "export.csv", "export", OQ_VIEW_CSV);
	expect_none(t, "export");
	oqfs_tree_free(t);

	group(&b, "export");
	dataset(&b, "oqparam");
	t = tree_of(&b);
	assert_false(oqfs_tree_has_export(t));
	expect(t, "export", "export", OQ_VIEW_FILE);
	oqfs_tree_free(t);
}

static void test_nonsense(void **state)
{
	struct oqfs_tree *t = NULL;
	struct oq_buf b = { 0 };
	size_t whole;

	(void)state;
	dataset(&b, "a");
	whole = b.len;
	oq_buf_free(&b);
	for (size_t n = 1; n < whole; n++) {
		dataset(&b, "a");
		b.len = n;
		assert_int_equal(oqfs_tree_new(&b, &t), -EPROTO);
		assert_null(b.data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("entries are found by the names they have", test_plain),
		TEST("of two that clash the second gets a number",
		     test_clashes),
		TEST("a slice is found behind the longest dataset's name",
		     test_slices),
		TEST("a slice may have views that the whole has not",
		     test_sliced_views),
		TEST("a slice may be as long as a name", test_long_slice),
		TEST("what is listed follows the wish, and is never nothing",
		     test_views),
		TEST("in any mix of names each leads to its own entry",
		     test_any_mix),
		TEST("long names are cut and found", test_long_names),
		TEST("thousands of them with one hash are no trouble",
		     test_thousands_with_one_hash),
		TEST("a name that is there twice counts once", test_doubles),
		TEST("a group may be a table, and nothing else may",
		     test_tables),
		TEST("a link may have names that only another file knows",
		     test_leads),
		TEST("a hundred thousand entries are no trouble", test_many),
		TEST("the root of a calculation has exports", test_exports),
		TEST("half an entry is nonsense", test_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
