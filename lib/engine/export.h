/* SPDX-License-Identifier: MIT */
/* export.h - the files that `oq export` writes of a calculation
 *
 * A list of names, made by one look at the datastore, and for each of them a
 * text of rows, rendered anywhere by any number of workers at once.
 *
 *	exports ---- kinds (a table)      which files there are, and of what
 *	   `-- open: a sheet              columns, where their values come from
 *	          `-- render              rows as the exporter writes them
 */
#ifndef OQ_EXPORT_H
#define OQ_EXPORT_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/data/env.h"

struct oq_exports;

/* Main thread, all of these but render, prepare and close.  'parent' is the
 * datastore that the calculation was run from, NULL where there is none or it
 * is not to be had; both must outlive the result.  'number' is the
 * calculation's, from the file name.  Returns 0; -ENOENT where the datastore
 * is no calculation of a known version; -EIO; -ENOMEM. */
int oq_exports_new(const struct oq_env *own, const struct oq_env *parent,
		   const char *number, struct oq_exports **out,
		   struct oq_err *err);
void oq_exports_free(struct oq_exports *x);

/* The number of the calculation whose datastore is wanted as the parent's, to
 * be freed; NULL: none. */
char *oq_exports_parent(const struct oq_env *own);

size_t oq_exports_count(const struct oq_exports *x);
/* "hazard_curve-mean-PGA_42", without ".csv"; no two are the same. */
const char *oq_exports_name(const struct oq_exports *x, size_t i);

/* Append JSON: {"kind": "why it is not among them", ...}. */
void oq_exports_put_left_out(const struct oq_exports *x, struct oq_buf *out);

/* One opened file: a text of rows.  I, but what prepare() sets. */
struct oq_export {
	struct oq_buf head;  /* comment line and heading, with line ends */
	uint64_t nrows;	     /* that render() is asked for; set by prepare() */
	uint64_t block_rows; /* how many at a time: some 100 KB of text */

	/* Worker.  Append the text of rows [first, first + n); some may render
	 * to nothing.  0, or -errno with the reason. */
	int (*render)(struct oq_export *e, uint64_t first, uint64_t n,
		      struct oq_buf *out, struct oq_err *err);
	/* Worker, once, before the first render: what needs all rows.  NULL:
	 * nothing.  -EFBIG where the memory for it does not do. */
	int (*prepare)(struct oq_export *e, struct oq_err *err);
	/* Worker. */
	void (*close)(struct oq_export *e);
	size_t held; /* bytes of memory; grows with prepare() */
};

/* 'x' must outlive the result. -ENOENT no such name; -EIO; -EFBIG; -ENOMEM. */
int oq_exports_open(const struct oq_exports *x, const char *name,
		    struct oq_export **out, struct oq_err *err);

#endif
