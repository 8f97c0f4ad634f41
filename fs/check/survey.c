/* SPDX-License-Identifier: MIT */
/* survey.c - oqfs --check: what of a source can be read, and why not */

#include "fs/check/survey.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fs/check/probe.h"
#include "fs/check/report.h"
#include "fs/readers/super.h"
#include "fs/source/catalog.h"
#include "fs/source/preflight.h"
#include "fs/source/signature.h"
#include "fs/tree/generation.h"
#include "fs/tree/listing.h"
#include "lib/base/cleanup.h"
#include "lib/base/grow.h"
#include "lib/base/map.h"

#define MAX_DIRS 64 /* directories below one another in the source */

/* A group that is still to be looked at. */
struct todo {
	uint64_t object;
	char *path; /* owned */
};

/* A survey of one datastore.  'seen' has the addresses of the objects it came
 * to: one that several links lead to counts once, and no cycle is endless. */
struct visit {
	struct oqfs_generation *gen;
	const char *file; /* for people */
	struct oq_map seen;
	struct todo *todo; /* owned */
	size_t ntodo, todo_room;
	const char *state; /* of user.oqfs.state, or "unknown" */
	struct oq_err why; /* why it is in that state; or empty */
};

struct survey {
	const struct oqfs_opts *opts;
	struct oqfs_roots *roots;
	struct oqfs_catalog *catalog;
	struct oqfs_super *super;
	struct oqfs_listings *listings;
	struct oqfs_log *log;
	struct oqfs_report report;
};

/* ---- what was seen -------------------------------------------------------*/

/* Returns 1 (it is new), 0 (it was seen) or -ENOMEM. */
static int see(struct visit *v, uint64_t object)
{
	static char yes;

	return oq_map_put(&v->seen, object, &yes);
}

/* Takes 'path' over in any case. */
static int push(struct visit *v, uint64_t object, char *path)
{
	if (!path ||
	    oq_grow(&v->todo, &v->todo_room, v->ntodo, sizeof(*v->todo))) {
		free(path);
		return -ENOMEM;
	}
	v->todo[v->ntodo++] = (struct todo){ object, path };
	return 0;
}

static void forget(struct visit *v)
{
	while (v->ntodo)
		free(v->todo[--v->ntodo].path);
	free(v->todo);
	oq_map_free(&v->seen, NULL);
	oqfs_generation_put(v->gen);
}

static char *join(const char *group, const struct oq_entry *e)
{
	char *path;

	if (asprintf(&path, "%s/%.*s", group, (int)e->name_len, e->name) < 0)
		return NULL;
	return path;
}

/* ---- one datastore -------------------------------------------------------*/

/* Tried only where the elements can be read, so that an object is one finding.
 */
static void try_attrs(struct survey *s, const struct visit *v, uint64_t object,
		      const char *path)
{
	struct oq_err why = { "" };
	int r = oqfs_probe_attrs(v->gen->store, object, &why);

	if (r)
		oqfs_report_bad(&s->report, path, r, &why);
}

static void try_parquet(struct survey *s, const struct visit *v,
			const struct oq_entry *e, const char *path)
{
	struct oq_err why = { "" };

	if (s->report.json &&
	    oqfs_probe_parquet(v->gen->store, e, &why) == -EOPNOTSUPP)
		oqfs_report_no_parquet(&s->report, path, &why);
}

static void try_table(struct survey *s, const struct visit *v,
		      const struct oq_entry *e, const char *path)
{
	OQ_BUF struct oq_buf what = { 0 };

	if (s->report.json)
		oqfs_probe_left_out(v->gen->store, e, &what);
	if (!what.len)
		return;
	oq_buf_putc(&what, '\0');
	if (!oq_buf_failed(&what))
		oqfs_report_left_out(&s->report, path, what.data);
}

