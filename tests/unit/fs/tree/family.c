/* SPDX-License-Identifier: MIT */
/* family.c - a name's family tells of it what the whole group does */

#include "fs/tree/family.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/fakestore.h"
#include "tests/unit/test.h"

#define BIT(v) (1U << (v))
#define DATA   (BIT(OQ_VIEW_BIN) | BIT(OQ_VIEW_CSV) | BIT(OQ_VIEW_NPY))

static void put(struct oq_buf *b, const char *name, enum oq_entry_link link,
		enum oq_entry_kind kind, uint32_t views)
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
		.views = views,
		.listed = views & DATA,
	};

	oq_wire_put_entry(&e, b);
}

/* Links of any kind, each there or not, in all the ways that get in each
 * other's. */
static const char *const pool[] = {
	"a",	       "a.csv", "a~1",	    "a~1.csv",	"a.csv.csv",
	"a[0]",	       "a~1~1", "a.npy",    "a.csv~1",	"b.bin",
	"b",	       "..",	"~1",	    ".csv",	"a.meta",
	"a.meta.json", "b~1",	"a[0].csv", "export",	"oqparam",
	"export.csv",  "a%",	"\n",	    "b.csv[1]",
};

static void mix(struct oq_buf *b, unsigned sparse)
{
	for (size_t i = 0; i < COUNT(pool); i++) {
		int r = rand();

		if (rand() % sparse)
			continue;
		put(b, pool[i], (enum oq_entry_link)(r % 4),
		    (enum oq_entry_kind)(r / 4 % 5),
		    (uint32_t)(r / 20) & (BIT(OQ_NVIEWS) - 1));
	}
}

/* Names of such entries, and others that are like them. */
static void any_name(char name[OQ_NAME_MAX + 1])
{
	static const char *const tails[] = { "",       "~1",   "[0]", "[0].csv",
					     "[1][0]", ".csv", "~2",  ".txt" };
	const char *link = pool[(size_t)rand() % COUNT(pool)];
	char tail[64];

	snprintf(tail, sizeof(tail), "%s%s%s",
		 tails[(size_t)rand() % COUNT(tails)],
		 tails[(size_t)rand() % COUNT(tails)],
		 oq_views[rand() % OQ_NVIEWS].suffix);
	oq_name_file(link, strlen(link), tail, name);
}

static struct oqfs_tree *tree_of(const struct oq_buf *group, bool is_root)
{
	struct oq_buf copy = { 0 };
	struct oqfs_tree *t;

	oq_buf_put(&copy, group->data ? group->data : "", group->len);
	assert_int_equal(
		(is_root ? oqfs_tree_new_root : oqfs_tree_new)(&copy, &t), 0);
	return t;
}

static void expect_same_found(int r, const struct oqfs_tree *a,
			      const struct oqfs_found *x, int s,
			      const struct oqfs_tree *b,
			      const struct oqfs_found *y)
{
	struct oq_entry e, f;
	char one[OQ_NAME_MAX + 1], other[OQ_NAME_MAX + 1];

	assert_int_equal(r, s);
	if (r)
		return;
	assert_int_equal(x->view, y->view);
	assert_string_equal(x->slice, y->slice);
	oqfs_tree_entry(a, x->i, &e);
	oqfs_tree_entry(b, y->i, &f);
	assert_int_equal(e.object, f.object);
	oqfs_tree_name(a, x->i, x->slice, x->view, one);
	oqfs_tree_name(b, y->i, y->slice, y->view, other);
	assert_string_equal(one, other);
}

/* Everything that may be asked of a tree about one file name. */
static void expect_same(const struct oqfs_tree *a, const struct oqfs_tree *b,
			const char *name)
{
	struct oqfs_found x, y;
	size_t at = 0, also = 0;
	int r = oqfs_tree_find(a, name, &x), s = oqfs_tree_find(b, name, &y);

	expect_same_found(r, a, &x, s, b, &y);
	r = oqfs_tree_find_maybe(a, name, &x);
	s = oqfs_tree_find_maybe(b, name, &y);
	expect_same_found(r, a, &x, s, b, &y);
	do {
		r = oqfs_tree_find_slice(a, name, &at, &x);
		s = oqfs_tree_find_slice(b, name, &also, &y);
		expect_same_found(r, a, &x, s, b, &y);
	} while (!r);
}

