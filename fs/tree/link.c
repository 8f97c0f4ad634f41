/* SPDX-License-Identifier: MIT */
/* link.c - where the links of a datastore lead, as text of symbolic links */

#include "fs/tree/link.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fs/source/external.h"
#include "fs/tree/family.h"
#include "fs/tree/nodepath.h"

bool oqfs_link_next(const char **p, const char *end, const char **c, size_t *n)
{
	while (*p < end) {
		const char *slash = memchr(*p, '/', (size_t)(end - *p));
		const char *stop = slash ? slash : end;

		*c = *p;
		*n = (size_t)(stop - *p);
		*p = slash ? slash + 1 : end;
		if (*n > 1 || (*n == 1 && **c != '.'))
			return true;
	}
	return false;
}

static void put_separator(struct oq_buf *text)
{
	if (text->len && text->data[text->len - 1] != '/')
		oq_buf_putc(text, '/');
}

void oqfs_link_up(unsigned steps, struct oq_buf *text)
{
	for (unsigned i = 0; i < steps; i++) {
		put_separator(text);
		oq_buf_puts(text, "..");
	}
	if (!steps)
		oq_buf_putc(text, '.');
}

/* One component of a path on its way to text. */
struct step {
	uint64_t object; /* the group it is in; then the one it leads to */
	const char *name;
	size_t n;
	enum oq_view_kind view; /* of the last one; else OQ_VIEW_FILE */
	const char *slice;
	bool is_last;
};

/* Its file name, if the tree has it. */
static bool put_entry(const struct oqfs_tree *tree, struct step *s,
		      struct oq_buf *text)
{
	char name[OQ_NAME_MAX + 1];
	struct oq_entry e;
	uint32_t names;
	size_t i;

	if (oqfs_tree_find_link(tree, s->name, s->n, &i))
		return false;
	oqfs_tree_entry(tree, i, &e);
	names = *s->slice ? oqfs_entry_sliced(&e) : oqfs_entry_names(&e);
	if ((!s->is_last && e.kind != OQ_ENTRY_GROUP) ||
	    !(names & 1U << s->view))
		return false;
	oqfs_tree_name(tree, i, s->slice, s->view, name);
	oq_buf_puts(text, name);
	s->object = e.object;
	return true;
}

/* The same without the group's listing.  False: that has to tell. */
static bool put_relative(struct oqfs_front *f, const struct oqfs_link *l,
			 struct step *s, struct oq_buf *text)
{
	struct oqfs_tree *family;
	char name[OQ_NAME_MAX + 1];
	bool found;

	if (oqfs_listings_have(f->listings, l->gen->store, s->object))
		return false;
	oq_name_file(s->name, s->n, "", name);
	if (oqfs_family_get(l->gen->store, s->object, name, l->cancel, &family,
			    NULL))
		return false;
	found = put_entry(family, s, text);
	oqfs_tree_free(family);
	return found;
}

/* The file name of a component; false where it cannot be found. */
static bool put_found(struct oqfs_front *f, const struct oqfs_link *l,
		      struct step *s, struct oq_buf *text)
{
	struct oqfs_listing *listing;
	bool found;

	if (put_relative(f, l, s, text))
		return true;
	if (oqfs_listings_get(f->listings, l->gen->store, s->object, l->cancel,
			      &listing, NULL))
		return false;
	found = put_entry(oqfs_listing_tree(listing), s, text);
	oqfs_listing_put(f->listings, listing);
	return found;
}

static void put_plain(const struct step *s, struct oq_buf *text)
{
	oq_name_escape(s->name, s->n, text);
	if (*s->slice)
		oq_name_escape(s->slice, strlen(s->slice), text);
	oq_buf_puts(text, oq_views[s->view].suffix);
}

static void soft_text(struct oqfs_front *f, const struct oqfs_link *l,
		      struct oq_buf *text)
{
	const char *p = l->entry->target, *end = p + l->entry->target_len;
	struct step s = { .object = l->dir->is.object, .slice = "" };
	bool follow = true, more;
	const char *c;
	size_t n;

