/* SPDX-License-Identifier: MIT */
/* front.h - what one mount is made of
 *
 * fs/mount.c makes the parts, in the order below.  Only the atomic fields
 * change while the mount lives.  Each part has its own lock where it needs one.
 */
#ifndef OQFS_FRONT_H
#define OQFS_FRONT_H

#include <pthread.h>
#include <stdatomic.h>

#include "fs/base/buffers.h"
#include "fs/base/gate.h"
#include "fs/base/log.h"
#include "fs/base/opts.h"
#include "fs/readers/super.h"
#include "fs/source/catalog.h"
#include "fs/source/recent.h"
#include "fs/tree/listing.h"
#include "fs/tree/node.h"

struct fuse_session;

struct oqfs_front {
	const struct oqfs_opts *opts;
	struct oqfs_roots *roots;
	struct oqfs_catalog *catalog;
	struct oqfs_recent recent; /* with a lock of its own */
	struct oqfs_log *log;
	struct oqfs_super *super;
	struct oqfs_listings *listings;
	struct oqfs_nodes *nodes;
	struct oqfs_gate *gate; /* admits requests that may wait for readers */
	struct fuse_session *session;
	struct oqfs_buffers *buffers; /* for what is not lent by readers */
	bool acl;		      /* the kernel checks access lists */
	uint64_t born;		 /* tells file handles of other mounts apart */
	unsigned most_plain;	 /* plain files open at once, at most */
	atomic_uint nplain;	 /* plain files open now */
	pthread_mutex_t handles; /* guards those of a node: fuse/backing.h */
	atomic_bool passes;	 /* the kernel may read plain files by itself */
	atomic_uint nbacked;	 /* plain files open now that it does read */
	atomic_size_t dir_bytes; /* of names that open directories hold */
	atomic_bool is_tuned;	 /* the kernel's read-ahead was looked at */
};

#endif
