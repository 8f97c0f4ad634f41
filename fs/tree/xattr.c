/* SPDX-License-Identifier: MIT */
/* xattr.c - the extended attributes of a node */

#include "fs/tree/xattr.h"

#include <errno.h>
#include <linux/limits.h>
#include <string.h>

#include "fs/source/signature.h"
#include "fs/tree/nodepath.h"
#include "fs/tree/view.h"
#include "lib/base/cleanup.h"
#include "lib/ipc/shm.h"

#define STATE "oqfs.state"
#define ERROR "oqfs.error"

static bool is_refused(const struct oqfs_node *n)
{
	return n->is.kind == OQFS_NODE_VIEW && n->is.refused;
}

/* Attributes that the reader has are those of the directory. */
static bool is_export(const struct oqfs_node *n)
{
	return n->is.kind == OQFS_NODE_VIEW && n->is.object == OQ_WIRE_EXPORT;
}

/* ---- our own --------------------------------------------------------------*/

static enum oqfs_state state_of(struct oqfs_front *f,
				struct oqfs_generation *gen, struct oq_err *why)
{
	OQ_CLOSE int fd =
		oqfs_roots_open_file(f->roots, oqfs_store_path(gen->store));

	if (fd >= 0)
		return oqfs_signature_state(fd, why);
	oq_err_set(why, 0, "cannot be opened: %s", strerror(-fd));
	return OQFS_BROKEN;
}

/* The same, and broken where not even its root can be listed. */
static enum oqfs_state full_state(struct oqfs_front *f,
				  struct oqfs_generation *gen,
				  struct oqfs_cancel *cancel,
				  struct oq_err *why)
{
	struct oqfs_listing *root;
	enum oqfs_state state = state_of(f, gen, why);

	if (state != OQFS_COMPLETE)
		return state;
	if (oqfs_generation_list(gen, OQ_WIRE_ROOT, cancel, &root, why))
		return OQFS_BROKEN;
	oqfs_listing_put(f->listings, root);
	return OQFS_COMPLETE;
}

static int get_error(struct oqfs_front *f, struct oqfs_node *n,
		     struct oqfs_generation *gen, struct oqfs_cancel *cancel,
		     struct oq_err *why)
{
	struct oqfs_listing *group;
	struct oqfs_extent e;

	why->text[0] = '\0';
	if (is_export(n))
		return oqfs_view_measure(f, n, cancel, &e, why) ? 0 : -ENODATA;
	if (n->is.kind == OQFS_NODE_STORE &&
	    full_state(f, gen, cancel, why) == OQFS_BROKEN)
		return 0;
	if (is_refused(n)) {
		(void)oqfs_view_refusal(f, n, cancel, why);
		return 0;
	}
	/* Whether it can be listed is soon known. */
	if (n->is.kind == OQFS_NODE_GROUP &&
	    oqfs_generation_list(gen, n->is.object, cancel, &group, why) == 0)
		oqfs_listing_put(f->listings, group);
	return oqfs_reasons_get(&gen->reasons, n->is.object, why) ? 0
								  : -ENODATA;
}

/* ---- the access list ------------------------------------------------------*/

static int put_acl(struct oqfs_front *f, const struct oqfs_node *n,
		   struct oq_buf *value)
{
	struct oqfs_rights rights;
	char path[PATH_MAX];
	struct stat st;
	int r;

	/* `ls -l` asks this of all that there is.  The root's generation may
	 * change at any time. */
	if (n->is.kind == OQFS_NODE_LINK ||
	    (n->parent && n->is.gen && n->is.gen->is_plain))
		return -ENODATA;
	r = oqfs_nodepath_source(f->nodes, n, path);
	if (r)
		return r == -ENOENT ? -ENODATA : r;
	r = oqfs_roots_look(f->roots, path, 0, &st, &rights);
	if (r)
		return r == -ENOENT ? -ESTALE : r;
	if (oqfs_node_is_group(n) || n->is.kind == OQFS_NODE_PARTS)
		oqfs_rights_open_up(&rights);
	oqfs_rights_put(&rights, value);
	return value->len ? 0 : -ENODATA;
}

/* ---- the reader's ---------------------------------------------------------*/

static int ask(struct oqfs_generation *gen, const struct oqfs_node *n,
	       enum oq_op op, const char *name, struct oqfs_cancel *cancel,
	       struct oq_buf *out, struct oq_err *err)
{
	struct oq_request req = {
		.op = op,
		.object = n->is.object,
		.part = OQ_WIRE_NO_PART,
		.len = OQ_SHM_SLOT_BYTES,
		.name = name,
		.name_len = (uint32_t)strlen(name),
	};
	struct oqfs_answer a;
	int r = oqfs_store_ask(gen->store, &req, cancel, &a, err);