static int look_at(struct survey *s, struct visit *v, const char *group,
		   const struct oq_entry *e)
{
	OQ_FREE char *path = NULL;
	struct oq_err why = { "" };
	int r;

	if (oqfs_entry_is_link(e))
		return 0;
	r = e->kind == OQ_ENTRY_BROKEN ? 1 : see(v, e->object);
	if (r <= 0)
		return r;
	path = join(group, e);
	if (!path)
		return -ENOMEM;
	if (e->kind == OQ_ENTRY_GROUP) {
		try_parquet(s, v, e, path);
		try_table(s, v, e, path);
		return push(v, e->object, oq_steal(&path));
	}
	if (e->kind == OQ_ENTRY_DATATYPE) {
		try_attrs(s, v, e->object, path);
		return 0;
	}
	s->report.now.datasets++;
	oqfs_report_step(&s->report, v->file);
	r = oqfs_probe_dataset(v->gen->store, e, &why);
	if (!r && e->kind == OQ_ENTRY_BROKEN)
		r = -EIO;
	if (r)
		oqfs_report_bad(&s->report, path, r, &why);
	else
		try_attrs(s, v, e->object, path);
	if (!r)
		try_parquet(s, v, e, path);
	return 0;
}

/* Not even its root can be listed: it is broken, as user.oqfs.state has it,
 * unless that is known to have another reason. */
static void shut(struct survey *s, struct visit *v, int code,
		 const struct oq_err *why)
{
	if (strcmp(v->state, oqfs_state_name(OQFS_COMPLETE)) == 0)
		v->state = oqfs_state_name(OQFS_BROKEN);
	if (!v->why.text[0])
		v->why = *why;
	oqfs_report_shut(&s->report, code, why);
}

static int look_into(struct survey *s, struct visit *v, const struct todo *t)
{
	const char *path = *t->path ? t->path : "/";
	struct oqfs_listing *l = NULL;
	struct oq_err why = { "" };
	const struct oqfs_tree *tree;
	int r, trouble;

	s->report.now.groups++;
	oqfs_report_step(&s->report, v->file);
	r = oqfs_listings_get(s->listings, v->gen->store, t->object, NULL, &l,
			      &why);
	if (r && t->object == OQ_WIRE_ROOT)
		shut(s, v, r, &why);
	else if (r)
		oqfs_report_bad(&s->report, path, r, &why);
	if (r)
		return r == -ENOMEM ? r : 0;
	trouble = oqfs_listing_trouble(l, &why);
	if (trouble)
		oqfs_report_bad(&s->report, path, trouble, &why);
	else
		try_attrs(s, v, t->object, path);
	tree = oqfs_listing_tree(l);
	for (size_t i = 0; i < oqfs_tree_count(tree) && !r; i++) {
		struct oq_entry e;

		oqfs_tree_entry(tree, i, &e);
		r = look_at(s, v, t->path, &e);
	}
	oqfs_listing_put(s->listings, l);
	return r;
}

/* Returns 0, or why the file cannot be opened. */
static int find_state(struct survey *s, struct visit *v)
{
	OQ_CLOSE int fd = oqfs_roots_open_file(s->roots, v->file);

	if (fd < 0) {
		v->state = "unknown";
		return oq_err_set(&v->why, fd, "cannot open it: %s",
				  strerror(-fd));
	}
	v->state = oqfs_state_name(oqfs_signature_state(fd, &v->why));
	return 0;
}

static int visit_objects(struct survey *s, struct visit *v,
			 const struct oqfs_source *src)
{
	int r;

	v->gen = oqfs_generation_new(s->super, s->listings, src);
	r = v->gen ? see(v, OQ_WIRE_ROOT) : -ENOMEM;
	if (r > 0)
		r = push(v, OQ_WIRE_ROOT, strdup(""));
	while (!r && v->ntodo) {
		struct todo t = v->todo[--v->ntodo];

		r = look_into(s, v, &t);
		free(t.path);
	}
	return r;
}

static int visit_store(struct survey *s, const struct oqfs_source *src)
{
	struct visit v = { .file = src->path };
	int closed, r = 0;

	oqfs_report_store(&s->report);
	closed = find_state(s, &v);
	/* The file may have become HDF5 since the directory was read. */
	if (!closed && src->kind != OQFS_SOURCE_STORE && v.why.text[0])
		closed = -EIO;
	if (closed)
		oqfs_report_shut(&s->report, closed, &v.why);
	else
		r = visit_objects(s, &v, src);
	oqfs_report_store_end(&s->report, v.file, v.state, &v.why);
	forget(&v);
	return r;
}

/* ---- the source ----------------------------------------------------------*/

/* Whether a file has the name of a calculation, so that it should be HDF5.  (A
 * link that a mount would not follow is not followed here either.) */
