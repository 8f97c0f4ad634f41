/* SPDX-License-Identifier: MIT */
/* rights.c - who may do what with a file: mode and access list in one */

#include "fs/source/rights.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

#include "lib/base/cleanup.h"

#define MAY_ALL	    (OQFS_MAY_READ | OQFS_MAY_SEARCH)
/* The owner and the file's group are among these; mask and others are two more.
 */
#define MAX_ENTRIES (2 * OQFS_RIGHTS_MAX + 2)

/* ---- lists of names -------------------------------------------------------*/

static const struct oqfs_right *find(const struct oqfs_right *list, size_t n,
				     uint32_t id)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].id == id)
			return &list[i];
	return NULL;
}

/* Of several entries for one id the first counts.  False where there is no
 * room. */
static bool add(struct oqfs_right *list, size_t *n, uint32_t id, unsigned may)
{
	if (find(list, *n, id))
		return true;
	if (*n == OQFS_RIGHTS_MAX)
		return false;
	list[(*n)++] = (struct oqfs_right){ .id = id, .may = may };
	return true;
}

static void leave_to_owner(struct oqfs_rights *r)
{
	r->nusers = r->ngroups = 1;
	r->groups[0].may = r->others = 0;
}

/* ---- from a file ----------------------------------------------------------*/

static void from_mode(const struct stat *st, unsigned keep,
		      struct oqfs_rights *r)
{
	r->nusers = r->ngroups = 1;
	r->users[0] =
		(struct oqfs_right){ st->st_uid, st->st_mode >> 6 & keep };
	r->groups[0] =
		(struct oqfs_right){ st->st_gid, st->st_mode >> 3 & keep };
	r->others = st->st_mode & keep;
}

static bool take(const struct posix_acl_xattr_entry *e, unsigned keep,
		 unsigned *mask, struct oqfs_rights *r)
{
	uint32_t id = le32toh(e->e_id);
	unsigned may = le16toh(e->e_perm) & keep;

	switch (le16toh(e->e_tag)) {
	case ACL_USER_OBJ:
		r->users[0].may = may;
		return true;
	case ACL_USER:
		return add(r->users, &r->nusers, id, may);
	case ACL_GROUP_OBJ:
		r->groups[0].may = may;
		return true;
	case ACL_GROUP:
		return add(r->groups, &r->ngroups, id, may);
	case ACL_MASK:
		*mask = may;
		return true;
	case ACL_OTHER:
		r->others = may;
		return true;
	default:
		return false;
	}
}

void oqfs_rights_parse(const void *list, size_t nbytes, const struct stat *st,
		       struct oqfs_rights *r)
{
	/* The right to execute a file is left out: nothing is run from here,
	 * and a group that has no other right could not be shown in a mode (see
	 * oqfs_rights_mode()). */
	unsigned keep = S_ISDIR(st->st_mode) ? MAY_ALL : OQFS_MAY_READ;
	unsigned mask = MAY_ALL;
	struct posix_acl_xattr_header head;
	struct posix_acl_xattr_entry e;
	const char *at = list;
	bool ok = true;

	from_mode(st, keep, r);
	if (nbytes == 0)
		return;
	if (nbytes < sizeof(head) || (nbytes - sizeof(head)) % sizeof(e)) {
		leave_to_owner(r);
		return;
	}
	memcpy(&head, at, sizeof(head));
	ok = le32toh(head.a_version) == POSIX_ACL_XATTR_VERSION;
	for (size_t i = sizeof(head); ok && i < nbytes; i += sizeof(e)) {
		memcpy(&e, at + i, sizeof(e));
		ok = take(&e, keep, &mask, r);
	}
	if (!ok) {
		leave_to_owner(r);
		return;
	}
	for (size_t i = 1; i < r->nusers; i++)
		r->users[i].may &= mask;
	for (size_t i = 0; i < r->ngroups; i++)
		r->groups[i].may &= mask;
}

