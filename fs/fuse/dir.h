/* SPDX-License-Identifier: MIT */
/* dir.h - an open directory
 *
 * Its contents are fixed when it is opened: it holds the listing of the group,
 * or the names of the source directory, so that an offset means the same until
 * it is closed.  A directory of csv parts is computed and needs no memory.  Any
 * thread may read from any offset.
 */
#ifndef OQFS_DIR_H
#define OQFS_DIR_H

#include "fs/tree/front.h"

struct oqfs_dir;

struct oqfs_dirent {
	char name[OQ_NAME_MAX + 1];
	uint64_t ino;
	mode_t type;   /* S_IFDIR, ...; 0 where it is not known */
	uint64_t next; /* the offset of the one after it */
	bool is_dots;  /* "." or ".." */
	bool is_cheap; /* its attributes can be had without asking a reader */
};

int oqfs_dir_open(struct oqfs_front *f, struct oqfs_node *n,
		  struct oqfs_cancel *cancel, struct oqfs_dir **out,
		  struct oq_err *err);
void oqfs_dir_close(struct oqfs_front *f, struct oqfs_dir *d);

/* Why entries may be missing at its end, a negative errno with the reason; or
 * 0. See oqfs_listing_trouble(). */
int oqfs_dir_trouble(const struct oqfs_dir *d, struct oq_err *err);

/* Whether its entries may change although its datastore does not. */
bool oqfs_dir_varies(const struct oqfs_dir *d);

/* The entry at an offset (0, or the 'next' of another).  False at the end.  May
 * wait for readers of other datastores, where links lead to such. */
bool oqfs_dir_next(struct oqfs_front *f, const struct oqfs_dir *d, uint64_t off,
		   struct oqfs_cancel *cancel, struct oqfs_dirent *e);

#endif
