/* SPDX-License-Identifier: MIT */
/* front.h - what one mount is made of
 *
 * Made in fs/mount.c, in the order below, and never changed while the mount
 * lives, but for what is atomic; each part looks after its own threads.
 */
#ifndef OQFS_FRONT_H
#define OQFS_FRONT_H

#include <pthread.h>
#include <stdatomic.h>

#include "fs/base/gate.h"
#include "fs/base/log.h"
#include "fs/base/opts.h"
#include "fs/readers/super.h"
#include "fs/source/catalog.h"
#include "fs/tree/listing.h"
#include "fs/tree/node.h"

struct fuse_session;

struct oqfs_front {
	const struct oqfs_opts *opts;
	struct oqfs_roots *roots;
	struct oqfs_catalog *catalog;
	struct oqfs_log *log;
	struct oqfs_super *super;
	struct oqfs_listings *listings;
	struct oqfs_nodes *nodes;
	struct oqfs_gate *gate; /* for those who may wait for a reader */
	struct fuse_session *session;
	pthread_key_t scratch;	 /* each thread's buffer: see view.c */
	bool acl;		 /* the kernel is to check access lists */
	uint64_t born;		 /* tells file handles of other mounts apart */
	unsigned most_plain;	 /* files that pass through, open at once */
	atomic_uint nplain;	 /* those that are open */
	atomic_size_t dir_bytes; /* names that open directories hold */
	atomic_bool is_tuned;	 /* the kernel's read-ahead was looked at */
};

#endif
