/* SPDX-License-Identifier: MIT */
/* rights.h - who may do what with a file: mode and access list in one
 *
 *	user::rw-         users   owner r, 1001 r    a caller who is one of
 *	user:1001:rw-                                these has that right;
 *	group::r--        groups  group r, 2001 -    who is in some of these
 *	group:2001:-w-                               has the right of any one;
 *	mask::r--         others  -                  who is in none, this one
 *	other::---
 *
 * The mask is applied, and only the rights to read and to search are kept.  A
 * plain value; any thread.
 */
#ifndef OQFS_RIGHTS_H
#define OQFS_RIGHTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "lib/base/buf.h"

#define OQFS_ACL_ACCESS "system.posix_acl_access"
/* The most users, and groups, of one list.  A list with more gives rights to
 * the owner only. */
#define OQFS_RIGHTS_MAX 64

enum { OQFS_MAY_SEARCH = 1, OQFS_MAY_READ = 4 };

struct oqfs_right {
	uint32_t id;
	unsigned may;
};

struct oqfs_rights {
	struct oqfs_right users[OQFS_RIGHTS_MAX];  /* the owner first */
	struct oqfs_right groups[OQFS_RIGHTS_MAX]; /* the file's own first */
	size_t nusers, ngroups;			   /* > 0 */
	unsigned others;
};

/* The rights to an open file (O_PATH will do).  A list that cannot be read or
 * parsed gives rights to the owner only. */
void oqfs_rights_of(int fd, const struct stat *st, struct oqfs_rights *r);
/* The same for the value of the extended attribute; 0 bytes: no list. */
void oqfs_rights_parse(const void *list, size_t nbytes, const struct stat *st,
		       struct oqfs_rights *r);

/* Take the rights from everybody who may not search the directory 'above'.
 * Which groups a user is in is not known here: where the result depends on it,
 * some users may lose a right, but nobody keeps one that 'above' denies. */
void oqfs_rights_below(struct oqfs_rights *r, const struct oqfs_rights *above);
/* The same for each directory above an absolute path. */
void oqfs_rights_pass(struct oqfs_rights *r, const char *path);

/* For a file that is shown as a directory: who may read may also search. */
void oqfs_rights_open_up(struct oqfs_rights *r);

/* Whether a mode alone says these rights, without a list. */
bool oqfs_rights_are_plain(const struct oqfs_rights *r);
/* The mode that goes with the list.  As in Linux the group bits then are the
 * mask: the most that a named user or any group has. */
mode_t oqfs_rights_mode(const struct oqfs_rights *r);
/* Append the value of the extended attribute; nothing where the rights are
 * plain. */
void oqfs_rights_put(const struct oqfs_rights *r, struct oq_buf *out);

/* Whether everybody who may read by 'by' may also read by 'r'.  False where
 * that depends on who is in which groups. */
bool oqfs_rights_cover(const struct oqfs_rights *r,
		       const struct oqfs_rights *by);

/* Whether a user in these groups has all rights of 'may'. */
bool oqfs_rights_let(const struct oqfs_rights *r, uid_t uid,
		     const gid_t *groups, size_t ngroups, unsigned may);
/* Whether that depends on the groups; if not, they need not be found out. */
bool oqfs_rights_hang_on_groups(const struct oqfs_rights *r, uid_t uid);

#endif
