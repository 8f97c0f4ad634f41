/* SPDX-License-Identifier: MIT */
/* rights.c - modes and access lists, against what acl(5) and the kernel say */

#include "fs/source/rights.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NONE	 8 /* no such entry */
#define R	 OQFS_MAY_READ
#define X	 OQFS_MAY_SEARCH

/* A list over owner 1, user 2, group 11, group 12; and who is in which of
 * the groups 11, 12 and 13. */
struct list {
	unsigned owner, user2, group, group12, mask, other;
};
struct who {
	uid_t uid;
	gid_t groups[3];
	size_t n;
};

static bool is_long(const struct list *l)
{
	return l->user2 != NONE || l->group12 != NONE;
}

static void put(struct oq_buf *b, unsigned tag, uint32_t id, unsigned may)
{
	struct posix_acl_xattr_entry e = {
		.e_tag = (uint16_t)tag,
		.e_perm = (uint16_t)may,
		.e_id = id,
	};

	if (may != NONE)
		oq_buf_put(b, &e, sizeof(e));
}

static void put_acl(struct oq_buf *b, const struct list *l)
{
	struct posix_acl_xattr_header h = { POSIX_ACL_XATTR_VERSION };

	oq_buf_put(b, &h, sizeof(h));
	put(b, ACL_USER_OBJ, UINT32_MAX, l->owner);
	put(b, ACL_USER, 2, l->user2);
	put(b, ACL_GROUP_OBJ, UINT32_MAX, l->group);
	put(b, ACL_GROUP, 12, l->group12);
	put(b, ACL_MASK, UINT32_MAX, l->mask);
	put(b, ACL_OTHER, UINT32_MAX, l->other);
	assert_false(oq_buf_failed(b));
}

static struct stat stat_of(const struct list *l)
{
	unsigned group = l->mask != NONE ? l->mask : l->group;

	return (struct stat){
		.st_mode = S_IFDIR | l->owner << 6 | group << 3 | l->other,
		.st_uid = 1,
		.st_gid = 11,
	};
}

static void parse(const struct list *l, struct oqfs_rights *r)
{
	OQ_BUF struct oq_buf b = { 0 };
	struct stat st = stat_of(l);

	if (is_long(l))
		put_acl(&b, l);
	oqfs_rights_parse(b.data, b.len, &st, r);
}

static bool has(const struct who *w, gid_t group)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->groups[i] == group)
			return true;
	return false;
}

/* acl(5), "access check algorithm", step by step. */
static bool by_the_book(const struct list *l, const struct who *w, unsigned may)
{
	unsigned mask = l->mask == NONE ? 7 : l->mask;
	bool one = false;

	if (w->uid == 1)
		return (l->owner & may) == may;
	if (w->uid == 2 && l->user2 != NONE)
		return (l->user2 & mask & may) == may;
	if (has(w, 11)) {
		one = true;
		if ((l->group & mask & may) == may)
			return true;
	}
	if (has(w, 12) && l->group12 != NONE) {
		one = true;
		if ((l->group12 & mask & may) == may)
			return true;
	}
	return !one && (l->other & may) == may;
}

/* What the kernel makes of the mode and the list that it is told. */
static bool by_the_kernel(const struct oqfs_rights *r, const struct who *w,
			  unsigned may)
{
	OQ_BUF struct oq_buf told = { 0 };
	mode_t mode = oqfs_rights_mode(r);
	struct stat st = { .st_mode = S_IFDIR | mode,
			   .st_uid = r->users[0].id,
			   .st_gid = r->groups[0].id };
	struct oqfs_rights again;

	if (w->uid == st.st_uid)
		return (mode >> 6 & may) == may;
	oqfs_rights_put(r, &told);
	if (mode & 070 && told.len) {
		oqfs_rights_parse(told.data, told.len, &st, &again);
		return oqfs_rights_let(&again, w->uid, w->groups, w->n, may);
	}
	return ((has(w, st.st_gid) ? mode >> 3 : mode) & may) == may;
}

/* ---- every list and every caller ------------------------------------------*/

static size_t nlists;
static struct list lists[4096];
static struct who callers[3 * 8];