void oqfs_rights_of(int fd, const struct stat *st, struct oqfs_rights *r)
{
	char list[sizeof(struct posix_acl_xattr_header) +
		  MAX_ENTRIES * sizeof(struct posix_acl_xattr_entry)];
	char path[32];
	ssize_t n;

	/* By the path in /proc, since fgetxattr(2) refuses an O_PATH
	 * descriptor. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = S_ISLNK(st->st_mode)
		    ? 0
		    : getxattr(path, OQFS_ACL_ACCESS, list, sizeof(list));
	if (n < 0 && (errno == ENODATA || errno == EOPNOTSUPP))
		n = 0;
	oqfs_rights_parse(list, n < 0 ? 1 : (size_t)n, st, r);
}

/* ---- below others ---------------------------------------------------------*/

/* The least that a user without an entry of his own has, in whatever groups. */
static unsigned least(const struct oqfs_rights *r)
{
	unsigned may = r->others;

	for (size_t i = 0; i < r->ngroups; i++)
		may &= r->groups[i].may;
	return may;
}

static unsigned of_user(const struct oqfs_rights *r, uint32_t id)
{
	const struct oqfs_right *u = find(r->users, r->nusers, id);

	return u ? u->may : least(r);
}

/* The least that a member of a group has, as he may be in others too. */
static unsigned of_group(const struct oqfs_rights *r, uint32_t id)
{
	const struct oqfs_right *g = find(r->groups, r->ngroups, id);

	return g ? g->may : least(r);
}

static unsigned if_passed(unsigned may, unsigned above)
{
	return above & OQFS_MAY_SEARCH ? may : 0;
}

static bool all_pass(const struct oqfs_rights *r)
{
	unsigned may = least(r);

	for (size_t i = 0; i < r->nusers; i++)
		may &= r->users[i].may;
	return may & OQFS_MAY_SEARCH;
}

/* Drop entries that change nothing, since they make a list where a mode would
 * do: groups without a right if others have none either, and users without a
 * right if no group has any. */
static void prune(struct oqfs_rights *r)
{
	size_t n = 1;

	if (r->others)
		return;
	for (size_t i = 1; i < r->ngroups; i++)
		if (r->groups[i].may)
			r->groups[n++] = r->groups[i];
	r->ngroups = n;
	if (n > 1 || r->groups[0].may)
		return;
	for (size_t i = 1; i < r->nusers; i++)
		if (r->users[i].may)
			r->users[n++] = r->users[i];
	r->nusers = n;
}

void oqfs_rights_below(struct oqfs_rights *r, const struct oqfs_rights *above)
{
	const struct oqfs_rights was = *r;
	bool room = true;

	if (all_pass(above))
		return;
	for (size_t i = 0; i < above->nusers; i++)
		room &= add(r->users, &r->nusers, above->users[i].id, 0);
	for (size_t i = 0; i < above->ngroups; i++)
		room &= add(r->groups, &r->ngroups, above->groups[i].id, 0);
	for (size_t i = 0; i < r->nusers; i++)
		r->users[i].may = if_passed(of_user(&was, r->users[i].id),
					    of_user(above, r->users[i].id));
	for (size_t i = 0; i < r->ngroups; i++)
		r->groups[i].may = if_passed(of_group(&was, r->groups[i].id),
					     of_group(above, r->groups[i].id));
	r->others = if_passed(was.others, above->others);
	if (!room)
		leave_to_owner(r);
	prune(r);
}

void oqfs_rights_pass(struct oqfs_rights *r, const char *path)
{
	OQ_FREE char *dir = strdup(path);
	struct oqfs_rights above;
	struct stat st;
	char *slash;

	if (!dir)
		leave_to_owner(r);
	while (dir && (slash = strrchr(dir, '/')) && dir[1]) {
		OQ_CLOSE int fd = -1;

		slash[slash == dir] = '\0';
		fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0 || fstat(fd, &st)) {
			leave_to_owner(r);
			return;
		}
		oqfs_rights_of(fd, &st, &above);
		oqfs_rights_below(r, &above);
	}
}

/* ---- what is told ---------------------------------------------------------*/

static unsigned opened_up(unsigned may)
{
	return may & OQFS_MAY_READ ? MAY_ALL : 0;
}

void oqfs_rights_open_up(struct oqfs_rights *r)
{
	for (size_t i = 0; i < r->nusers; i++)
		r->users[i].may = opened_up(r->users[i].may);
	for (size_t i = 0; i < r->ngroups; i++)
		r->groups[i].may = opened_up(r->groups[i].may);
	r->others = opened_up(r->others);
}

bool oqfs_rights_are_plain(const struct oqfs_rights *r)
{
	return r->nusers == 1 && r->ngroups == 1;
}

static unsigned mask_of(const struct oqfs_rights *r)
{
	unsigned may = 0;

	for (size_t i = 1; i < r->nusers; i++)
		may |= r->users[i].may;
	for (size_t i = 0; i < r->ngroups; i++)
		may |= r->groups[i].may;
	return may;
}