static bool is_calc(struct survey *s, const struct oqfs_source *src,
		    const char *name)
{
	char shown[NAME_MAX + 1];
	struct stat st;

	if (src->kind == OQFS_SOURCE_DIR || !oqfs_calc_name(name, shown))
		return false;
	return oqfs_roots_stat(s->roots, src->path, 0, &st) == 0 &&
	       S_ISREG(st.st_mode);
}

static int visit_dir(struct survey *s, const char *dir, unsigned depth);

static int visit_entry(struct survey *s, const char *dir, const char *name,
		       unsigned depth)
{
	struct oqfs_source *src = malloc(sizeof(*src));
	int r = 0;

	if (!src)
		return -ENOMEM;
	/* A name that is gone by now, or that a mount would not show, is passed
	 * over. */
	if (oqfs_catalog_look(s->catalog, dir, name, src) == 0) {
		if (src->kind == OQFS_SOURCE_STORE || is_calc(s, src, name))
			r = visit_store(s, src);
		else if (src->kind == OQFS_SOURCE_DIR && depth < MAX_DIRS)
			r = visit_dir(s, src->path, depth + 1);
	}
	free(src);
	return r;
}

static int compare(const void *a, const void *b)
{
	return strverscmp(*(const char *const *)a, *(const char *const *)b);
}

static int visit_dir(struct survey *s, const char *dir, unsigned depth)
{
	OQ_BUF struct oq_buf names = { 0 };
	OQ_FREE const char **sorted = NULL;
	size_t n = 0;
	int r = oqfs_catalog_list(s->catalog, dir, &names);

	if (r) {
		oqfs_report_dir(&s->report, dir, r);
		return 0;
	}
	for (size_t i = 0; i < names.len; i++)
		n += names.data[i] == '\0';
	sorted = calloc(n + 1, sizeof(*sorted));
	if (!sorted)
		return -ENOMEM;
	n = 0;
	for (size_t i = 0; i < names.len; i += strlen(names.data + i) + 1)
		sorted[n++] = names.data + i;
	qsort(sorted, n, sizeof(*sorted), compare);
	for (size_t i = 0; i < n && !r; i++)
		r = visit_entry(s, dir, sorted[i], depth);
	return r;
}

static int open_survey(struct survey *s, struct oq_err *err)
{
	const struct oqfs_opts *o = s->opts;
	struct oqfs_super_opts so = { 0 };
	OQ_BUF struct oq_buf names = { 0 };
	int r = oqfs_preflight_source(o, &s->roots, err);

	if (!r)
		r = oqfs_catalog_open(s->roots, &s->catalog, err);
	if (r)
		return r;
	s->log = oqfs_log_new(false, o->debug ? OQFS_DEBUG : OQFS_ERROR);
	s->listings = oqfs_listings_new(OQFS_LISTINGS_KEPT, OQFS_LISTINGS_MOST);
	if (!s->log || !s->listings)
		return oq_err_set(err, -ENOMEM, "there is not enough memory");
	if (!oqfs_roots_file(s->roots))
		r = oqfs_catalog_list(s->catalog, "", &names);
	if (r)
		return oq_err_set(err, r, "cannot look into '%s': %s",
				  o->source, strerror(-r));
	/* Each source that is not there was named on stderr already. */
	if (oqfs_roots_are_several(s->roots) && !names.len)
		return -ENOENT;
	oqfs_super_take_opts(o, &so);
	so.log = s->log;
	so.roots = s->roots;
	return oqfs_super_new(&so, &s->super, err);
}

int oqfs_survey(const struct oqfs_opts *o, struct oq_err *err)
{
	struct survey s = {
		.opts = o,
		.report = { .json = o->json, .progress = isatty(2) == 1 },
	};
	const char *file;
	int r = open_survey(&s, err), end;

	if (!r) {
		file = oqfs_roots_file(s.roots);
		oqfs_report_begin(&s.report, o->source);
		r = file ? visit_entry(&s, "", file, 0) : visit_dir(&s, "", 0);
		end = oqfs_report_end(&s.report);
		if (r)
			oq_err_set(err, r, "there is not enough memory");
		else if (end)
			r = oq_err_set(err, end, "cannot write the report");
		else
			r = s.report.all.unreadable != 0;
	}
	oqfs_listings_free(s.listings);
	oqfs_super_free(s.super);
	oqfs_log_free(s.log);
	oqfs_catalog_close(s.catalog);
	oqfs_roots_free(s.roots);
	return r;
}
