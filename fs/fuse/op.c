/* SPDX-License-Identifier: MIT */
/* op.c - the life of one request */

#include "fs/fuse/op.h"

#include <errno.h>
#include <string.h>

#include "fs/tree/attr.h"
#include "fs/tree/nodepath.h"

static void interrupted(fuse_req_t req, void *data)
{
	(void)req;
	oqfs_cancel_fire(data);
}

bool oqfs_op_begin(struct oqfs_op *op, fuse_req_t req, fuse_ino_t ino)
{
	*op = (struct oqfs_op){ .req = req, .front = fuse_req_userdata(req) };
	op->node = oqfs_nodes_find(op->front->nodes, ino);
	if (!op->node) {
		fuse_reply_err(req, ESTALE);
		return false;
	}
	op->cancel = oqfs_cancel_new();
	if (op->cancel)
		fuse_req_interrupt_func(req, interrupted, op->cancel);
	return true;
}

/* No interrupt may come once the reply is sent: 'req' is gone then. */
void oqfs_op_settle(struct oqfs_op *op)
{
	if (op->cancel)
		fuse_req_interrupt_func(op->req, NULL, NULL);
}

void oqfs_op_end(struct oqfs_op *op)
{
	oqfs_cancel_free(op->cancel);
	oqfs_nodes_put(op->front->nodes, op->node);
}

/* Damage, a dead reader and a silent one look the same to the user. */
static int for_user(int r)
{
	return r == -EPROTO || r == -ETIMEDOUT ? EIO : -r;
}

void oqfs_op_log(struct oqfs_op *op, int code)
{
	char label[OQFS_LABEL_BYTES];

	oqfs_nodepath_label(op->front->nodes, op->node, label);
	oqfs_log(op->front->log, OQFS_ERROR, "%s: %s", label,
		 op->err.text[0] ? op->err.text : strerror(code));
}

void oqfs_op_fail(struct oqfs_op *op, int r)
{
	int code = for_user(r);

	/* A lack of memory is logged where it has a reason: that of a reader.
	 */
	if (code == EIO || code == EOPNOTSUPP ||
	    (code == ENOMEM && op->err.text[0]))
		oqfs_op_log(op, code);
	oqfs_op_settle(op);
	fuse_reply_err(op->req, code);
}

int oqfs_op_entry(struct oqfs_op *op, struct oqfs_node *n,
		  struct fuse_entry_param *e)
{
	bool exact;
	int r;

	memset(e, 0, sizeof(*e));
	r = oqfs_attr(op->front, n, false, op->cancel, &e->attr, &exact,
		      &op->err);
	if (r)
		return r;
	e->ino = n->id;
	e->generation = op->front->born;
	e->entry_timeout = oqfs_attr_name_timeout(n);
	e->attr_timeout = exact ? oqfs_attr_timeout(n) : 0;
	return 0;
}
