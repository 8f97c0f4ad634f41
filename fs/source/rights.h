/* SPDX-License-Identifier: MIT */
/* rights.h - who may do what with a file: mode and access list in one
 *
 *	user::rw-              users   owner r, 1001 r    the caller, if there
 *	user:1001:rw-          groups  group r, 2001 -    else any of his that
 *	group::r--                                        lets him, if there
 *	group:2001:-w-         others  -                  else this
 *	mask::r--
 *	other::---
 *
 * The mask is applied, and nothing but reading and searching is kept.  A plain
 * value; nothing here keeps state: any thread.
 */
#ifndef OQFS_RIGHTS_H
#define OQFS_RIGHTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "lib/base/buf.h"

#define OQFS_ACL_ACCESS "system.posix_acl_access"
/* Users, and groups, of one list.  One with more is its owner's alone. */
#define OQFS_RIGHTS_MAX 64

enum { OQFS_MAY_SEARCH = 1, OQFS_MAY_READ = 4 };

struct oqfs_right {
	uint32_t id;
	unsigned may;
};

struct oqfs_rights {
	struct oqfs_right users[OQFS_RIGHTS_MAX];  /* the owner first */
	struct oqfs_right groups[OQFS_RIGHTS_MAX]; /* the file's own first */
	size_t nusers, ngroups;			   /* 1 at least */
	unsigned others;
};

/* Those of an open file, which may be O_PATH.  A list that cannot be had or
 * does not make sense leaves them to the owner. */
void oqfs_rights_of(int fd, const struct stat *st, struct oqfs_rights *r);
/* The same, of a list as the extended attribute has it; 0 bytes: no list. */
void oqfs_rights_parse(const void *list, size_t nbytes, const struct stat *st,
		       struct oqfs_rights *r);

/* Only who may search 'above' has these rights still.  Where that turns on who
 * is in which groups, nobody gets more than both give him, but he may get
 * less. */
void oqfs_rights_below(struct oqfs_rights *r, const struct oqfs_rights *above);
/* The same, for each of the directories above an absolute path. */
void oqfs_rights_pass(struct oqfs_rights *r, const char *path);

/* What is a file becomes a directory: who may read may search. */
void oqfs_rights_open_up(struct oqfs_rights *r);

/* Does a mode say all of it? */
bool oqfs_rights_are_plain(const struct oqfs_rights *r);
/* The mode that goes with the list: as chmod(2) has it, group bits are what
 * anybody but the owner and others may have. */
mode_t oqfs_rights_mode(const struct oqfs_rights *r);
/* The value of the extended attribute; nothing where the mode says it all. */
void oqfs_rights_put(const struct oqfs_rights *r, struct oq_buf *out);

/* May everybody read by 'r' who may by 'by'?  False where that turns on who is
 * in which groups. */
bool oqfs_rights_cover(const struct oqfs_rights *r,
		       const struct oqfs_rights *by);

/* May this user?  His groups only matter where the next one says so. */
bool oqfs_rights_let(const struct oqfs_rights *r, uid_t uid,
		     const gid_t *groups, size_t ngroups, unsigned may);
bool oqfs_rights_hang_on_groups(const struct oqfs_rights *r, uid_t uid);

#endif
