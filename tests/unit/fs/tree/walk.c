/* SPDX-License-Identifier: MIT */
/* walk.c - names lead to nodes, links to where they should, nothing for ever */

#include "fs/tree/walk.h"

#include <fcntl.h>
#include <unistd.h>

#include "fs/fuse/dir.h"
#include "fs/tree/attr.h"
#include "fs/tree/nodepath.h"
#include "tests/unit/fakestore.h"
#include "tests/unit/test.h"

#define BIT(v) (1U << (v))
#define DATA   (BIT(OQ_VIEW_BIN) | BIT(OQ_VIEW_CSV) | BIT(OQ_VIEW_NPY))

/* A mount of a directory with one datastore, calc_2.hdf5, and another. */
struct world {
	struct oqfs_front front;
	struct oqfs_super super;
	struct oqfs_opts opts;
	struct oqfs_node *root;
	char dir[32];
};

static void hdf5(const char *name, size_t size)
{
	int fd = open(name, O_WRONLY | O_CREAT, 0644);

	assert_int_equal(write(fd, "\x89HDF\r\n\x1a\n", 8), 8);
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	close(fd);
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct oqfs_spec is = { .kind = OQFS_NODE_DIR,
				.part = OQ_WIRE_NO_PART };
	struct oq_err err;

	assert_non_null(w);
	*state = w;
	strcpy(w->dir, "/tmp/oqfs-walk-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	assert_int_equal(chdir(w->dir), 0);
	hdf5("calc_2.hdf5", 100);
	hdf5("other.h5", 200);
	w->opts.views = DATA;
	w->front.opts = &w->opts;
	w->front.super = &w->super;
	assert_int_equal(
		oqfs_roots_new(&(struct oqfs_roots_opts){ .source = w->dir },
			       &w->front.roots, &err),
		0);
	assert_int_equal(
		oqfs_catalog_open(w->front.roots, &w->front.catalog, &err), 0);
	w->front.listings = oqfs_listings_new(1 << 20, 12 << 20);
	w->front.nodes = oqfs_nodes_new(false);
	assert_int_equal(oqfs_nodes_set_root(w->front.nodes, &is), 0);
	w->root = oqfs_nodes_find(w->front.nodes, OQFS_ROOT_ID);
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	char command[64];

	oqfs_nodes_put(w->front.nodes, w->root);
	assert_int_equal(oqfs_nodes_count(w->front.nodes), 1);
	oqfs_nodes_free(w->front.nodes);
	oqfs_listings_free(w->front.listings);
	assert_int_equal(w->super.nstores, 0);
	oqfs_catalog_close(w->front.catalog);
	oqfs_roots_free(w->front.roots);
	for (size_t i = 0; i < FAKE_GROUPS; i++)
		oq_buf_free(&w->super.groups[i]);
	oq_buf_free(&w->super.family);
	snprintf(command, sizeof(command), "rm -rf %s", w->dir);
	free(w);
	return chdir("/") || system(command);
}

static struct oq_entry entry(const char *name, enum oq_entry_link link,
			     enum oq_entry_kind kind, uint64_t object)
{
	struct oq_entry e = {
		.name = name,
		.name_len = strlen(name),
		.link = link,
		.kind = kind,
		.object = object,
		.target = "",
		.file = "",
		.bytes[OQ_VIEW_BIN] = 80,
		.bytes[OQ_VIEW_NPY] = 208,
		.bytes[OQ_VIEW_CSV] = OQ_WIRE_UNKNOWN,
		.rows = 10,
	};

	if (kind == OQ_ENTRY_DATASET) {
		e.views = DATA | BIT(OQ_VIEW_META);
		e.listed = DATA;
	}
	return e;
}

static void put(struct world *w, unsigned group, struct oq_entry e)
{
	oq_wire_put_entry(&e, &w->super.groups[group]);
}

static void put_link(struct world *w, unsigned group, const char *name,
		     enum oq_entry_kind kind, const char *target)
{
	struct oq_entry e = entry(name, OQ_ENTRY_SOFT, kind, 100);

	e.target = target;
	e.target_len = strlen(target);
	put(w, group, e);
}

static void put_external(struct world *w, unsigned group, const char *name,
			 const char *file, const char *target)
{
	struct oq_entry e =
		entry(name, OQ_ENTRY_EXTERNAL, OQ_ENTRY_DANGLING, 0);

	e.file = file;
	e.file_len = strlen(file);
	e.target = target;
	e.target_len = strlen(target);
	put(w, group, e);
}

/* Walk a whole path from the root; NULL and the errno where it ends. */
static struct oqfs_node *walk(struct world *w, const char *path, int *r)
{
	char copy[512], *save = NULL;
	struct oqfs_node *n = w->root;

	snprintf(copy, sizeof(copy), "%s", path);
	oqfs_nodes_hold(w->front.nodes, n);
	*r = 0;
	for (char *c = strtok_r(copy, "/", &save); c;
	     c = strtok_r(NULL, "/", &save)) {
		struct oqfs_node *child = NULL;
		struct oq_err err;

		*r = oqfs_walk(&w->front, n, c, NULL, &child, &err);
		oqfs_nodes_put(w->front.nodes, n);
		n = child;
		if (*r) {
			assert_null(child);
			return NULL;
		}
	}
	return n;
}

static void expect_kind(struct world *w, const char *path,
			enum oqfs_node_kind kind)
{
	int r;
	struct oqfs_node *n = walk(w, path, &r);

	if (r)
		fail_msg("%s: %s", path, strerror(-r));
	assert_int_equal(n->is.kind, kind);
	oqfs_nodes_put(w->front.nodes, n);
}

static void expect_error(struct world *w, const char *path, int code)
{
	int r;
	struct oqfs_node *n = walk(w, path, &r);

	oqfs_nodes_put(w->front.nodes, n);
	assert_int_equal(r, code);
}

static void expect_link(struct world *w, const char *path, const char *text)
{
	int r;
	struct oqfs_node *n = walk(w, path, &r);

	if (r)
		fail_msg("%s: %s", path, strerror(-r));
	assert_int_equal(n->is.kind, OQFS_NODE_LINK);
	assert_string_equal(n->is.text, text);
	oqfs_nodes_put(w->front.nodes, n);
}

static void test_kinds(void **state)
{
	struct world *w = *state;

	put(w, 0, entry("lon", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9));
	put(w, 0, entry("g", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 1));
	put(w, 1, entry("deep", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 10));
	expect_kind(w, "calc_2", OQFS_NODE_STORE);
	expect_kind(w, "calc_2.hdf5", OQFS_NODE_PLAIN);
	expect_kind(w, "other.h5/g", OQFS_NODE_GROUP);
	expect_kind(w, "calc_2/lon.csv", OQFS_NODE_VIEW);
	expect_kind(w, "calc_2/.meta.json", OQFS_NODE_VIEW);
	expect_kind(w, "calc_2/g/deep.npy", OQFS_NODE_VIEW);
	expect_kind(w, ".oqfs/status", OQFS_NODE_STATUS);
	expect_link(w, "latest", "calc_2");
	expect_error(w, "calc_2/lon", -ENOENT);
	expect_error(w, "calc_2/lon.csv/x", -ENOTDIR);
	expect_error(w, "calc_2/g/.meta.json", -ENOENT);
	expect_error(w, "calc_2/latest", -ENOENT);
	expect_error(w, "calc_3", -ENOENT);
}

/* What is there is found without a listing; what is not, in it; and from then
 * on all is. */
static void test_by_name(void **state)
{
	struct world *w = *state;
	struct oqfs_node *held;
	unsigned nasks;
	int r;

	put(w, 0, entry("lon", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9));
	put(w, 0, entry("g", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 1));
	put(w, 1, entry("x", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 10));
	put(w, 1, entry("y", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 11));
	put(w, 1, entry("y.csv", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 2));
	put_link(w, 1, "l", OQ_ENTRY_DATASET, "/lon");
	w->super.good_slice = "[0]";
	held = walk(w, "calc_2", &r);
	expect_kind(w, "calc_2/lon.csv", OQFS_NODE_VIEW);
	expect_kind(w, "calc_2/lon[0].npy", OQFS_NODE_VIEW);
	expect_kind(w, "calc_2/g/x.csv", OQFS_NODE_VIEW);
	expect_link(w, "calc_2/g/l.csv", "../lon.csv");
	assert_int_equal(w->super.nlists, 0);
	/* Who clashes has a number that only the listing knows. */
	expect_kind(w, "calc_2/g/y~1.csv", OQFS_NODE_VIEW);
	expect_kind(w, "calc_2/g/y.csv", OQFS_NODE_GROUP);
	assert_int_equal(w->super.nlists, 1);
	expect_error(w, "calc_2/lon", -ENOENT);
	assert_int_equal(w->super.nlists, 2);
	nasks = w->super.nasks;
	expect_kind(w, "calc_2/lon.bin", OQFS_NODE_VIEW);
	expect_kind(w, "calc_2/g/x.bin", OQFS_NODE_VIEW);
	assert_int_equal(w->super.nasks, nasks);
	oqfs_nodes_put(w->front.nodes, held);
}

/* Who looks up nearly all of a group has it listed. */
static void test_many_by_name(void **state)
{
	struct world *w = *state;
	struct oqfs_node *held;
	char name[32];
	int r;

	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "x%d", i);
		put(w, 0, entry(name, OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9));
	}
	w->super.size = 100;
	held = walk(w, "calc_2", &r);
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "calc_2/x%d.npy", i);
		expect_kind(w, name, OQFS_NODE_VIEW);
		assert_int_equal(w->super.nlists, i > 33);
	}
	assert_int_equal(w->super.nasks, 35);
	oqfs_nodes_put(w->front.nodes, held);
}