	if (r)
		return r;
	oq_buf_put(out, a.bytes, a.reply.nbytes);
	oqfs_answer_done(&a);
	return oq_buf_failed(out) ? -ENOMEM : 0;
}

/* Keep why an object's attributes cannot be listed. */
static void note(struct oqfs_generation *gen, const struct oqfs_node *n,
		 int status, const struct oq_err *err)
{
	const struct oqfs_attempt a = { .object = n->is.object,
					.what = OQ_NVIEWS };

	oqfs_reasons_note(&gen->reasons, &a, status, err);
}

static void add_name(struct oq_buf *names, const char *name, size_t n)
{
	/* The kernel has no longer names; with an empty one a list cannot be
	 * read. */
	if (n == 0 || n + 5 > XATTR_NAME_MAX ||
	    names->len + n + 6 > OQFS_XATTR_MAX - sizeof(OQFS_ACL_ACCESS))
		return;
	oq_buf_put(names, "user.", 5);
	oq_buf_put(names, name, n);
	oq_buf_putc(names, '\0');
}

static bool has_name(const struct oq_buf *names, const char *name, size_t n)
{
	for (size_t at = 0; at < names->len; at += strlen(names->data + at) + 1)
		if (strlen(names->data + at) == n + 5 &&
		    memcmp(names->data + at + 5, name, n) == 0)
			return true;
	return false;
}

/* Go through what the reader sent; each name ends in a NUL.  Two of ours, at
 * the front, may be among them. */
static void add_names(struct oq_buf *names, const struct oq_buf *sent)
{
	struct oq_buf ours = { .data = names->data, .len = names->len };

	for (size_t at = 0; at < sent->len;) {
		const char *name = sent->data + at;
		size_t n = strnlen(name, sent->len - at);

		at += n + 1;
		ours.data = names->data; /* it may have moved */
		if (!has_name(&ours, name, n))
			add_name(names, name, n);
	}
}

int oqfs_xattr_list(struct oqfs_front *f, struct oqfs_node *n,
		    struct oqfs_cancel *cancel, struct oq_buf *names,
		    struct oq_err *err)
{
	OQ_BUF struct oq_buf sent = { 0 }, list = { 0 };
	struct oqfs_generation *gen = oqfs_node_gen(f->nodes, n);
	struct oq_err why;
	int r = 0;

	if (gen && n->is.kind != OQFS_NODE_LINK && !is_export(n)) {
		if (n->is.kind == OQFS_NODE_STORE)
			add_name(names, STATE, strlen(STATE));
		r = ask(gen, n, OQ_OP_XLIST, "", cancel, &sent, err);
		note(gen, n, r, err);
		if (is_refused(n) || get_error(f, n, gen, cancel, &why) == 0)
			add_name(names, ERROR, strlen(ERROR));
		/* Where there is an error to be told, it is in the list. */
		if (r && r != -EINTR && r != -ESTALE && names->len)
			r = 0;
		if (r == 0)
			add_names(names, &sent);
	}
	oqfs_generation_put(gen);
	if (r == 0 && f->acl && put_acl(f, n, &list) == 0)
		oq_buf_put(names, OQFS_ACL_ACCESS, sizeof(OQFS_ACL_ACCESS));
	return oq_buf_failed(names) ? -ENOMEM : r;
}

int oqfs_xattr_get(struct oqfs_front *f, struct oqfs_node *n, const char *name,
		   struct oqfs_cancel *cancel, struct oq_buf *value,
		   struct oq_err *err)
{
	struct oqfs_generation *gen;
	struct oq_err why;
	int r = -ENODATA;

	if (strcmp(name, OQFS_ACL_ACCESS) == 0)
		return put_acl(f, n, value);
	if (strncmp(name, "user.", 5) != 0 || n->is.kind == OQFS_NODE_LINK)
		return -ENODATA;
	name += 5;
	gen = oqfs_node_gen(f->nodes, n);
	if (!gen)
		return -ENODATA;
	if (n->is.kind == OQFS_NODE_STORE && strcmp(name, STATE) == 0) {
		oq_buf_puts(value,
			    oqfs_state_name(full_state(f, gen, cancel, &why)));
		r = 0;
	} else if (strcmp(name, ERROR) == 0) {
		r = get_error(f, n, gen, cancel, &why);
		if (r == 0)
			oq_buf_puts(value, why.text);
	}
	if (r == -ENODATA && !is_export(n))
		r = ask(gen, n, OQ_OP_XGET, name, cancel, value, err);
	oqfs_generation_put(gen);
	if (r == 0 && value->len > OQFS_XATTR_MAX)
		r = -E2BIG;
	return r == -ENOENT ? -ENODATA : r;
}
