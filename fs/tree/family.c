/* SPDX-License-Identifier: MIT */
/* family.c - finds one file name without the listing of its group */

#include "fs/tree/family.h"

#include <errno.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/split.h"
#include "lib/ipc/shm.h"

/* A name with more forms was made on purpose to have them. */
#define MAX_LINKS 64

/* What marks a name that was cut. */
#define CUT	  "%~"

struct links {
	struct oq_buf *names; /* each with its NUL */
	size_t n;
};

static bool is_among(const struct links *l, const char *name)
{
	for (size_t at = 0; at < l->names->len;
	     at += strlen(l->names->data + at) + 1)
		if (strcmp(l->names->data + at, name) == 0)
			return true;
	return false;
}

/* Add the link whose escaped name this is, if it can be one. */
static void add_link(struct links *l, const char *escaped, size_t n)
{
	OQ_BUF struct oq_buf link = { 0 };

	if (n == 0 || oq_name_unescape(escaped, n, &link) ||
	    memchr(link.data ? link.data : "", '\0', link.len))
		return;
	oq_buf_putc(&link, '\0');
	if (oq_buf_failed(&link) || is_among(l, link.data))
		return;
	oq_buf_put(l->names, link.data, link.len);
	l->n++;
}

/* A stem may be a link's name, or a link's name and a number. */
static void add_stem(struct links *l, const struct oq_split *p)
{
	add_link(l, p->name, p->stem_len);
	add_link(l, p->name, oq_split_unnumbered(p->name, p->stem_len));
}

/* With and without a view's suffix. */
static void add_views(struct links *l, const char *name)
{
	struct oq_split p;
	unsigned v = 0;

	while (oq_split_suffix(name, &v, &p))
		add_stem(l, &p);
}

static void add_slices(struct links *l, const char *name)
{
	struct oq_split p;
	size_t at = 0, end;

	if (!oq_split_bracket(name, &p))
		return;
	end = p.stem_len;
	while (oq_split_slice(&p, end, &at) && l->n <= MAX_LINKS)
		add_stem(l, &p);
}

/* A link clashes with another if its bare name is the name of a view of the
 * other. */
static void add_rivals(struct links *l)
{
	size_t at = 0;

	while (at < l->names->len && l->n <= MAX_LINKS &&
	       !oq_buf_failed(l->names)) {
		const char *link = l->names->data + at;
		char bare[OQ_NAME_MAX + 1];
		size_t n = strlen(link);

		oq_name_file(link, n, "", bare);
		at += n + 1;
		add_views(l, bare);
	}
}

int oqfs_family_links(const char *name, bool is_root, struct oq_buf *links)
{
	struct links l = { links, 0 };

	if (strstr(name, CUT))
		return -EAGAIN;
	add_views(&l, name);
	add_slices(&l, name);
	add_rivals(&l);
	if (oq_buf_failed(links))
		return -ENOMEM;
	if (l.n == 0 || l.n > MAX_LINKS ||
	    (is_root && is_among(&l, OQFS_EXPORT)))
		return -EAGAIN;
	return 0;
}

int oqfs_family_get(struct oqfs_store *store, uint64_t object, const char *name,
		    struct oqfs_cancel *cancel, struct oqfs_tree **out,
		    uint64_t *nlinks)
{
	OQ_BUF struct oq_buf links = { 0 }, bytes = { 0 };
	struct oq_request req = {
		.op = OQ_OP_FAMILY,
		.object = object,
		.part = OQ_WIRE_NO_PART,
		.len = OQ_SHM_SLOT_BYTES,
	};
	struct oqfs_answer a;
	int r;

	if (object == OQ_WIRE_EXPORT ||
	    oqfs_family_links(name, object == OQ_WIRE_ROOT, &links))
		return -EAGAIN;
	req.name = links.data;
	req.name_len = (uint32_t)links.len;
	r = oqfs_store_ask(store, &req, cancel, &a, NULL);
	if (r)
		return r == -EINTR ? r : -EAGAIN;
	oq_buf_put(&bytes, a.bytes, a.reply.nbytes);
	if (nlinks)
		*nlinks = a.reply.size;
	oqfs_answer_done(&a);
	if (oq_buf_failed(&bytes) || oqfs_tree_new(&bytes, out))
		return -EAGAIN;
	if (oqfs_tree_is_certain(*out))
		return 0;
	oqfs_tree_free(*out);
	return -EAGAIN;
}