static void test_soft(void **state)
{
	struct world *w = *state;

	put(w, 0, entry("x", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9));
	put(w, 0, entry("x.csv", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 3));
	put(w, 0, entry("g", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 1));
	put(w, 1, entry("h", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 2));
	put(w, 2, entry("d%", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 10));
	put_link(w, 0, "near", OQ_ENTRY_DATASET, "g/./h//d%");
	put_link(w, 2, "up", OQ_ENTRY_DATASET, "/x");
	put_link(w, 2, "group", OQ_ENTRY_GROUP, "/g/h");
	put_link(w, 2, "root", OQ_ENTRY_GROUP, "/");
	put_link(w, 2, "self", OQ_ENTRY_GROUP, ".");
	put_link(w, 2, "gone", OQ_ENTRY_DANGLING, "/no/..%/such");
	put(w, 0, entry("who", OQ_ENTRY_USER, OQ_ENTRY_DANGLING, 0));
	expect_link(w, "calc_2/near.csv", "g/h/d%25.csv");
	expect_link(w, "calc_2/near[0:2].csv", "g/h/d%25[0:2].csv");
	/* The number it has because of a clash is in the text. */
	expect_link(w, "calc_2/g/h/up.npy", "../../x~1.npy");
	expect_link(w, "calc_2/g/h/group", "../../g/h");
	expect_link(w, "calc_2/g/h/root", "../..");
	expect_link(w, "calc_2/g/h/self", ".");
	expect_link(w, "calc_2/g/h/gone", "../../no/..%25/such");
	expect_link(w, "calc_2/who", "user-defined link");
}

static void test_external(void **state)
{
	struct world *w = *state;
	char name[64];

	put(w, 0, entry("g", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 1));
	put_external(w, 1, "calc", "calc_7.hdf5", "/a/b");
	put_external(w, 1, "whole", "./other.h5", "/");
	put_external(w, 1, "above", "../secret.h5", "/a");
	put_external(w, 1, "passwd", "/etc/passwd", "/a");
	snprintf(name, sizeof(name), "%s/sub/calc_9.hdf5", w->dir);
	put_external(w, 1, "absolute", name, "a%");
	expect_link(w, "calc_2/g/calc", "../../calc_7/a/b");
	expect_link(w, "calc_2/g/whole", "../.././other.h5");
	expect_link(w, "calc_2/g/above", "..%2Fsecret.h5");
	expect_link(w, "calc_2/g/passwd", "%2Fetc%2Fpasswd");
	expect_link(w, "calc_2/g/absolute", "../../sub/calc_9/a%25");
}

static void test_cycles(void **state)
{
	struct world *w = *state;

	put(w, 0, entry("g", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 1));
	put(w, 1, entry("h", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 2));
	put(w, 2, entry("self", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 2));
	put(w, 2, entry("up", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 1));
	put(w, 2, entry("top", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, OQ_WIRE_ROOT));
	put(w, 2, entry("on", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 3));
	expect_link(w, "calc_2/g/h/self", ".");
	expect_link(w, "calc_2/g/h/up", "..");
	expect_link(w, "calc_2/g/h/top", "../..");
	expect_kind(w, "calc_2/g/h/on", OQFS_NODE_GROUP);
}

