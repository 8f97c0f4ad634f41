/* SPDX-License-Identifier: MIT */
/* report.h - what --check prints: text for people, or JSON
 *
 *	calc_1.hdf5: complete, 12 groups, 57 datasets
 *	calc_2.hdf5: broken (cut short), 3 groups, 8 datasets, 1 unreadable
 *	  /hcurves/mean: Input/output error: ...
 *	calc_3.hdf5: unknown (cannot open it: Permission denied), 1 unreadable
 *	3 datastores, 65 datasets, 2 unreadable (HDF5 1.14.6)
 *
 * Findings are kept until their datastore has ended.  One thread.
 */
#ifndef OQFS_REPORT_H
#define OQFS_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"

struct oqfs_tally {
	uint64_t stores, groups, datasets, unreadable;
};

/* One datastore's, and those of all before it.  Zeroed before first use, but
 * for the flags. */
struct oqfs_report {
	bool json;
	bool progress; /* stderr is a terminal */
	struct oqfs_tally now, all;
	struct oq_buf found; /* the findings of this datastore, as printed */
	struct oq_buf dirs;  /* directories that cannot be read, for JSON */
	uint64_t shown;	     /* objects at the last line of progress */
	bool shut;	     /* nothing of this datastore can be read */
};

void oqfs_report_begin(struct oqfs_report *r, const char *source);
/* A directory of the source cannot be looked into. */
void oqfs_report_dir(struct oqfs_report *r, const char *dir, int code);
/* The datastore at 'path' has been begun. */
void oqfs_report_store(struct oqfs_report *r);
/* An object of 'path' was looked at: the line of progress. */
void oqfs_report_step(struct oqfs_report *r, const char *path);
/* 'object' of the datastore cannot be read. */
void oqfs_report_bad(struct oqfs_report *r, const char *object, int code,
		     const struct oq_err *why);
/* The datastore cannot be read at all.  For JSON that is a finding of its root;
 * as text the reason for its state says it. */
void oqfs_report_shut(struct oqfs_report *r, int code,
		      const struct oq_err *why);
/* The datastore has ended; 'why' says why it is 'state', or is empty. */
void oqfs_report_store_end(struct oqfs_report *r, const char *path,
			   const char *state, const struct oq_err *why);
/* Returns 0 or -EIO: what was printed has not arrived. */
int oqfs_report_end(struct oqfs_report *r);

#endif
