/* SPDX-License-Identifier: MIT */
/* op.h - the life of one request
 *
 *	oqfs_op_begin
 *	    ... work; at most one of:
 *	oqfs_op_fail			or	oqfs_op_settle, fuse_reply_...
 *	oqfs_op_end
 *
 * A request belongs to the thread that answers it.  This is the only place
 * where errors become what the user sees, and where they are logged.
 */
#ifndef OQFS_OP_H
#define OQFS_OP_H

#include <fuse_lowlevel.h>
#include <stdbool.h>

#include "fs/tree/front.h"

struct oqfs_op {
	fuse_req_t req;
	struct oqfs_front *front;
	struct oqfs_node *node; /* held */
	struct oqfs_cancel *cancel;
	struct oq_err err;
};

/* Begin a request about node 'ino'.  False where there is no such node: the
 * request has then been answered, and nothing else is to be called. */
bool oqfs_op_begin(struct oqfs_op *op, fuse_req_t req, fuse_ino_t ino);
/* To be called right before a reply: from then on an interrupt has no effect.
 */
void oqfs_op_settle(struct oqfs_op *op);
/* Reply with the error 'r' (negative), and log it where that is useful. */
void oqfs_op_fail(struct oqfs_op *op, int r);
/* Log one line with the node's name and op->err. */
void oqfs_op_log(struct oqfs_op *op, int code);
/* Free what oqfs_op_begin() took. */
void oqfs_op_end(struct oqfs_op *op);

/* Fill in the reply to a lookup of 'n'.  0 or a negative errno; the caller
 * still has to count the lookup (oqfs_nodes_remember). */
int oqfs_op_entry(struct oqfs_op *op, struct oqfs_node *n,
		  struct fuse_entry_param *e);

#endif