static void test_parts(void **state)
{
	struct oq_entry e = entry("big", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9);
	struct world *w = *state;
	int r;
	struct oqfs_node *n;

	e.rows = 25000000000000;
	e.part_rows = 200000000;
	put(w, 0, e);
	expect_kind(w, "calc_2/big.csv", OQFS_NODE_PARTS);
	expect_kind(w, "calc_2/big.npy", OQFS_NODE_VIEW);
	expect_error(w, "calc_2/big.csv/1", -ENOENT);
	expect_error(w, "calc_2/big.csv/000000000000-000199999998.csv",
		     -ENOENT);
	expect_error(w, "calc_2/big.csv/0000000000000-000199999999.csv",
		     -ENOENT);
	expect_error(w, "calc_2/big.csv/25000000000000-25000199999999.csv",
		     -ENOENT);
	expect_error(w, "calc_2/big.csv/99999999999999999999999-1.csv",
		     -ENOENT);
	n = walk(w, "calc_2/big.csv/24999800000000-24999999999999.csv", &r);
	assert_non_null(n);
	assert_int_equal(n->is.part, 124999);
	oqfs_nodes_put(w->front.nodes, n);
}

/* A directory without end would never be listed. */
static void test_too_many_parts(void **state)
{
	struct oq_entry e = entry("big", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9);
	struct world *w = *state;
	struct oqfs_node *n;
	int r;

	e.rows = INT64_MAX;
	e.part_rows = 1;
	put(w, 0, e);
	n = walk(w, "calc_2/big.csv", &r);
	assert_non_null(n);
	assert_int_equal(n->is.kind, OQFS_NODE_VIEW);
	assert_int_equal(n->is.refused, -EFBIG);
	oqfs_nodes_put(w->front.nodes, n);
	w->super.good_slice = "[0:10]";
	n = walk(w, "calc_2/big[0:10].csv", &r);
	assert_non_null(n);
	assert_int_equal(n->is.refused, 0);
	oqfs_nodes_put(w->front.nodes, n);
}

static void test_slices(void **state)
{
	struct world *w = *state;
	struct stat st;
	bool exact;
	int r;
	struct oqfs_node *n;

	put(w, 0, entry("x", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9));
	w->super.good_slice = "[0:10, mag]";
	w->super.size = 77;
	n = walk(w, "calc_2/x[0:10, mag].bin", &r);
	assert_non_null(n);
	assert_int_equal(
		oqfs_attr(&w->front, n, false, NULL, &st, &exact, NULL), 0);
	assert_true(exact);
	assert_int_equal(st.st_size, 77);
	oqfs_nodes_put(w->front.nodes, n);
	expect_error(w, "calc_2/x[nosuch].bin", -ENOENT);
	expect_error(w, "calc_2/y[0:10, mag].bin", -ENOENT);
}

/* Of a compound with a text among its members, or a data frame with one. */
static void test_fixed_slices(void **state)
{
	struct oq_entry e = entry("x", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9);
	struct world *w = *state;
	struct oqfs_node *n;
	int r;

	e.views = BIT(OQ_VIEW_CSV) | BIT(OQ_VIEW_META);
	e.listed = BIT(OQ_VIEW_CSV);
	put(w, 0, e);
	e.name = "x[0]";
	e.name_len = 4;
	put(w, 0, e);
	e.name = "y";
	e.name_len = 1;
	put(w, 0, e);
	put(w, 0, entry("y.csv", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 1));
	put_link(w, 0, "near", OQ_ENTRY_DATASET, "y");
	w->super.good_slice = "[mag]";
	n = walk(w, "calc_2/x[mag].npy", &r);
	assert_non_null(n);
	assert_int_equal(n->is.kind, OQFS_NODE_VIEW);
	assert_int_equal(n->is.refused, 0);
	oqfs_nodes_put(w->front.nodes, n);
	expect_link(w, "calc_2/near[mag].npy", "y~1[mag].npy");
	expect_error(w, "calc_2/x[text].npy", -ENOENT);
	expect_error(w, "calc_2/x.npy", -ENOENT);
	expect_error(w, "calc_2/near[mag].png", -ENOENT);
	/* Either may be what is meant. */
	n = walk(w, "calc_2/x[0][mag].bin", &r);
	assert_non_null(n);
	assert_int_equal(n->is.link_len, 4);
	oqfs_nodes_put(w->front.nodes, n);
	w->super.good_slice = "[0][mag]";
	n = walk(w, "calc_2/x[0][mag].txt", &r);
	assert_non_null(n);
	assert_int_equal(n->is.link_len, 1);
	oqfs_nodes_put(w->front.nodes, n);
}

static void test_lazy_size(void **state)
{
	struct world *w = *state;
	struct oq_err err;
	struct stat st;
	unsigned asks;
	bool exact;
	int r;
	struct oqfs_node *n;

	put(w, 0, entry("x", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9));
	w->super.size = 4711;
	n = walk(w, "calc_2/x.csv", &r);
	assert_non_null(n);
	asks = w->super.nasks;
	assert_int_equal(
		oqfs_attr(&w->front, n, false, NULL, &st, &exact, &err), 0);
	assert_false(exact);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(w->super.nasks, asks);
	assert_int_equal(oqfs_attr(&w->front, n, true, NULL, &st, &exact, &err),
			 0);
	assert_true(exact);
	assert_int_equal(st.st_size, 4711);
	assert_int_equal(st.st_blocks, 10);
	assert_int_equal(oqfs_attr(&w->front, n, true, NULL, &st, &exact, &err),
			 0);
	assert_int_equal(w->super.nasks, asks + 1);
	oqfs_nodes_put(w->front.nodes, n);
}

static void test_refused(void **state)
{
	struct oq_entry e = entry("x", OQ_ENTRY_HARD, OQ_ENTRY_BROKEN, 9);
	struct world *w = *state;
	struct oq_err err;
	struct stat st;
	bool exact;
	int r;
	struct oqfs_node *n;

	e.bytes[OQ_VIEW_BIN] = OQ_WIRE_UNKNOWN;
	e.refused = -EOPNOTSUPP;
	put(w, 0, e);
	n = walk(w, "calc_2/x.bin", &r);
	assert_non_null(n);
	assert_int_equal(n->is.refused, -EOPNOTSUPP);
	assert_int_equal(oqfs_attr(&w->front, n, true, NULL, &st, &exact, &err),
			 0);
	/* Not one that GNU tar thinks empty. */
	assert_int_equal(st.st_mode & 0777, 0440);
	assert_int_equal(st.st_size, 0);
	oqfs_nodes_put(w->front.nodes, n);
}

