/* SPDX-License-Identifier: MIT */
/* node.h - the inode table: what the kernel's numbers stand for
 *
 * A node lives as long as the kernel remembers it (LOOKUP counts up, FORGET
 * down), something holds it (hold and put), or it has children.  A table that
 * keeps its nodes, for the file handles of NFS, frees a node that the kernel
 * knew only when no file has its name any more.  Node numbers are never used
 * again.
 *
 * The file that a node stands for never changes: when another file gets the
 * name, the name gets another node.  The exception is the root of a mount of
 * one file, whose generation may change.
 *
 * st_ino is not the node's number but a hash of the path and of the file's
 * identity.  So it is the same in the next mount, and another one after the
 * datastore was replaced.
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
				     of exports: 'gen' may change */
	uint64_t size;		  /* VIEW: or OQ_WIRE_UNKNOWN */
	/* DIR, PLAIN and LINK of the source: those of the source's file.
	 * STORE: 'ino' is oqfs_node_salt() of its identity. */
	uint64_t dev, ino;
	const char *link; /* GROUP, VIEW, PARTS: the link's name */
	size_t link_len;
	const char *slice; /* VIEW: "[...]"; NULL: all */
	const char *text;  /* LINK: where it leads */
};

/* Where a view's bytes are, as its reader said. */
struct oqfs_extent {
	uint64_t size;
	/* The view's bytes [at, at + len) are those of the datastore file from
	 * 'off' on; 'len' 0: none are. */
	uint64_t at, off, len;
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
	/* A: PLAIN: the salt of the file's identity when it was last opened,
	 * if the file was no longer young; else 0 */
	atomic_uint_least64_t opened;
	/* Under the front's lock of handles; PLAIN: how many are open, and the
	 * kernel's number of the file while it reads it by itself, else 0 */
	unsigned nhandles;
	int backing;
	/* A: a group with links that another file decides on */
	atomic_bool has_leads;
	/* A: STORE, GROUP: names that were found without a listing, and links
	 * there are, as far as is known */
	atomic_uint_least64_t nnamed, nlinks;
	struct oqfs_extent extent;	       /* L: valid once measured */
	struct oqfs_node *next_id, *next_name; /* L: hash chains */
};

/* 'keep': as for NFS, above.  NULL for no memory. */
struct oqfs_nodes *oqfs_nodes_new(bool keep);
/* Frees every node, even those that the kernel remembers. */
void oqfs_nodes_free(struct oqfs_nodes *t);

/* Make the root, once, before any other node.  Copies and holds as
 * oqfs_nodes_get().  0 or -ENOMEM. */
int oqfs_nodes_set_root(struct oqfs_nodes *t, const struct oqfs_spec *is);
/* Give the root another generation. */
void oqfs_nodes_turn_root(struct oqfs_nodes *t, struct oqfs_generation *gen);

/* The node with this number; the child of 'parent' with this name, if the table
 * has it.  Held: the caller puts it.  NULL where there is none. */
struct oqfs_node *oqfs_nodes_find(struct oqfs_nodes *t, uint64_t id);
struct oqfs_node *oqfs_nodes_child(struct oqfs_nodes *t,
				   struct oqfs_node *parent, const char *name);

/* The child of 'parent' with this name that is 'is': the node that the table
 * has, or a new one; the caller puts it.  A node of the same name that is
 * something else loses the name.  A new node copies the strings of 'is' and
 * holds 'gen'.  0 or -ENOMEM. */
int oqfs_nodes_get(struct oqfs_nodes *t, struct oqfs_node *parent,
		   const char *name, const struct oqfs_spec *is,
		   struct oqfs_node **out);
void oqfs_nodes_hold(struct oqfs_nodes *t, struct oqfs_node *n);
void oqfs_nodes_put(struct oqfs_nodes *t, struct oqfs_node *n);

/* Count that the kernel was told of a node once more; that the kernel forgot
 * 'nlookups' of those. */
void oqfs_nodes_remember(struct oqfs_nodes *t, struct oqfs_node *n);
void oqfs_nodes_forget(struct oqfs_nodes *t, uint64_t id, uint64_t nlookups);

/* The generation that a node belongs to, with a reference for the caller; NULL
 * outside of datastores. */
struct oqfs_generation *oqfs_node_gen(struct oqfs_nodes *t,
				      const struct oqfs_node *n);

/* Get or set the extent of a view; false while it has not been set. */
bool oqfs_node_extent(struct oqfs_nodes *t, const struct oqfs_node *n,
		      struct oqfs_extent *e);
void oqfs_node_set_extent(struct oqfs_nodes *t, struct oqfs_node *n,
			  const struct oqfs_extent *e);

/* A datastore's identity as one number. */
uint64_t oqfs_node_salt(const struct oqfs_identity *id);

/* The st_ino of a child of 'parent' with this name that is 'is'. */
uint64_t oqfs_node_ino(const struct oqfs_node *parent, const char *name,
		       const struct oqfs_spec *is);

/* Whether it is a group of a datastore, its root included. */
static inline bool oqfs_node_is_group(const struct oqfs_node *n)
{
	return n->is.kind == OQFS_NODE_STORE || n->is.kind == OQFS_NODE_GROUP;
}

/* How many nodes there are, for the status. */
uint64_t oqfs_nodes_count(struct oqfs_nodes *t);

#endif
