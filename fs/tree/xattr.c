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
	/* The root's is asked for on each path: the kernel does not keep it.
	 */
	if (!n->parent)
		r = oqfs_recent_rights(&f->recent, f->roots, path,
				       oqfs_now_ms(), &rights);
	else
		r = oqfs_roots_look(f->roots, path, 0, &st, &rights);
	if (r)
		return r == -ENOENT ? -ESTALE : r;
	if (oqfs_node_is_group(n) || n->is.kind == OQFS_NODE_PARTS)
		oqfs_rights_open_up(&rights);
	oqfs_rights_put(&rights, value);
	return value->len ? 0 : -ENODATA;
}

/* ---- the reader's ---------------------------------------------------------*/

static int ask_for(struct oqfs_generation *gen, const struct oq_request *req,
		   struct oqfs_cancel *cancel, struct oq_buf *out,
		   struct oq_err *err)
{
	struct oqfs_answer a;
	int r = oqfs_store_ask(gen->store, req, cancel, &a, err);

	if (r)
		return r;
	oq_buf_put(out, a.bytes, a.reply.nbytes);
	oqfs_answer_done(&a);
	return oq_buf_failed(out) ? -ENOMEM : 0;
}

static int ask(struct oqfs_generation *gen, const struct oqfs_node *n,
	       enum oq_op op, const char *name, struct oqfs_cancel *cancel,
	       struct oq_buf *out, struct oq_err *err)
{
	const struct oq_request req = {
		.op = op,
		.object = n->is.object,
		.part = OQ_WIRE_NO_PART,
		.len = OQ_SHM_SLOT_BYTES,
		.name = name,
		.name_len = (uint32_t)strlen(name),
	};

	return ask_for(gen, &req, cancel, out, err);
}

/* What to ask for with a node: the objects of the entries behind its own, if
 * those before were asked for. */
static size_t plan(struct oqfs_generation *gen, const struct oqfs_node *n,
		   struct oqfs_cancel *cancel,
		   uint64_t objects[OQFS_NAMES_MOST])
{
	const struct oqfs_node *group = n->parent;
	const struct oqfs_tree *tree;
	struct oqfs_listing *l;
	struct oqfs_found at;
	size_t count = 0, end;

	/* A writer may add some at any time. */
	if (gen->is_live || !group || !oqfs_node_is_group(group) ||
	    oqfs_generation_list(gen, group->is.object, cancel, &l, NULL))
		return 0;
	tree = oqfs_listing_tree(l);
	if (oqfs_tree_find(tree, n->name, &at) == 0) {
		end = at.i +
		      oqfs_names_plan(&gen->names, group->is.object, at.i);
		for (size_t i = at.i; i < end && i < oqfs_tree_count(tree);
		     i++) {
			struct oq_entry e;

			oqfs_tree_entry(tree, i, &e);
			if (e.link == OQ_ENTRY_HARD)
				objects[count++] = e.object;
		}
	}
	oqfs_listing_put(gen->kept, l);
	return count;
}

static int ask_several(struct oqfs_generation *gen, const uint64_t *objects,
		       size_t n, struct oqfs_cancel *cancel, struct oq_err *err)
{
	OQ_BUF struct oq_buf numbers = { 0 };
	struct oq_buf sent = { 0 };
	struct oq_request req = {
		.op = OQ_OP_XLISTS,
		.part = OQ_WIRE_NO_PART,
		.len = OQFS_NAMES_BYTES,
	};
	int r;

	for (size_t i = 0; i < n; i++)
		oq_buf_put_u64(&numbers, objects[i]);
	if (oq_buf_failed(&numbers))
		return -ENOMEM;
	req.name = numbers.data;
	req.name_len = (uint32_t)numbers.len;
	r = ask_for(gen, &req, cancel, &sent, err);
	if (r == 0)
		oqfs_names_keep(&gen->names, objects, n, &sent);
	else if (r != -EINTR && r != -ESTALE)
		oqfs_names_stop(&gen->names);
	oq_buf_free(&sent);
	return r;
}

/* Its other views are asked next. */
static void keep_one(struct oqfs_generation *gen, uint64_t object,
		     const struct oq_buf *names)
{
	struct oq_buf bytes = { 0 };

	oq_buf_put_str(&bytes, names->data, names->len);
	oqfs_names_keep(&gen->names, &object, 1, &bytes);
}

static int ask_names(struct oqfs_generation *gen, const struct oqfs_node *n,
		     struct oqfs_cancel *cancel, struct oq_buf *out,
		     struct oq_err *err)
{
	OQ_BUF struct oq_buf sent = { 0 };
	uint64_t objects[OQFS_NAMES_MOST];
	size_t count;
	int r;

	if (oqfs_names_get(&gen->names, n->is.object, out))
		return oqfs_store_is_retired(gen->store) ? -ESTALE : 0;
	count = plan(gen, n, cancel, objects);
	if (count > 1) {
		r = ask_several(gen, objects, count, cancel, err);
		if (r == -EINTR || r == -ESTALE)
			return r;
		/* Several may fail where one does not. */
		if (oqfs_names_get(&gen->names, n->is.object, out))
			return 0;
	}
	r = ask(gen, n, OQ_OP_XLIST, "", cancel, &sent, err);
	if (r)
		return r;
	oq_buf_put(out, sent.data, sent.len);
	if (count == 1)
		keep_one(gen, n->is.object, &sent);
	return 0;
}

/* Who looks for what is nowhere looks for it in the next file too. */
static void look_ahead(struct oqfs_generation *gen, const struct oqfs_node *n,
		       struct oqfs_cancel *cancel)
{
	uint64_t objects[OQFS_NAMES_MOST];
	size_t count = plan(gen, n, cancel, objects);

	if (count > 1)
		(void)ask_several(gen, objects, count, cancel, NULL);
}

static int ask_value(struct oqfs_generation *gen, const struct oqfs_node *n,
		     const char *name, struct oqfs_cancel *cancel,
		     struct oq_buf *out, struct oq_err *err)
{
	enum oqfs_lack lack = OQFS_MAY_HAVE;
	int r;

	if (strncmp(name, "oqfs.", 5) != 0)
		lack = oqfs_names_lack(&gen->names, n->is.object, name);
	if (lack == OQFS_LACKS)
		return oqfs_store_is_retired(gen->store) ? -ESTALE : -ENODATA;
	r = ask(gen, n, OQ_OP_XGET, name, cancel, out, err);
	if (r == -ENODATA && lack == OQFS_UNKNOWN)
		look_ahead(gen, n, cancel);
	return r;
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
		r = ask_names(gen, n, cancel, &sent, err);
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
		r = ask_value(gen, n, name, cancel, value, err);
	oqfs_generation_put(gen);
	if (r == 0 && value->len > OQFS_XATTR_MAX)
		r = -E2BIG;
	return r == -ENOENT ? -ENODATA : r;
}