static void test_generations(void **state)
{
	struct world *w = *state;
	struct oqfs_node *old, *kept, *fresh;
	int r;

	put(w, 0, entry("x", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9));
	old = walk(w, "calc_2", &r);
	kept = walk(w, "calc_2/x.bin", &r);
	fresh = walk(w, "calc_2", &r);
	assert_ptr_equal(old, fresh);
	oqfs_nodes_put(w->front.nodes, fresh);

	hdf5("calc_2.hdf5", 101);
	fresh = walk(w, "calc_2", &r);
	assert_ptr_not_equal(old, fresh);
	assert_int_not_equal(old->ino, fresh->ino);
	assert_int_not_equal(old->id, fresh->id);
	assert_true(oqfs_store_is_retired(kept->is.gen->store));
	assert_false(oqfs_store_is_retired(fresh->is.gen->store));
	oqfs_nodes_put(w->front.nodes, fresh);

	assert_int_equal(unlink("calc_2.hdf5"), 0);
	expect_error(w, "calc_2", -ENOENT);
	assert_int_equal(oqfs_nodes_count(w->front.nodes), 3);
	oqfs_nodes_put(w->front.nodes, old);
	oqfs_nodes_put(w->front.nodes, kept);
}

static void test_forget(void **state)
{
	struct world *w = *state;
	struct oqfs_nodes *t = w->front.nodes;
	uint64_t id, first;
	int r;
	struct oqfs_node *n;

	put(w, 0, entry("x", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9));
	n = walk(w, "calc_2/x.bin", &r);
	first = id = n->id;
	oqfs_nodes_remember(t, n);
	oqfs_nodes_remember(t, n);
	oqfs_nodes_put(t, n);
	/* It, its datastore and the root. */
	assert_int_equal(oqfs_nodes_count(t), 3);
	oqfs_nodes_forget(t, id, 1);
	assert_int_equal(oqfs_nodes_count(t), 3);
	oqfs_nodes_forget(t, id, 1);
	assert_int_equal(oqfs_nodes_count(t), 1);
	assert_null(oqfs_nodes_find(t, id));
	oqfs_nodes_forget(t, id, 5);
	n = walk(w, "calc_2/x.bin", &r);
	assert_true(n->id > first);
	oqfs_nodes_put(t, n);
}

/* What is listed can be looked up, with the type and number it was given. */
static void expect_listing(struct world *w, const char *path,
			   const char *const *names)
{
	int r;
	struct oqfs_node *n = walk(w, path, &r), *child;
	struct oqfs_dirent e;
	struct oqfs_dir *d;
	struct oq_err err;
	size_t count = 0;

	assert_int_equal(oqfs_dir_open(&w->front, n, NULL, &d, &err), 0);
	for (uint64_t at = 0; oqfs_dir_next(&w->front, d, at, NULL, &e);
	     at = e.next) {
		struct stat st;
		bool exact;

		if (e.is_dots)
			continue;
		assert_non_null(names[count]);
		assert_string_equal(e.name, names[count]);
		count++;
		r = oqfs_walk(&w->front, n, e.name, NULL, &child, &err);
		assert_int_equal(r, 0);
		assert_int_equal(child->ino, e.ino);
		assert_int_equal(oqfs_attr(&w->front, child, false, NULL, &st,
					   &exact, &err),
				 0);
		assert_int_equal(st.st_mode & S_IFMT, e.type);
		assert_int_equal(st.st_ino, e.ino);
		oqfs_nodes_put(w->front.nodes, child);
	}
	assert_null(names[count]);
	oqfs_dir_close(&w->front, d);
	oqfs_nodes_put(w->front.nodes, n);
}

static void test_listing(void **state)
{
	static const char *const in_store[] = {
		"g",	    "g~1.csv", "parent", "soft.bin", "soft.csv",
		"soft.npy", "x.bin",   "x.csv",	 "x.npy",    NULL
	};
	static const char *const in_group[] = { "back", NULL };
	static const char *const in_parts[] = { "000000000000-000000000003.csv",
						"000000000004-000000000007.csv",
						"000000000008-000000000009.csv",
						NULL };
	struct oq_entry e = entry("g", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 1);
	struct world *w = *state;

	put(w, 0, e);
	put(w, 0, entry("g~1.csv", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 2));
	e = entry("x", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9);
	e.part_rows = 4;
	put(w, 0, e);
	put_link(w, 0, "soft", OQ_ENTRY_DATASET, "/x");
	put(w, 0, entry("parent", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 3));
	put(w, 1, entry("back", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, OQ_WIRE_ROOT));
	w->super.parent = "2";
	e.name = "hidden";
	e.name_len = 6;
	e.hidden = true;
	put(w, 0, e);
	expect_listing(w, "calc_2", in_store);
	expect_kind(w, "calc_2/hidden.npy", OQFS_NODE_VIEW);
	expect_listing(w, "calc_2/g", in_group);
	expect_listing(w, "calc_2/x.csv", in_parts);
	expect_kind(w, "calc_2/parent", OQFS_NODE_GROUP);
}

/* All datastores here hold the same. */
static void test_leads(void **state)
{
	static const char *const in_root[] = { "far.bin",  "far.csv",
					       "far.npy",  "g",
					       "soft.bin", "soft.csv",
					       "soft.npy", NULL };
	struct world *w = *state;
	struct oqfs_node *dir, *n;
	unsigned nasks;
	int r;

	put(w, 0, entry("g", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 1));
	put(w, 1, entry("d.csv", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 2));
	put(w, 1, entry("d", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9));
	put_external(w, 0, "far", "other.h5", "/g/d");
	put_link(w, 0, "soft", OQ_ENTRY_DANGLING, "/far");
	put_external(w, 1, "absent", "gone.h5", "/g/d");
	expect_link(w, "calc_2/far.csv", "../other.h5/g/d~1.csv");
	expect_link(w, "calc_2/far[0:2].npy", "../other.h5/g/d~1[0:2].npy");
	expect_link(w, "calc_2/soft.npy", "far.npy");
	expect_error(w, "calc_2/far", -ENOENT);
	expect_error(w, "calc_2/far.png", -ENOENT);
	expect_error(w, "calc_2/far[0:2].meta.json", -ENOENT);
	expect_link(w, "calc_2/g/absent", "../../gone.h5/g/d");
	expect_error(w, "calc_2/g/absent.csv", -ENOENT);
	expect_listing(w, "calc_2", in_root);
	dir = walk(w, "calc_2", &r);
	n = walk(w, "calc_2/far.csv", &r);
	assert_true(oqfs_attr_name_timeout(n) == 1);
	expect_error(w, "calc_2/far.txt", -ENOENT);
	assert_true(oqfs_attr_missing_timeout(dir, "far.txt") == 1);
	/* Nobody is asked again, unless the file is another. */
	nasks = w->super.nasks;
	expect_link(w, "calc_2/far.bin", "../other.h5/g/d~1.bin");
	assert_int_equal(w->super.nasks, nasks);
	hdf5("other.h5", 300);
	expect_link(w, "calc_2/far.bin", "../other.h5/g/d~1.bin");
	assert_true(w->super.nasks > nasks);
	assert_int_equal(unlink("other.h5"), 0);
	expect_error(w, "calc_2/far.bin", -ENOENT);
	expect_link(w, "calc_2/far", "../other.h5/g/d");
	/* One that cannot be read is as if it were not there. */
	hdf5("other.h5", 200);
	w->super.fail = -EIO;
	expect_link(w, "calc_2/far", "../other.h5/g/d");
	w->super.fail = -EINTR;
	expect_error(w, "calc_2/far", -EINTR);
	w->super.fail = 0;
	expect_link(w, "calc_2/far.csv", "../other.h5/g/d~1.csv");
	oqfs_nodes_put(w->front.nodes, n);
	oqfs_nodes_put(w->front.nodes, dir);
}