	if (p < end && *p == '/') {
		unsigned depth = oqfs_nodepath_depth(l->dir);

		s.object = OQ_WIRE_ROOT;
		if (depth)
			oqfs_link_up(depth, text);
	}
	more = oqfs_link_next(&p, end, &c, &n);
	if (!more && l->view != OQ_VIEW_FILE) {
		put_separator(text);
		oq_buf_puts(text, oq_views[l->view].suffix);
	}
	/* A longer one is cut: for its end no groups are listed. */
	while (more && text->len < PATH_MAX) {
		s.name = c;
		s.n = n;
		more = oqfs_link_next(&p, end, &c, &n);
		s.is_last = !more;
		s.view = more ? OQ_VIEW_FILE : l->view;
		s.slice = more ? "" : l->slice;
		put_separator(text);
		follow = follow && put_found(f, l, &s, text);
		if (!follow)
			put_plain(&s, text);
	}
}

/* The file as a path in the mount: its name as the mount shows it, if that is
 * known, or would. */
static void put_file(const char *file, const char *known, struct oq_buf *text)
{
	const char *slash = strrchr(file, '/');
	const char *name = slash ? slash + 1 : file;
	char shown[NAME_MAX + 1];

	oq_buf_put(text, file, (size_t)(name - file));
	if (!known && strlen(name) <= NAME_MAX) {
		oqfs_calc_name(name, shown);
		known = shown;
	}
	oq_buf_puts(text, known ? known : name);
}

static unsigned depth_of(const char *dir)
{
	unsigned depth = *dir != '\0';

	for (; *dir; dir++)
		depth += *dir == '/';
	return depth;
}

/* From the file's root on, as far as the way is known. */
static void put_inside(const struct oqfs_link *l, const struct oqfs_lead *lead,
		       struct oq_buf *text)
{
	const char *p = l->entry->target, *end = p + l->entry->target_len, *c;
	char name[OQ_NAME_MAX + 1];
	size_t n;

	if (lead->found && lead->name.len) {
		oqfs_tree_spell(lead->name.data, lead->name.len, lead->number,
				l->slice, l->view, name);
		put_separator(text);
		oq_buf_put(text, lead->groups.data, lead->groups.len);
		oq_buf_puts(text, name);
		return;
	}
	while (oqfs_link_next(&p, end, &c, &n)) {
		put_separator(text);
		oq_name_escape(c, n, text);
	}
}

static void external_text(struct oqfs_front *f, const struct oqfs_link *l,
			  const struct oqfs_lead *lead, struct oq_buf *text)
{
	unsigned up = oqfs_nodepath_depth(l->dir) + 1;
	struct oqfs_external x;
	char dir[PATH_MAX];

	oqfs_generation_dir(l->gen, dir);
	if (oqfs_external_place(f->roots, dir, l->entry->file,
				l->entry->file_len, &x)) {
		/* Not in this mount: a name that nothing has. */
		oq_name_escape(l->entry->file, l->entry->file_len, text);
		return;
	}
	if (x.is_absolute)
		up += depth_of(dir);
	oqfs_link_up(up, text);
	put_separator(text);
	put_file(x.path, lead->found ? lead->shown : NULL, text);
	put_inside(l, lead, text);
}

int oqfs_link_text(struct oqfs_front *f, const struct oqfs_link *l,
		   const struct oqfs_lead *lead, struct oq_buf *text)
{
	switch (l->entry->link) {
	case OQ_ENTRY_SOFT:
		soft_text(f, l, text);
		break;
	case OQ_ENTRY_EXTERNAL:
		external_text(f, l, lead, text);
		break;
	case OQ_ENTRY_USER:
		oq_buf_puts(text, "user-defined link");
		break;
	case OQ_ENTRY_HARD:
	case OQ_NENTRY_LINKS:
		return -EINVAL;
	}
	if (text->len == 0)
		oq_buf_putc(text, '.');
	if (text->len >= PATH_MAX) {
		char cut[OQ_NAME_MAX + 1];

		oq_name_file(l->entry->target, l->entry->target_len, "", cut);
		text->len = 0;
		oq_buf_puts(text, cut);
	}
	return oq_buf_failed(text) ? -ENOMEM : 0;
}
