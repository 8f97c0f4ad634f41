/* SPDX-License-Identifier: MIT */
/* export.h - the files that the engine's own export would write
 *
 *	oq_exports   of one calculation: which files there are     main thread
 *	oq_export    one of them, opened: a text of rows           workers
 *
 * Datasets that a calculation took over from a parent are read in the parent's
 * datastore, if the spec has it.
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

/* What a list is made of; borrowed.  The datastores must stay open. */
struct oq_exports_spec {
	const struct oq_env *own;
	/* The calculation that it was made from, then the one that this was
	 * made from. */
	const struct oq_env *parents[OQ_MAX_PARENTS];
	size_t nparents;
	const char *number; /* "42"; NULL: not known */
	const char *absent; /* why the next parent is not there, or NULL */
};

/* The functions of oq_exports are for the main thread.
 *
 * Make the list.  Returns 0, -ENOMEM, or -ENOENT with the reason where the
 * datastore is no calculation of a known version. */
int oq_exports_new(const struct oq_exports_spec *s, struct oq_exports **out,
		   struct oq_err *err);
/* NULL is accepted. */
void oq_exports_free(struct oq_exports *x);

size_t oq_exports_count(const struct oq_exports *x);
/* The name of file 'i', in order, without ".csv": "hazard_curve-mean-PGA_42".
 */
const char *oq_exports_name(const struct oq_exports *x, size_t i);
/* Append which kinds are left out, and why, as JSON: {"kind": "reason", ...}.
 */
void oq_exports_put_left_out(const struct oq_exports *x, struct oq_buf *out);

/* An export as typed columns, for Parquet. */
struct oq_exportcolumns {
	struct oq_source *source; /* owned; has read_member() but no read() */
	struct oq_table *table;	  /* owned: of that source */
	char *attributes;	  /* from malloc(): the comment, as JSON */
};

/* One opened file.  'render' and 'prepare' are for workers and may wait for
 * the main thread. */
struct oq_export {
	struct oq_buf head;  /* owned: comment and heading, with line ends */
	uint64_t nrows;	     /* some may render to nothing */
	uint64_t block_rows; /* > 0: rows of about 128 KiB of text */
	/* Append the text of rows [first, first + n), about 'block_rows' of
	 * them; always the same text.  Any number of workers at once.  Returns
	 * 0, or a negative errno with the reason. */
	int (*render)(struct oq_export *e, uint64_t first, size_t n,
		      struct oq_buf *out, struct oq_err *err);
	/* Work that needs all rows (sorting them), before the first render;
	 * NULL where there is none.  One worker at a time; called again after a
	 * failure.  'p' (may be NULL) is told at least once a second.  Returns
	 * 0; -EINTR where 'p' says to stop; -EFBIG where the memory is not
	 * enough; another negative errno. */
	int (*prepare)(struct oq_export *e, const struct oq_progress *p,
		       struct oq_err *err);
	/* Make typed columns of the same rows, in the same order.  They borrow
	 * the export.  Any thread, after 'prepare'.  0, or a negative errno
	 * with the reason. */
	int (*columns)(struct oq_export *e, struct oq_exportcolumns *out,
		       struct oq_err *err);
	/* Called by oq_export_close().  Any thread but the main one. */
	void (*close)(struct oq_export *e);
	size_t held; /* bytes of memory that it takes */
};

static inline void oq_export_close(struct oq_export *e)
{
	oq_buf_free(&e->head);
	e->close(e);
}

/* Open a file of the list by its name.  Takes milliseconds: it reads small
 * inputs only.  Returns 0; -ENOENT where there is no such file; or another
 * negative errno with the reason. */
int oq_exports_open(const struct oq_exports *x, const char *name,
		    struct oq_export **out, struct oq_err *err);

#endif