/* 'varies': other files decide on it, be they there or not. */
static void expect_sources(struct world *w, const char *path, unsigned n,
			   bool varies)
{
	int r;
	struct oqfs_node *v = walk(w, path, &r);

	assert_non_null(v);
	assert_int_equal(v->is.gen->store->nsources, n);
	assert_ptr_not_equal(v->is.gen, n ? v->parent->is.gen : NULL);
	assert_int_equal(v->is.varies, varies);
	oqfs_nodes_put(w->front.nodes, v);
}

/* All datastores here hold the same, and no reader gets along without. */
static void test_virtual(void **state)
{
	struct oq_entry e = entry("v", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9);
	static const char names[] = "other.h5\0./gone.h5\0/etc/passwd";
	struct world *w = *state;
	struct oqfs_node *n, *again;
	int r;

	e.refused = -EOPNOTSUPP;
	e.file = names;
	e.file_len = sizeof(names);
	put(w, 0, e);
	put(w, 0, entry("g", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 1));
	put(w, 1, entry("x", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 10));
	expect_sources(w, "calc_2/v.npy", 1, true);
	/* Groups below are of the datastore as it is. */
	expect_sources(w, "calc_2/g/x.npy", 0, false);
	n = walk(w, "calc_2/v.npy", &r);
	assert_string_equal(n->is.gen->store->sources, "other.h5");
	assert_string_equal(n->is.gen->store->source[0]->path, "other.h5");
	assert_true(oqfs_attr_name_timeout(n) == 1);
	again = walk(w, "calc_2/v.npy", &r);
	assert_ptr_equal(n, again);
	oqfs_nodes_put(w->front.nodes, again);
	/* It is another when that file is. */
	hdf5("other.h5", 300);
	again = walk(w, "calc_2/v.npy", &r);
	assert_ptr_not_equal(n, again);
	assert_true(n->ino != again->ino);
	oqfs_nodes_put(w->front.nodes, again);
	oqfs_nodes_put(w->front.nodes, n);
	assert_int_equal(unlink("other.h5"), 0);
	expect_sources(w, "calc_2/v.npy", 0, true);
	/* A name that does not end is a lie. */
	e.name = "w";
	e.name_len = 1;
	e.file_len = sizeof(names) - 1;
	put(w, 1, e);
	hdf5("other.h5", 200);
	expect_sources(w, "calc_2/g/w.npy", 0, true);
}

static void test_circles(void **state)
{
	struct world *w = *state;

	put_external(w, 0, "me", "other.h5", "/me");
	put_external(w, 0, "through", "other.h5", "/through/x");
	put_link(w, 0, "soft", OQ_ENTRY_DANGLING, "soft");
	expect_link(w, "calc_2/me", "../other.h5/me");
	expect_error(w, "calc_2/me.csv", -ENOENT);
	expect_link(w, "calc_2/through", "../other.h5/through/x");
	expect_link(w, "calc_2/soft", "soft");
	assert_true(w->super.nasks < 200);
}

static void test_parent(void **state)
{
	static const char *const with[] = { "parent", NULL };
	static const char *const without[] = { NULL };
	struct world *w = *state;

	w->super.parent = "2";
	expect_link(w, "other.h5/parent", "../calc_2");
	expect_listing(w, "other.h5", with);
	assert_int_equal(unlink("calc_2.hdf5"), 0);
	expect_error(w, "other.h5/parent", -ENOENT);
	expect_listing(w, "other.h5", without);
	hdf5("calc_2.hdf5", 100);
	expect_link(w, "other.h5/parent", "../calc_2");
	expect_listing(w, "other.h5", with);
}

/* A calculation with a file among its exports. */
static void put_exports(struct world *w)
{
	struct oq_entry e = entry("gmf-data_7", OQ_ENTRY_HARD, OQ_ENTRY_DATASET,
				  OQ_WIRE_EXPORT);

	put(w, 0, entry("oqparam", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9));
	e.views = e.listed = BIT(OQ_VIEW_CSV);
	put(w, FAKE_GROUPS - 1, e);
}

static void test_exports(void **state)
{
	static const char *const files[] = { "gmf-data_7.csv", NULL };
	static const char *const in_store[] = { "oqparam.bin", "oqparam.csv",
						"oqparam.npy", "export", NULL };
	struct world *w = *state;
	struct oqfs_node *n, *dir;
	int r;

	expect_error(w, "calc_2/export", -ENOENT);
	put_exports(w);
	expect_listing(w, "other.h5", in_store);
	expect_listing(w, "other.h5/export", files);
	expect_error(w, "other.h5/export/gmf-data_8.csv", -ENOENT);
	expect_error(w, "other.h5/export/gmf-data_7.bin", -ENOENT);
	expect_error(w, "other.h5/export/gmf-data_7[0].csv", -ENOENT);
	n = walk(w, "other.h5/export/gmf-data_7.csv", &r);
	dir = walk(w, "other.h5/export", &r);
	assert_ptr_equal(n->parent, dir);
	assert_int_equal(n->is.kind, OQFS_NODE_VIEW);
	assert_true(n->is.object == OQ_WIRE_EXPORT);
	assert_true(n->is.size == OQ_WIRE_UNKNOWN);
	/* A generation beside that of the calculation. */
	assert_ptr_equal(n->is.gen, dir->is.gen);
	assert_ptr_not_equal(dir->is.gen, dir->parent->is.gen);
	assert_true(dir->is.gen->store->calc.number == OQ_WIRE_UNKNOWN);
	assert_true(oqfs_attr_name_timeout(dir) == 3600);
	/* It goes with that one. */
	assert_int_equal(unlink("other.h5"), 0);
	expect_error(w, "other.h5", -ENOENT);
	assert_true(oqfs_store_is_retired(dir->is.gen->store));
	oqfs_nodes_put(w->front.nodes, dir);
	oqfs_nodes_put(w->front.nodes, n);
}