mode_t oqfs_rights_mode(const struct oqfs_rights *r)
{
	unsigned mask = mask_of(r), others = r->others;

	/* With an empty mask the kernel does not look at the list, and would
	 * count those whom it denies all rights among the others. */
	if (!mask && !oqfs_rights_are_plain(r))
		others = 0;
	return r->users[0].may << 6 | mask << 3 | others;
}

static void put(struct oq_buf *out, unsigned tag, uint32_t id, unsigned may)
{
	struct posix_acl_xattr_entry e = {
		.e_tag = htole16((uint16_t)tag),
		.e_perm = htole16((uint16_t)may),
		.e_id = htole32(id),
	};

	oq_buf_put(out, &e, sizeof(e));
}

void oqfs_rights_put(const struct oqfs_rights *r, struct oq_buf *out)
{
	struct posix_acl_xattr_header head = {
		.a_version = htole32(POSIX_ACL_XATTR_VERSION),
	};

	if (oqfs_rights_are_plain(r))
		return;
	oq_buf_put(out, &head, sizeof(head));
	put(out, ACL_USER_OBJ, (uint32_t)ACL_UNDEFINED_ID, r->users[0].may);
	for (size_t i = 1; i < r->nusers; i++)
		put(out, ACL_USER, r->users[i].id, r->users[i].may);
	put(out, ACL_GROUP_OBJ, (uint32_t)ACL_UNDEFINED_ID, r->groups[0].may);
	for (size_t i = 1; i < r->ngroups; i++)
		put(out, ACL_GROUP, r->groups[i].id, r->groups[i].may);
	put(out, ACL_MASK, (uint32_t)ACL_UNDEFINED_ID, mask_of(r));
	put(out, ACL_OTHER, (uint32_t)ACL_UNDEFINED_ID,
	    oqfs_rights_mode(r) & MAY_ALL);
}

/* ---- asking ---------------------------------------------------------------*/

bool oqfs_rights_let(const struct oqfs_rights *r, uid_t uid,
		     const gid_t *groups, size_t ngroups, unsigned may)
{
	const struct oqfs_right *own = find(r->users, r->nusers, uid);
	bool is_member = false;

	if (own)
		return (own->may & may) == may;
	for (size_t i = 0; i < ngroups; i++) {
		own = find(r->groups, r->ngroups, groups[i]);
		if (own && (own->may & may) == may)
			return true;
		is_member |= own != NULL;
	}
	return !is_member && (r->others & may) == may;
}

/* For users without an entry of their own, whatever groups they are in. */
static bool cover_groups(const struct oqfs_rights *r,
			 const struct oqfs_rights *by)
{
	for (size_t i = 0; i < by->ngroups; i++)
		if ((by->groups[i].may & OQFS_MAY_READ) &&
		    !(of_group(r, by->groups[i].id) & OQFS_MAY_READ))
			return false;
	return true;
}

static bool cover_others(const struct oqfs_rights *r,
			 const struct oqfs_rights *by)
{
	if (!(by->others & OQFS_MAY_READ))
		return true;
	for (size_t i = 0; i < r->ngroups; i++)
		if (!(r->groups[i].may & OQFS_MAY_READ) &&
		    !find(by->groups, by->ngroups, r->groups[i].id))
			return false;
	return r->others & OQFS_MAY_READ;
}

/* The most that a user without an entry of his own may have. */
static unsigned greatest(const struct oqfs_rights *r)
{
	unsigned may = r->others;

	for (size_t i = 0; i < r->ngroups; i++)
		may |= r->groups[i].may;
	return may;
}

bool oqfs_rights_cover(const struct oqfs_rights *r,
		       const struct oqfs_rights *by)
{
	for (size_t i = 0; i < by->nusers; i++)
		if ((by->users[i].may & OQFS_MAY_READ) &&
		    !(of_user(r, by->users[i].id) & OQFS_MAY_READ))
			return false;
	for (size_t i = 0; i < r->nusers; i++)
		if (!(r->users[i].may & OQFS_MAY_READ) &&
		    !find(by->users, by->nusers, r->users[i].id) &&
		    (greatest(by) & OQFS_MAY_READ))
			return false;
	return cover_groups(r, by) && cover_others(r, by);
}

bool oqfs_rights_hang_on_groups(const struct oqfs_rights *r, uid_t uid)
{
	if (find(r->users, r->nusers, uid))
		return false;
	for (size_t i = 0; i < r->ngroups; i++)
		if (r->groups[i].may != r->others)
			return true;
	return false;
}
