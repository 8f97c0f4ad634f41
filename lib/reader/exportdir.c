/* SPDX-License-Identifier: MIT */
/* exportdir.c - the directory of exports, as a reader serves it */

#include "lib/reader/exportdir.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/cleanup.h"
#include "lib/base/quote.h"
#include "lib/engine/export.h"
#include "lib/reader/exportfile.h"
#include "lib/reader/exportparquet.h"
#include "lib/work/quiesce.h"

/* All of it: set before the first request, or by the first that needs it. */
struct oq_exportdir {
	const struct oq_env *own;
	char number[24];		       /* "" where it is not known */
	char *absent;			       /* owned; or NULL */
	int fds[OQ_MAX_PARENTS];	       /* owned */
	struct oq_env parents[OQ_MAX_PARENTS]; /* 'h5' owned */
	size_t nfds, nparents;
	bool is_made;
	struct oq_exports *list; /* owned; NULL: no such calculation */
	struct oq_err why_none;
};

struct oq_exportdir *oq_exportdir_new(const struct oq_env *own,
				      const struct oq_calc_spec *spec)
{
	struct oq_exportdir *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->own = own;
	if (!spec)
		return d;
	if (spec->absent_len) {
		d->absent = strndup(spec->absent, spec->absent_len);
		if (!d->absent) {
			free(d);
			return NULL;
		}
	}
	if (spec->number != OQ_WIRE_UNKNOWN)
		snprintf(d->number, sizeof(d->number), "%" PRIu64,
			 spec->number);
	d->nfds = spec->nfds;
	memcpy(d->fds, spec->fds, spec->nfds * sizeof(*d->fds));
	return d;
}

void oq_exportdir_free(struct oq_exportdir *d)
{
	if (!d)
		return;
	oq_exports_free(d->list);
	for (size_t i = 0; i < d->nparents; i++)
		oq_h5_close(d->parents[i].h5);
	for (size_t i = 0; i < d->nfds; i++)
		(void)close(d->fds[i]);
	free(d->absent);
	free(d);
}

/* ---- the calculations it was made from ---- */

/* A parent that cannot be opened counts as absent, and so do those behind it.
 */
static int open_parents(struct oq_exportdir *d)
{
	struct oq_err why = { "" };
	OQ_FREE char *absent = NULL;

	while (d->nparents < d->nfds) {
		struct oq_env *e = &d->parents[d->nparents];

		*e = *d->own;
		e->fd = d->fds[d->nparents];
		e->h5 = NULL;
		e->stretches =
			NULL; /* those are of the calculation's own file */
		if (oq_h5_open(e->fd, &e->h5, &why) < 0)
			break;
		d->nparents++;
	}
	if (d->nparents == d->nfds)
		return 0;
	if (asprintf(&absent, "%s cannot be opened: %s",
		     d->nparents ? "the calculation that its parent was made "
				   "from"
				 : "the calculation that it was made from",
		     why.text) < 0) {
		absent = NULL;
		return -ENOMEM;
	}
	free(d->absent);
	d->absent = oq_steal(&absent);
	return 0;
}

static int make_list(struct oq_exportdir *d, struct oq_err *err)
{
	struct oq_exports_spec spec = {
		.own = d->own,
		.nparents = d->nparents,
		.number = d->number[0] ? d->number : NULL,
		.absent = d->absent,
	};
	int r;

	for (size_t i = 0; i < d->nparents; i++)
		spec.parents[i] = &d->parents[i];
	r = oq_exports_new(&spec, &d->list, &d->why_none);
	if (r == -ENOENT) {
		d->list = NULL;
		return 0;
	}
	return r < 0 ? oq_err_set(err, r, "%s", d->why_none.text) : 0;
}

static int make(struct oq_exportdir *d, struct oq_err *err)
{
	int r;

	if (d->is_made)
		return 0;
	r = d->nparents || !d->nfds ? 0 : open_parents(d);
	if (r < 0)
		return oq_err_set(err, r, "no memory");
	r = make_list(d, err);
	d->is_made = r == 0;
	return r;
}

/* ---- what is asked ---- */

int oq_exportdir_list(struct oq_exportdir *d, struct oq_listing *l,
		      struct oq_err *err)
{
	int r = make(d, err);

	if (r < 0)
		return r;
	oq_listing_begin(l, OQ_WIRE_EXPORT);
	for (size_t i = 0; d->list && i < oq_exports_count(d->list); i++) {
		const char *name = oq_exports_name(d->list, i);
		struct oq_entry e = {
			.name = name,
			.name_len = strlen(name),
			.link = OQ_ENTRY_HARD,
			.kind = OQ_ENTRY_DATASET,
			.object = OQ_WIRE_EXPORT,
			.target = "",
			.file = "",
			.views = 1u << OQ_VIEW_CSV | 1u << OQ_VIEW_PARQUET,
			.listed = 1u << OQ_VIEW_CSV,
		};

		for (unsigned v = 0; v < OQ_NVIEWS; v++)
			e.bytes[v] = OQ_WIRE_UNKNOWN;
		oq_listing_add(l, &e);
	}
	return oq_listing_end(l, err);
}

int oq_exportdir_left_out(struct oq_exportdir *d, struct oq_buf *out,
			  struct oq_err *err)
{
	int r = make(d, err);

	if (r < 0)
		return r;
	if (d->list) {
		oq_exports_put_left_out(d->list, out);
	} else {
		oq_buf_puts(out, "{\"*\": ");
		oq_json_put_str(d->why_none.text, strlen(d->why_none.text),
				false, out);
		oq_buf_puts(out, "}");
	}
	return 0;
}

static bool is_listed(const struct oq_exports *list, const char *name)
{
	for (size_t i = 0; i < oq_exports_count(list); i++)
		if (strcmp(oq_exports_name(list, i), name) == 0)
			return true;
	return false;
}

/* Whether the request is for an export as a whole. */
static bool is_whole(const struct oq_request *key)
{
	return (key->view == OQ_VIEW_CSV || key->view == OQ_VIEW_PARQUET) &&
	       !key->slice_len && key->part == OQ_WIRE_NO_PART;
}

int oq_exportdir_open(struct oq_exportdir *d, const struct oq_request *key,
		      struct oq_file **out, struct oq_err *err)
{
	OQ_FREE char *name = strndup(key->name, key->name_len);
	struct oq_export *e;
	int r = make(d, err);

	if (r < 0)
		return r;
	if (!name)
		return oq_err_set(err, -ENOMEM, "no memory");
	if (!d->list)
		return oq_err_set(err, -ENOENT, "%s", d->why_none.text);
	if (!is_whole(key))
		return oq_err_set(err, -ENOENT,
				  "an export is a whole csv or parquet");
	r = oq_exports_open(d->list, name, &e, err);
	/* A file that is listed exists, if only to say what is wrong with it.
	 */
	if (r == -ENOENT && is_listed(d->list, name))
		r = -EIO;
	if (r < 0)
		return r;
	return key->view == OQ_VIEW_CSV
		       ? oq_exportfile_open(d->own, e, out, err)
		       : oq_exportparquet_open(d->own, e, out, err);
}

void oq_exportdir_quiesce(const struct oq_exportdir *d)
{
	for (size_t i = 0; d && i < d->nfds; i++)
		oq_quiesce_wait(d->fds[i], OQ_QUIESCE_MS);
}