/* What its readers are told of its parents: how many there are, and why not
 * one more. */
static void expect_told(struct world *w, const char *path, unsigned nparents,
			const char *absent)
{
	int r;
	struct oqfs_node *n = walk(w, path, &r);
	const struct oqfs_store *st;

	assert_non_null(n);
	st = n->is.gen->store;
	assert_int_equal(st->calc.nparents, nparents);
	for (unsigned i = 0; i < nparents; i++)
		assert_string_equal(st->calc.parents[i]->path, "calc_2.hdf5");
	assert_string_equal(st->absent, absent);
	oqfs_nodes_put(w->front.nodes, n);
}

static void test_exports_parent(void **state)
{
	struct world *w = *state;
	struct oqfs_node *with, *without;
	int r;

	put_exports(w);
	hdf5("calc_7.hdf5", 300);
	/* All say that 2 is their parent, so 2 is its own. */
	w->super.parent = "2";
	expect_told(w, "calc_7/export", 1, "");
	expect_told(w, "calc_2/export", 0, "");
	with = walk(w, "calc_7/export/gmf-data_7.csv", &r);
	assert_true(with->is.gen->store->calc.number == 7);
	assert_true(oqfs_attr_name_timeout(with->parent) == 1);
	assert_true(oqfs_attr_timeout(with) == 3600);

	assert_int_equal(unlink("calc_2.hdf5"), 0);
	expect_told(w, "calc_7/export", 0,
		    "calculation 2, which this one was made from, is not in "
		    "its directory");
	without = walk(w, "calc_7/export/gmf-data_7.csv", &r);
	assert_ptr_not_equal(with, without);
	assert_true(with->ino != without->ino);
	assert_true(with->parent->ino == without->parent->ino);
	/* The calculation is the same all the time. */
	assert_ptr_equal(with->parent->parent, without->parent->parent);
	oqfs_nodes_put(w->front.nodes, with);
	with = walk(w, "calc_7/export/gmf-data_7.csv", &r);
	assert_ptr_equal(with, without);
	oqfs_nodes_put(w->front.nodes, with);
	oqfs_nodes_put(w->front.nodes, without);

	hdf5("calc_2.hdf5", 100);
	expect_told(w, "calc_7/export", 1, "");
}

/* In a shared mount the rights of both files count. */
static void test_exports_rights(void **state)
{
	static const char *const denied =
		"calculation 2, which this one was made from, may not be read "
		"by all who may read this one";
	struct world *w = *state;

	put_exports(w);
	hdf5("calc_7.hdf5", 300);
	w->super.parent = "2";
	w->opts.allow_other = true;
	expect_told(w, "calc_7/export", 1, "");
	assert_int_equal(chmod("calc_2.hdf5", 0640), 0);
	expect_told(w, "calc_7/export", 0, denied);
	assert_int_equal(chmod("calc_7.hdf5", 0640), 0);
	expect_told(w, "calc_7/export", 1, "");
	assert_int_equal(chmod("calc_2.hdf5", 0600), 0);
	expect_told(w, "calc_7/export", 0, denied);
	w->opts.allow_other = false;
	expect_told(w, "calc_7/export", 1, "");
}

/* May the kernel keep the listing of this directory? */
static bool is_kept(struct world *w, struct oqfs_node *n)
{
	struct oqfs_dir *d;
	struct oq_err err;
	bool varies;

	assert_int_equal(oqfs_dir_open(&w->front, n, NULL, &d, &err), 0);
	varies = oqfs_dir_varies(d);
	oqfs_dir_close(&w->front, d);
	return !varies;
}

/* For how long the kernel may keep a name; in minutes, 0 for a second. */
static unsigned minutes_kept(struct world *w, const char *path)
{
	int r;
	struct oqfs_node *n = walk(w, path, &r);
	double seconds;

	assert_non_null(n);
	seconds = oqfs_attr_name_timeout(n);
	assert_true(seconds == oqfs_attr_timeout(n));
	oqfs_nodes_put(w->front.nodes, n);
	return (unsigned)seconds / 60;
}

static void test_parent_timeouts(void **state)
{
	struct world *w = *state;
	struct oqfs_node *n, *g;
	int r;

	put(w, 0, entry("g", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 1));
	n = walk(w, "other.h5", &r);
	g = walk(w, "other.h5/g", &r);
	assert_true(is_kept(w, g));
	/* So that the root is listed. */
	expect_error(w, "other.h5/none", -ENOENT);
	/* While it cannot be asked, nobody knows. */
	w->super.fail = -EIO;
	assert_false(is_kept(w, n));
	assert_true(oqfs_attr_missing_timeout(n, "parent") == 1);
	w->super.fail = 0;
	w->super.parent = "2";
	assert_false(is_kept(w, n));
	assert_true(oqfs_attr_missing_timeout(n, "parent") == 1);
	assert_true(oqfs_attr_missing_timeout(n, "x") == 3600);
	assert_true(oqfs_attr_missing_timeout(g, "parent") == 3600);
	assert_int_equal(minutes_kept(w, "other.h5/parent"), 0);
	assert_int_equal(minutes_kept(w, "other.h5/g"), 60);
	assert_true(is_kept(w, g));
	oqfs_nodes_put(w->front.nodes, g);
	oqfs_nodes_put(w->front.nodes, n);

	/* One that names none is kept as if there were no such thing. */
	w->super.parent = NULL;
	n = walk(w, "calc_2", &r);
	assert_true(is_kept(w, n));
	assert_true(oqfs_attr_missing_timeout(n, "parent") == 3600);
	oqfs_nodes_put(w->front.nodes, n);
}

static void test_source(void **state)
{
	struct world *w = *state;
	struct oqfs_node *n;
	struct oqfs_dirent e;
	struct oqfs_dir *d;
	unsigned seen = 0;
	struct oq_err err;
	int r;

	assert_int_equal(symlink("nowhere", "dangling"), 0);
	n = walk(w, "", &r);
	assert_int_equal(oqfs_dir_open(&w->front, n, NULL, &d, &err), 0);
	for (uint64_t at = 0; oqfs_dir_next(&w->front, d, at, NULL, &e);
	     at = e.next) {
		struct oqfs_node *child;

		if (e.is_dots)
			continue;
		seen++;
		r = oqfs_walk(&w->front, n, e.name, NULL, &child, &err);
		assert_int_equal(r, 0);
		assert_int_equal(child->ino, e.ino);
		oqfs_nodes_put(w->front.nodes, child);
	}
	/* calc_2, other.h5, dangling, latest */
	assert_int_equal(seen, 4);
	oqfs_dir_close(&w->front, d);
	oqfs_nodes_put(w->front.nodes, n);
}

