/* SPDX-License-Identifier: MIT */
/* node.h - the inode table: what the kernel's numbers stand for
 *
 * A node lives as long as the kernel remembers it (its lookups are counted,
 * and taken back by FORGET), something holds it (get and put), or it has
 * children.  A table that keeps its nodes, for the handles of NFS, loses one
 * that the kernel ever knew only when it stands for nothing any more.  Its
 * number is never used again.  What it is never changes, but for the root of a
 * mount of one file, whose generation may; when a name comes to mean something
 * else, it gets another node.
 *
 * st_ino is not that number but a hash of the path and of what the file is
 * (for a datastore its identity), so that it is the same in the next mount,
 * and another one once the datastore was replaced.
 *
 * Any thread.
 */
#ifndef OQFS_NODE_H
#define OQFS_NODE_H

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fs/tree/generation.h"
#include "lib/ipc/wire.h"

#define OQFS_ROOT_ID 1

enum oqfs_node_kind {
	OQFS_NODE_DIR,	   /* a directory of the source */
	OQFS_NODE_PLAIN,   /* a file of the source that passes through */
	OQFS_NODE_LINK,	   /* a symbolic link */
	OQFS_NODE_STORE,   /* a datastore: its root group */
	OQFS_NODE_GROUP,   /* another group */
	OQFS_NODE_VIEW,	   /* an object as a file */
	OQFS_NODE_PARTS,   /* the directory of a csv in parts */
	OQFS_NODE_CONTROL, /* .oqfs */
	OQFS_NODE_STATUS,  /* .oqfs/status */
};

/* What a node is.  Fields that a kind does not use are zero. */
struct oqfs_spec {
	enum oqfs_node_kind kind;
	struct oqfs_generation *gen; /* everything inside a datastore */
	uint64_t object;	     /* STORE, GROUP, VIEW, PARTS */
	enum oq_view_kind view;
	uint64_t part;		  /* VIEW of a part, else OQ_WIRE_NO_PART */
	uint64_t rows, part_rows; /* PARTS */
	int refused;		  /* VIEW: why opening it will fail */
	bool varies;		  /* LINK: it may go while 'gen' stays; GROUP
				     of exports: 'gen' may */
	uint64_t size;		  /* VIEW: or OQ_WIRE_UNKNOWN */
	/* Of the file behind a DIR, PLAIN or LINK of the source; of a STORE
	 * 'ino' is the salt of its identity. */
	uint64_t dev, ino;
	const char *link; /* GROUP, VIEW, PARTS: the link's name */
	size_t link_len;
	const char *slice; /* VIEW: "[...]"; NULL: all */
	const char *text;  /* LINK: where it leads */
};

/* Where a view's bytes are, once it was asked. */
struct oqfs_extent {
	uint64_t size;
	uint64_t at, off, len; /* [at, at + len) are the file's, at 'off' */
};

struct oqfs_nodes;

/* I set before sharing, never changed; L under the table's lock; A atomic */
struct oqfs_node {
	uint64_t id;		  /* I */
	uint64_t ino;		  /* I */
	struct oqfs_node *parent; /* I: held; NULL for the root */
	struct oqfs_spec is; /* I, but 'gen' of the root: oqfs_node_gen() */
	const char *name;    /* I: "" for the root */
	uint64_t nlookups;   /* L */
	uint64_t nholds;     /* L: by get, and by children */
	bool is_hidden;	     /* L: its name stands for another node now */
	bool was_told;	     /* L: the kernel knew it once */
	bool is_measured;    /* L */
	/* A: PLAIN: the salt of what it was when it was opened last, if it had
	 * been left alone by then; else 0 */
	atomic_uint_least64_t opened;
	struct oqfs_extent extent;	       /* L: valid once measured */
	struct oqfs_node *next_id, *next_name; /* L: hash chains */
};

struct oqfs_nodes *oqfs_nodes_new(bool keep);
/* Frees every node, whatever the kernel remembers. */
void oqfs_nodes_free(struct oqfs_nodes *t);

/* Make the root, once, before anything else.  0 or -ENOMEM. */
int oqfs_nodes_set_root(struct oqfs_nodes *t, const struct oqfs_spec *is);
/* Give the root another generation. */
void oqfs_nodes_turn_root(struct oqfs_nodes *t, struct oqfs_generation *gen);

/* The node with this number, or with this name if there is one; held.  NULL
 * where there is none. */
struct oqfs_node *oqfs_nodes_find(struct oqfs_nodes *t, uint64_t id);
struct oqfs_node *oqfs_nodes_child(struct oqfs_nodes *t,
				   struct oqfs_node *parent, const char *name);

/* The node that is this under this name: the one there is, or a new one;
 * held.  Strings of 'is' are copied, 'gen' is held.  0 or -ENOMEM. */
int oqfs_nodes_get(struct oqfs_nodes *t, struct oqfs_node *parent,
		   const char *name, const struct oqfs_spec *is,
		   struct oqfs_node **out);
void oqfs_nodes_hold(struct oqfs_nodes *t, struct oqfs_node *n);
void oqfs_nodes_put(struct oqfs_nodes *t, struct oqfs_node *n);

/* The kernel was told of it once more; and forgets some of those. */
void oqfs_nodes_remember(struct oqfs_nodes *t, struct oqfs_node *n);
void oqfs_nodes_forget(struct oqfs_nodes *t, uint64_t id, uint64_t nlookups);

/* The generation it is in, or NULL; held. */
struct oqfs_generation *oqfs_node_gen(struct oqfs_nodes *t,
				      const struct oqfs_node *n);

bool oqfs_node_extent(struct oqfs_nodes *t, const struct oqfs_node *n,
		      struct oqfs_extent *e);
void oqfs_node_set_extent(struct oqfs_nodes *t, struct oqfs_node *n,
			  const struct oqfs_extent *e);

/* A datastore's identity as one number. */
uint64_t oqfs_node_salt(const struct oqfs_identity *id);

/* st_ino of such a child. */
uint64_t oqfs_node_ino(const struct oqfs_node *parent, const char *name,
		       const struct oqfs_spec *is);

/* Is it a directory that is or lies inside a datastore's tree of groups? */
static inline bool oqfs_node_is_group(const struct oqfs_node *n)
{
	return n->is.kind == OQFS_NODE_STORE || n->is.kind == OQFS_NODE_GROUP;
}

/* For people: how many nodes there are. */
uint64_t oqfs_nodes_count(struct oqfs_nodes *t);

#endif