static void make_all(unsigned may)
{
	const unsigned or_none[] = { NONE, 0, may };
	const unsigned yes_no[] = { 0, may };

	nlists = 0;
	for (size_t i = 0; i < 2 * 3 * 2 * 3 * 3 * 2; i++) {
		size_t n = i;
		struct list l;

		l.owner = yes_no[n % 2], n /= 2;
		l.user2 = or_none[n % 3], n /= 3;
		l.group = yes_no[n % 2], n /= 2;
		l.group12 = or_none[n % 3], n /= 3;
		l.mask = or_none[n % 3], n /= 3;
		l.other = yes_no[n % 2];
		/* There is a mask just where there is somebody named. */
		if (is_long(&l) == (l.mask != NONE))
			lists[nlists++] = l;
	}
	for (size_t i = 0; i < COUNT(callers); i++) {
		struct who *w = &callers[i];

		*w = (struct who){ .uid = (uid_t)(i % 3 + 1) };
		for (unsigned g = 0; g < 3; g++)
			if (i / 3 >> g & 1)
				w->groups[w->n++] = 11 + g;
	}
}

static void test_book(void **state)
{
	(void)state;
	make_all(R);
	assert_true(nlists > 100);
	for (size_t i = 0; i < nlists; i++) {
		struct oqfs_rights r;

		parse(&lists[i], &r);
		for (size_t k = 0; k < COUNT(callers); k++) {
			const struct who *w = &callers[k];
			bool want = by_the_book(&lists[i], w, R);

			assert_int_equal(oqfs_rights_let(&r, w->uid, w->groups,
							 w->n, R),
					 want);
			if (!oqfs_rights_hang_on_groups(&r, w->uid))
				assert_int_equal(oqfs_rights_let(&r, w->uid,
								 NULL, 0, R),
						 want);
			/* Where nobody is given anything by the list, it takes
			 * it from all. */
			if (oqfs_rights_mode(&r) & 070 ||
			    oqfs_rights_are_plain(&r))
				assert_int_equal(by_the_kernel(&r, w, R), want);
			else if (!want)
				assert_false(by_the_kernel(&r, w, R));
		}
	}
}

/* Nothing that either refuses; and all that both give to who is named in both,
 * in no group, or in one that both know. */
static void test_below(void **state)
{
	static struct list below[4096];
	size_t nbelow, exact = 0, less = 0;

	(void)state;
	make_all(R | X);
	nbelow = nlists;
	memcpy(below, lists, nlists * sizeof(*lists));
	make_all(X);
	for (size_t i = 0; i < nbelow * nlists; i++) {
		const struct list *b = &below[i / nlists];
		const struct list *a = &lists[i % nlists];
		struct oqfs_rights r, above;

		parse(b, &r);
		parse(a, &above);
		oqfs_rights_below(&r, &above);
		for (size_t k = 0; k < COUNT(callers); k++) {
			const struct who *w = &callers[k];
			bool named = w->uid == 1 ||
				     (w->uid == 2 && a->user2 != NONE &&
				      b->user2 != NONE);
			bool nobody = w->uid == 3 ||
				      (w->uid == 2 && a->user2 == NONE &&
				       b->user2 == NONE);
			bool in_both = has(w, 11) ||
				       (has(w, 12) && a->group12 != NONE &&
					b->group12 != NONE);
			bool known =
				nobody && (w->n == 0 || (w->n == 1 && in_both));
			bool want =
				by_the_book(b, w, R) && by_the_book(a, w, X);
			bool got =
				oqfs_rights_let(&r, w->uid, w->groups, w->n, R);

			assert_false(got && !want);
			assert_false(by_the_kernel(&r, w, R) && !want);
			if (named || known)
				assert_int_equal(got, want);
			exact += got == want;
			less += got != want;
		}
	}
	assert_true(less < exact / 20);
}

/* ---- one list beside another ----------------------------------------------*/

/* Who covers another lets all in that the other does; and where it says no,
 * there is somebody, or some groups that somebody might be in. */