/* For one group at a time, and with the store of "calc_2". */
struct getting {
	struct world *w;
	struct oqfs_store *store;
	pthread_t thread;
	int r;
};

static void *get_listing(void *arg)
{
	struct getting *g = arg;
	struct oqfs_listing *l;

	g->r = oqfs_listings_get(g->w->front.listings, g->store, OQ_WIRE_ROOT,
				 NULL, &l, NULL);
	oqfs_listing_put(g->w->front.listings, l);
	return NULL;
}

static void test_interrupted_listing(void **state)
{
	struct oqfs_cancel *cancel = oqfs_cancel_new();
	struct world *w = *state;
	struct getting g = { .w = w };
	struct oqfs_listing *l;
	sem_t asked, answer;
	struct oqfs_node *n;
	int r;

	n = walk(w, "calc_2", &r);
	assert_non_null(n);
	g.store = n->is.gen->store;
	sem_init(&asked, 0, 0);
	sem_init(&answer, 0, 0);
	w->super.asked = &asked;
	w->super.answer = &answer;
	assert_int_equal(pthread_create(&g.thread, NULL, get_listing, &g), 0);
	sem_wait(&asked);
	/* another wants the same, and is told to stop */
	oqfs_cancel_fire(cancel);
	assert_int_equal(oqfs_listings_get(w->front.listings, g.store,
					   OQ_WIRE_ROOT, cancel, &l, NULL),
			 -EINTR);
	sem_post(&answer);
	pthread_join(g.thread, NULL);
	assert_int_equal(g.r, 0);
	oqfs_nodes_put(w->front.nodes, n);
	oqfs_cancel_free(cancel);
}

struct chance {
	uint64_t x;
};

static uint64_t chance(struct chance *c, uint64_t n)
{
	c->x ^= c->x << 13;
	c->x ^= c->x >> 7;
	c->x ^= c->x << 17;
	return c->x % n;
}

/* What a reader says is anything: bytes of entries that were right once. */
static void spoil(struct world *w, struct chance *c)
{
	struct oq_buf *b = &w->super.groups[0];
	char name[40];
	struct oq_entry e;

	b->len = 0;
	for (uint64_t i = 1 + chance(c, 5); i-- > 0;) {
		size_t n = chance(c, sizeof(name));

		for (size_t k = 0; k < n; k++)
			name[k] = "a.\0/\n%~\xff.csv[]"[chance(c, 15)];
		e = entry(name, (enum oq_entry_link)chance(c, OQ_NENTRY_LINKS),
			  (enum oq_entry_kind)chance(c, OQ_NENTRY_KINDS),
			  chance(c, 3));
		e.name_len = n;
		e.target = name;
		e.target_len = chance(c, n + 1);
		e.file = name;
		e.file_len = chance(c, n + 1);
		e.part_rows = chance(c, 3);
		e.rows = chance(c, 2) ? INT64_MAX : 5;
		e.views = e.listed = (uint32_t)chance(c, 1 << OQ_NVIEWS);
		put(w, 0, e);
	}
	for (uint64_t i = chance(c, 3); i-- > 0;)
		b->data[chance(c, b->len)] = (char)chance(c, 256);
	if (chance(c, 4) == 0)
		b->len = chance(c, b->len + 1);
}

static void look_at_all(struct world *w, struct oqfs_node *n)
{
	struct oqfs_dirent e = { 0 };
	struct oqfs_dir *d = NULL;
	struct oq_err err;

	if (oqfs_dir_open(&w->front, n, NULL, &d, &err))
		return;
	for (uint64_t at = 0, i = 0;
	     i < 100 && oqfs_dir_next(&w->front, d, at, NULL, &e);
	     at = e.next, i++) {
		struct oqfs_node *child = NULL;
		struct stat st;
		bool exact;

		assert_true(e.next > at);
		assert_null(strchr(e.name, '/'));
		assert_true(e.name[0] && strlen(e.name) <= OQ_NAME_MAX);
		if (e.is_dots)
			continue;
		assert_string_not_equal(e.name, ".");
		assert_string_not_equal(e.name, "..");
		if (oqfs_walk(&w->front, n, e.name, NULL, &child, &err))
			continue;
		(void)oqfs_attr(&w->front, child, true, NULL, &st, &exact,
				&err);
		assert_true(st.st_size >= 0);
		oqfs_nodes_put(w->front.nodes, child);
	}
	oqfs_dir_close(&w->front, d);
}

static void test_nonsense(void **state)
{
	struct chance c = { .x = 20261121 };
	struct world *w = *state;

	for (unsigned i = 0; i < 3000; i++) {
		struct oqfs_node *n;
		int r;

		spoil(w, &c);
		w->super.size =
			chance(&c, 2) ? UINT64_MAX >> chance(&c, 64) : 80;
		n = walk(w, "calc_2", &r);
		assert_non_null(n);
		look_at_all(w, n);
		/* the next round asks again */
		oqfs_listings_drop(w->front.listings, n->is.gen->store);
		oqfs_nodes_put(w->front.nodes, n);
	}
	assert_true(w->super.nasks > 3000);
}

static void test_endless_listing(void **state)
{
	struct world *w = *state;
	struct oqfs_node *n;
	struct oqfs_dir *d;
	struct oq_err err;
	int r;

	w->super.more = 1;
	n = walk(w, "calc_2", &r);
	assert_non_null(n);
	assert_int_equal(oqfs_dir_open(&w->front, n, NULL, &d, &err), -EPROTO);
	put(w, 0, entry("x", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9));
	assert_int_equal(oqfs_dir_open(&w->front, n, NULL, &d, &err), -EPROTO);
	oqfs_nodes_put(w->front.nodes, n);
}

/* More than half a page. */
static void put_long(struct world *w, unsigned group)
{
	static char target[60000];

	for (int i = 0; i < 10; i++) {
		struct oq_entry e = entry("", OQ_ENTRY_SOFT, OQ_ENTRY_DANGLING,
					  OQ_WIRE_UNKNOWN);
		char name[16];

		snprintf(name, sizeof(name), "%d", i);
		e.name = name;
		e.name_len = strlen(name);
		e.target = target;
		e.target_len = sizeof(target);
		put(w, group, e);
	}
}

/* Four pages of a long one are held: there is no room for as many more, but
 * for what is short. */
