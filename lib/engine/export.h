/* SPDX-License-Identifier: MIT */
/* export.h - the files that the engine's own export would write
 *
 *	oq_exports   of one calculation: which files there are     main thread
 *	oq_export    one of them, opened: a text of rows           workers
 *
 * What a calculation took from others that it was made from is read in those
 * where they are at hand.
 */
#ifndef OQ_EXPORT_H
#define OQ_EXPORT_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/data/env.h"
#include "lib/data/source.h"
#include "lib/ipc/wire.h"
#include "lib/table/table.h"
#include "lib/work/progress.h"

struct oq_exports;

/* What a list is made of; borrowed, and the datastores must stay. */
struct oq_exports_spec {
	const struct oq_env *own;
	/* The calculation that it was made from, and the one that this was. */
	const struct oq_env *parents[OQ_MAX_PARENTS];
	size_t nparents;
	const char *number; /* "42"; NULL: not known */
	const char *absent; /* why the next of them is not there, or NULL */
};

/* Main thread, all of these.  Returns 0, -ENOMEM, or -ENOENT with the reason
 * where the datastore is no calculation of a known version. */
int oq_exports_new(const struct oq_exports_spec *s, struct oq_exports **out,
		   struct oq_err *err);
/* NULL is accepted. */
void oq_exports_free(struct oq_exports *x);

size_t oq_exports_count(const struct oq_exports *x);
/* The name without ".csv": "hazard_curve-mean-PGA_42". */
const char *oq_exports_name(const struct oq_exports *x, size_t i);
/* What is left out, and why: JSON, {"kind": "reason", ...}. */
void oq_exports_put_left_out(const struct oq_exports *x, struct oq_buf *out);

/* An export as typed columns, for who reads it by column. */
struct oq_exportcolumns {
	struct oq_source *source; /* owned: to be read by the member only */
	struct oq_table *table;	  /* owned: of that source */
	char *attributes;	  /* from malloc(): its comment, as JSON */
};

/* One opened file.  'render' and 'prepare' are for workers and may wait for
 * the main thread. */
struct oq_export {
	struct oq_buf head;  /* owned: comment and heading, with line ends */
	uint64_t nrows;	     /* some may render to nothing */
	uint64_t block_rows; /* > 0: some hundred kilobytes of text */
	/* Append the text of rows [first, first + n), about 'block_rows' of
	 * them; the same each time.  Any number of workers at once.  Returns 0
	 * or -errno with the reason. */
	int (*render)(struct oq_export *e, uint64_t first, size_t n,
		      struct oq_buf *out, struct oq_err *err);
	/* What takes all rows (the order of a sort), before the first render;
	 * or NULL.  One worker, again after a failure.  'p' is told at least
	 * once a second and may be NULL.  -EFBIG where memory does not do. */
	int (*prepare)(struct oq_export *e, const struct oq_progress *p,
		       struct oq_err *err);
	/* What its rows are before they are text, in the same order; it
	 * borrows the export.  After 'prepare'.  Any thread. */
	int (*columns)(struct oq_export *e, struct oq_exportcolumns *out,
		       struct oq_err *err);
	/* By oq_export_close().  Any thread but the main one. */
	void (*close)(struct oq_export *e);
	size_t held; /* bytes of memory */
};

static inline void oq_export_close(struct oq_export *e)
{
	oq_buf_free(&e->head);
	e->close(e);
}

/* Returns 0; -ENOENT where there is no such file; or why not.  A matter of
 * milliseconds. */
int oq_exports_open(const struct oq_exports *x, const char *name,
		    struct oq_export **out, struct oq_err *err);

#endif