/* Returns whether the family told. */
static bool ask(struct oqfs_super *s, uint64_t object, const char *name,
		const struct oqfs_tree *whole)
{
	struct oqfs_store store = { .super = s };
	struct oqfs_tree *t;
	int r = oqfs_family_get(&store, object, name, NULL, &t, NULL);

	if (r) {
		assert_int_equal(r, -EAGAIN);
		return false;
	}
	expect_same(whole, t, name);
	oqfs_tree_free(t);
	return true;
}

static void test_any_mix(void **state)
{
	unsigned told = 0, sparse_told = 0;

	(void)state;
	srand(11);
	for (unsigned round = 0; round < 2000; round++) {
		struct oqfs_super s = { 0 };
		unsigned sparse = 2 + round % 12;
		uint64_t object = round % 2 ? OQ_WIRE_ROOT : 0;
		struct oqfs_tree *whole;

		mix(&s.groups[0], sparse);
		whole = tree_of(&s.groups[0], round % 2);
		for (unsigned k = 0; k < 100; k++) {
			char name[OQ_NAME_MAX + 1];
			bool got;

			any_name(name);
			got = ask(&s, object, name, whole);
			told += got;
			sparse_told += got && sparse > 9;
		}
		oqfs_tree_free(whole);
		oq_buf_free(&s.groups[0]);
		oq_buf_free(&s.family);
	}
	assert_true(told > 100000);
	assert_true(sparse_told > 40000);
}

static void test_usual(void **state)
{
	static const char *const told[] = {
		"gmf",
		"gmf.csv",
		"lon.npy",
		"lon.meta.json",
		"lon[0:10].csv",
		"lon[::2, -1].npy",
		"gmf[sid, 0:9].npy",
		"export.x",
		"not there",
		"a-very-long-slice[1111111111111111111111111111111111111111111"
		"11111111111111111111111111111111111111111111111111111].csv",
	};
	static const char *const untold[] = {
		"lon%~0123456789abcdef.csv", "export", "export.csv", "", "%00",
	};
	struct oqfs_super s = { 0 };
	struct oqfs_tree *whole;

	(void)state;
	put(&s.groups[0], "gmf", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 0);
	put(&s.groups[0], "lon", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, DATA);
	put(&s.groups[0], "oqparam", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, DATA);
	whole = tree_of(&s.groups[0], true);
	for (size_t i = 0; i < COUNT(told); i++)
		assert_true(ask(&s, OQ_WIRE_ROOT, told[i], whole));
	for (size_t i = 0; i < COUNT(untold); i++)
		assert_false(ask(&s, OQ_WIRE_ROOT, untold[i], whole));
	assert_false(ask(&s, OQ_WIRE_EXPORT, "lon.csv", whole));
	s.no_families = true;
	assert_false(ask(&s, OQ_WIRE_ROOT, "lon.csv", whole));
	oqfs_tree_free(whole);
	oq_buf_free(&s.groups[0]);
	oq_buf_free(&s.family);
}

/* Of those whose names may be cut, others may have the same hash. */
static void test_long(void **state)
{
	struct oqfs_super s = { 0 };
	struct oqfs_tree *whole;
	char name[OQ_NAME_MAX + 1];

	(void)state;
	memset(name, 'n', 100);
	name[100] = '\0';
	put(&s.groups[0], name, OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 0);
	whole = tree_of(&s.groups[0], false);
	assert_false(ask(&s, 0, name, whole));
	name[99] = '\0';
	assert_true(ask(&s, 0, name, whole));
	oqfs_tree_free(whole);
	oq_buf_free(&s.groups[0]);
	oq_buf_free(&s.family);
}

/* A name with thousands of forms costs no thousands of look-ups. */
static void test_many_forms(void **state)
{
	struct oq_buf links = { 0 };
	char name[OQ_NAME_MAX + 1];

	(void)state;
	memset(name, '[', 200);
	strcpy(name + 200, "0].csv");
	assert_int_equal(oqfs_family_links(name, false, &links), -EAGAIN);
	assert_true(links.len < 70 * (OQ_NAME_MAX + 1));
	oq_buf_free(&links);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("a family tells what the whole group does, or nothing",
		     test_any_mix),
		TEST("of names that are usual it tells", test_usual),
		TEST("of links with long names it does not", test_long),
		TEST("nor of names with very many forms", test_many_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