static void test_long_listings(void **state)
{
	struct world *w = *state;
	struct oqfs_listing *long_one, *other;
	struct oqfs_identity id = { .ino = 1 };
	struct oqfs_store *st = oqfs_store_new(&w->super, "x", &id);
	struct oqfs_listings *ls = w->front.listings;

	put_long(w, 1);
	put_long(w, 2);
	put(w, 3, entry("x", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9));
	w->super.more = 1;
	w->super.pages = 4;
	assert_int_equal(oqfs_listings_get(ls, st, 1, NULL, &long_one, NULL),
			 0);
	assert_int_equal(oqfs_listings_get(ls, st, 2, NULL, &other, NULL),
			 -ENOMEM);
	w->super.pages = 1;
	assert_int_equal(oqfs_listings_get(ls, st, 3, NULL, &other, NULL), 0);
	oqfs_listing_put(ls, other);
	oqfs_listing_put(ls, long_one);
	w->super.pages = 4;
	assert_int_equal(oqfs_listings_get(ls, st, 2, NULL, &other, NULL), 0);
	oqfs_listing_put(ls, other);
	oqfs_listings_drop(ls, st);
	oqfs_store_put(st);
}

static void test_failed_listing(void **state)
{
	struct world *w = *state;

	put(w, 0, entry("x", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9));
	w->super.fail = -EIO;
	expect_kind(w, "calc_2", OQFS_NODE_STORE);
	expect_error(w, "calc_2/x.bin", -EIO);
	w->super.fail = 0;
	expect_kind(w, "calc_2/x.bin", OQFS_NODE_VIEW);
}

static void test_label(void **state)
{
	char label[OQFS_LABEL_BYTES];
	struct world *w = *state;
	int r;
	struct oqfs_node *n;

	put(w, 0, entry("g\n", OQ_ENTRY_HARD, OQ_ENTRY_GROUP, 1));
	put(w, 1, entry("mean", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 10));
	n = walk(w, "calc_2/g%0A/mean.csv", &r);
	assert_non_null(n);
	oqfs_nodepath_label(w->front.nodes, n, label);
	assert_string_equal(label, "calc_2.hdf5: /g?/mean");
	oqfs_nodes_put(w->front.nodes, n);
}

static uint64_t tell(struct oqfs_nodes *t, struct oqfs_node *root, unsigned i,
		     uint64_t ino)
{
	struct oqfs_spec is = { .kind = OQFS_NODE_PLAIN, .ino = ino };
	struct oqfs_node *n;
	char name[16];
	uint64_t id;

	snprintf(name, sizeof(name), "%u", i);
	assert_int_equal(oqfs_nodes_get(t, root, name, &is, &n), 0);
	id = n->id;
	oqfs_nodes_remember(t, n);
	oqfs_nodes_put(t, n);
	oqfs_nodes_forget(t, id, 1);
	return id;
}

static void test_kept(void **state)
{
	struct oqfs_spec is = { .kind = OQFS_NODE_DIR };
	struct oqfs_nodes *t = oqfs_nodes_new(true);
	struct oqfs_node *root, *n;
	uint64_t id = 0;

	(void)state;
	assert_int_equal(oqfs_nodes_set_root(t, &is), 0);
	root = oqfs_nodes_find(t, OQFS_ROOT_ID);
	assert_int_equal(oqfs_nodes_get(t, root, "untold", &is, &n), 0);
	oqfs_nodes_put(t, n);
	assert_int_equal(oqfs_nodes_count(t), 1);
	for (unsigned i = 0; i < 5000; i++)
		id = tell(t, root, i, 1);
	assert_int_equal(oqfs_nodes_count(t), 5001);
	assert_int_equal(tell(t, root, 4999, 1), id);
	/* Names that come to mean something else again and again. */
	for (uint64_t ino = 2; ino < 10; ino++)
		for (unsigned i = 0; i < 5000; i++)
			id = tell(t, root, i, ino);
	assert_true(oqfs_nodes_count(t) < 10000);
	n = oqfs_nodes_find(t, id);
	assert_non_null(n);
	oqfs_nodes_put(t, n);
	oqfs_nodes_put(t, root);
	oqfs_nodes_free(t);
}

static void test_dots(void **state)
{
	struct world *w = *state;

	put(w, 0, entry("x", OQ_ENTRY_HARD, OQ_ENTRY_DATASET, 9));
	expect_kind(w, "calc_2/x.bin/.", OQFS_NODE_VIEW);
	expect_kind(w, "calc_2/x.bin/..", OQFS_NODE_STORE);
	expect_kind(w, "calc_2/../..", OQFS_NODE_DIR);
}

/* Each has a mount of its own. */
#undef TEST
#define TEST(sentence, function) TEST_WITH(sentence, function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("a table that keeps its nodes keeps what has a meaning",
		     test_kept),
		TEST("a node is found by itself, and above what it holds",
		     test_dots),
		TEST("a path leads to what it names", test_kinds),
		TEST("a name is found without its group's listing",
		     test_by_name),
		TEST("many names are found in its listing", test_many_by_name),
		TEST("a soft link takes the file names of its objects",
		     test_soft),
		TEST("an external link stays in the mount or dangles",
		     test_external),
		TEST("a link to another file's dataset has its views",
		     test_leads),
		TEST("links that lead round in circles end", test_circles),
		TEST("a virtual dataset gets the files that are there",
		     test_virtual),
		TEST("a group that holds itself ends in a link", test_cycles),
		TEST("parts are named by their rows, however many", test_parts),
		TEST("a csv has not more parts than can be listed",
		     test_too_many_parts),
		TEST("a slice is there if the reader says so", test_slices),
		TEST("so are its views, whatever the whole has",
		     test_fixed_slices),
		TEST("a csv is measured when its size is wanted, once",
		     test_lazy_size),
		TEST("what cannot be opened does not look empty", test_refused),
		TEST("a changed file is another node, the old one stale",
		     test_generations),
		TEST("what the kernel forgets is gone", test_forget),
		TEST("what is listed can be looked up", test_listing),
		TEST("a calculation links to its parent, if that is there",
		     test_parent),
		TEST("a calculation has a directory of exports", test_exports),
		TEST("which depends on the calculations it was made from",
		     test_exports_parent),
		TEST("as far as all may read those who may read it",
		     test_exports_rights),
		TEST("the kernel keeps no parent, where one is named",
		     test_parent_timeouts),
		TEST("what the source lists can be looked up", test_source),
		TEST("who waits for another's listing can be interrupted",
		     test_interrupted_listing),
		TEST("nonsense in a listing is an error or harmless",
		     test_nonsense),
		TEST("a listing has an end, whatever its reader says",
		     test_endless_listing),
		TEST("long listings leave room for others", test_long_listings),
		TEST("a listing that failed is asked again",
		     test_failed_listing),
		TEST("the log calls objects by datastore and path", test_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
