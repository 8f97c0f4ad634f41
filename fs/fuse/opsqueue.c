/* SPDX-License-Identifier: MIT */
/* opsqueue.c - the FUSE callbacks that may wait for a reader take turns
 *
 * See gate.h.  What finds no place is copied and put aside; the thread goes
 * back to listen to the kernel.
 */

#include "fs/fuse/opsint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fs/base/gate.h"
#include "fs/source/rights.h"

enum what {
	LOOKUP,
	GETATTR,
	GETXATTR,
	LISTXATTR,
	OPEN,
	READ,
	OPENDIR,
	READDIR,
	READDIRPLUS,
};

/* A callback's arguments. */
struct call {
	struct oqfs_queued turn; /* first: the turn is its call */
	enum what what;
	fuse_req_t req;
	fuse_ino_t ino;
	const char *name;
	size_t size;
	off_t off;
	struct fuse_file_info *fi; /* NULL, or the kernel's, or 'own' */
	struct fuse_file_info own;
	char text[]; /* the name, once put aside */
};

static void run(struct call *c)
{
	switch (c->what) {
	case LOOKUP:
		oqfs_op_lookup(c->req, c->ino, c->name);
		break;
	case GETATTR:
		oqfs_op_getattr(c->req, c->ino, c->fi);
		break;
	case GETXATTR:
		oqfs_op_getxattr(c->req, c->ino, c->name, c->size);
		break;
	case LISTXATTR:
		oqfs_op_listxattr(c->req, c->ino, c->size);
		break;
	case OPEN:
		oqfs_op_open(c->req, c->ino, c->fi);
		break;
	case READ:
		oqfs_op_read(c->req, c->ino, c->size, c->off, c->fi);
		break;
	case OPENDIR:
		oqfs_op_opendir(c->req, c->ino, c->fi);
		break;
	case READDIR:
		oqfs_op_readdir(c->req, c->ino, c->size, c->off, c->fi);
		break;
	case READDIRPLUS:
		oqfs_op_readdirplus(c->req, c->ino, c->size, c->off, c->fi);
		break;
	}
}

static struct oqfs_gate *gate_of(fuse_req_t req)
{
	const struct oqfs_front *f = fuse_req_userdata(req);

	return f->gate;
}

/* The store that a call may have to wait for; NULL where there is none. */
static const void *whose(const struct call *c)
{
	struct oqfs_front *f = fuse_req_userdata(c->req);
	struct oqfs_node *n = oqfs_nodes_find(f->nodes, c->ino);
	struct oqfs_generation *gen = n ? oqfs_node_gen(f->nodes, n) : NULL;
	const void *store = gen ? gen->store : NULL;

	oqfs_generation_put(gen);
	oqfs_nodes_put(f->nodes, n);
	return store;
}

static struct call *copy_of(const struct call *c)
{
	size_t n = c->name ? strlen(c->name) + 1 : 0;
	struct call *copy = malloc(sizeof(*copy) + n);

	if (!copy)
		return NULL;
	*copy = *c;
	if (c->name)
		copy->name = memcpy(copy->text, c->name, n);
	if (c->fi) {
		copy->own = *c->fi;
		copy->fi = &copy->own;
	}
	return copy;
}

/* If the call still waits in the queue, it is this function's to answer and
 * free. */
static void interrupted(fuse_req_t req, void *data)
{
	struct call *c = data;

	if (!oqfs_gate_withdraw(gate_of(req), &c->turn))
		return;
	fuse_reply_err(req, EINTR);
	free(c);
}

/* There is no place: put a copy of the call into the queue.  Returns the copy
 * if it can be run after all. */
static struct call *put_aside(const struct call *c, const void *store)
{
	struct oqfs_gate *gate = gate_of(c->req);
	struct call *copy = copy_of(c);
	int r;

	if (!copy) {
		fuse_reply_err(c->req, ENOMEM);
		return NULL;
	}
	fuse_req_interrupt_func(c->req, interrupted, copy);
	r = oqfs_gate_wait(gate, &copy->turn, store);
	if (r == 0)
		return NULL;
	fuse_req_interrupt_func(c->req, NULL, NULL);
	if (r == 1)
		return copy;
	fuse_reply_err(c->req, EINTR);
	free(copy);
	return NULL;
}

/* Take the next call that waited out of the queue, for this thread to run.
 * When the mount ends, no more are run: they fail with EINTR. */
static struct call *next_of(struct oqfs_front *f, const void **store)
{
	struct call *c;

	while ((c = (struct call *)oqfs_gate_leave(f->gate, *store))) {
		*store = c->turn.whose;
		fuse_req_interrupt_func(c->req, NULL, NULL);
		if (!fuse_session_exited(f->session))
			return c;
		fuse_reply_err(c->req, EINTR);
		free(c);
	}
	return NULL;
}

/* Run a call, and then those that waited for its place. */
static void dispatch(struct call *c)
{
	struct oqfs_front *f = fuse_req_userdata(c->req);
	const void *store = whose(c);
	struct call *aside = NULL;

	if (!store) {
		run(c);
		return;
	}
	if (!oqfs_gate_enter(f->gate, store)) {
		c = aside = put_aside(c, store);
		if (!c)
			return;
	}
	while (c) {
		run(c);
		free(aside);
		c = aside = next_of(f, &store);
	}
}

void oqfs_queued_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	dispatch(&(struct call){
		.what = LOOKUP, .req = req, .ino = parent, .name = name });
}

void oqfs_queued_getattr(fuse_req_t req, fuse_ino_t ino,
			 struct fuse_file_info *fi)
{
	dispatch(&(struct call){
		.what = GETATTR, .req = req, .ino = ino, .fi = fi });
}

void oqfs_queued_getxattr(fuse_req_t req, fuse_ino_t ino, const char *name,
			  size_t size)
{
	/* `ls -l` asks this of all that there is, and no reader has to be. */
	if (strcmp(name, OQFS_ACL_ACCESS) == 0) {
		oqfs_op_getxattr(req, ino, name, size);
		return;
	}
	dispatch(&(struct call){ .what = GETXATTR,
				 .req = req,
				 .ino = ino,
				 .name = name,
				 .size = size });
}

void oqfs_queued_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size)
{
	dispatch(&(struct call){
		.what = LISTXATTR, .req = req, .ino = ino, .size = size });
}

void oqfs_queued_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	dispatch(&(struct call){
		.what = OPEN, .req = req, .ino = ino, .fi = fi });
}

void oqfs_queued_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		      struct fuse_file_info *fi)
{
	dispatch(&(struct call){ .what = READ,
				 .req = req,
				 .ino = ino,
				 .size = size,
				 .off = off,
				 .fi = fi });
}

void oqfs_queued_opendir(fuse_req_t req, fuse_ino_t ino,
			 struct fuse_file_info *fi)
{
	dispatch(&(struct call){
		.what = OPENDIR, .req = req, .ino = ino, .fi = fi });
}

void oqfs_queued_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
			 struct fuse_file_info *fi)
{
	dispatch(&(struct call){ .what = READDIR,
				 .req = req,
				 .ino = ino,
				 .size = size,
				 .off = off,
				 .fi = fi });
}

void oqfs_queued_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size,
			     off_t off, struct fuse_file_info *fi)
{
	dispatch(&(struct call){ .what = READDIRPLUS,
				 .req = req,
				 .ino = ino,
				 .size = size,
				 .off = off,
				 .fi = fi });
}