static void test_cover(void **state)
{
	size_t ncovered = 0, nrefused = 0;

	(void)state;
	make_all(R);
	for (size_t i = 0; i < nlists * nlists; i++) {
		const struct list *a = &lists[i / nlists];
		const struct list *b = &lists[i % nlists];
		struct oqfs_rights r, by;
		bool holds = true, covers;

		parse(a, &r);
		parse(b, &by);
		covers = oqfs_rights_cover(&r, &by);
		for (size_t k = 0; k < COUNT(callers); k++)
			holds &= !by_the_book(b, &callers[k], R) ||
				 by_the_book(a, &callers[k], R);
		assert_int_equal(covers, holds);
		ncovered += covers;
		nrefused += !covers;
	}
	assert_true(ncovered > nlists && nrefused > nlists);
}

/* Owners of two files need not be in each other's groups. */
static void test_cover_owners(void **state)
{
	struct stat st = { .st_mode = S_IFREG | 0640,
			   .st_uid = 1,
			   .st_gid = 11 };
	struct oqfs_rights a, b;

	(void)state;
	oqfs_rights_parse(NULL, 0, &st, &a);
	st.st_uid = 2;
	oqfs_rights_parse(NULL, 0, &st, &b);
	assert_false(oqfs_rights_cover(&a, &b));
	st.st_mode = S_IFREG | 0644;
	oqfs_rights_parse(NULL, 0, &st, &b);
	assert_true(oqfs_rights_cover(&b, &a));
	assert_false(oqfs_rights_cover(&a, &b));
}

/* ---- and what is no list --------------------------------------------------*/

static bool is_owners_alone(const void *list, size_t n)
{
	struct stat st = { .st_mode = S_IFREG | 0644,
			   .st_uid = 1,
			   .st_gid = 2 };
	struct oqfs_rights r;

	oqfs_rights_parse(list, n, &st, &r);
	return oqfs_rights_are_plain(&r) && oqfs_rights_mode(&r) == 0400;
}

static void test_nonsense(void **state)
{
	struct list l = { R, R, R, R, R, R };
	OQ_BUF struct oq_buf b = { 0 };
	struct posix_acl_xattr_entry odd = { .e_tag = 0x40 };

	(void)state;
	put_acl(&b, &l);
	assert_false(is_owners_alone(b.data, b.len));
	for (size_t n = 1; n < b.len; n++)
		if ((n - 4) % 8)
			assert_true(is_owners_alone(b.data, n));
	b.data[0]++;
	assert_true(is_owners_alone(b.data, b.len));
	b.data[0]--;
	memcpy(b.data + 4, &odd, sizeof(odd));
	assert_true(is_owners_alone(b.data, b.len));
}

static void test_many(void **state)
{
	struct list l = { R, NONE, R, NONE, NONE, R };
	OQ_BUF struct oq_buf b = { 0 };

	(void)state;
	put_acl(&b, &l);
	for (uint32_t i = 1; i < OQFS_RIGHTS_MAX; i++)
		put(&b, ACL_USER, 1000 + i, R);
	assert_false(is_owners_alone(b.data, b.len));
	put(&b, ACL_USER, 5000, R);
	assert_true(is_owners_alone(b.data, b.len));
}

/* Who may only run a file has nothing of it here. */
static void test_run(void **state)
{
	struct list l = { R | X, X, 0, NONE, X, R };
	OQ_BUF struct oq_buf b = { 0 };
	struct stat st = { .st_mode = S_IFREG | 0514,
			   .st_uid = 1,
			   .st_gid = 11 };
	struct oqfs_rights r;

	(void)state;
	put_acl(&b, &l);
	oqfs_rights_parse(b.data, b.len, &st, &r);
	assert_int_equal(oqfs_rights_mode(&r), 0400);
	oqfs_rights_open_up(&r);
	assert_int_equal(oqfs_rights_mode(&r), 0500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "lists say what acl(5) says, and the kernel reads the same",
		  test_book, NULL, NULL, NULL },
		{ "below another list nobody has what either refuses",
		  test_below, NULL, NULL, NULL },
		{ "a list covers another that lets nobody in whom it refuses",
		  test_cover, NULL, NULL, NULL },
		{ "another owner counts as one of the others at the least",
		  test_cover_owners, NULL, NULL, NULL },
		{ "what is no list leaves a file to its owner", test_nonsense,
		  NULL, NULL, NULL },
		{ "so does a list with more names than are looked at",
		  test_many, NULL, NULL, NULL },
		{ "who may only run a file has nothing of it", test_run, NULL,
		  NULL, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
