/* SPDX-License-Identifier: MIT */
/* report.h - what --check prints: text for people, or JSON
 *
 *	calc_1.hdf5: complete, 12 groups, 57 datasets
 *	calc_2.hdf5: broken (cut short), 3 groups, 8 datasets, 1 unreadable
 *	  /hcurves/mean: Input/output error: ...
 *	calc_3.hdf5: unknown (cannot open it: Permission denied), 1 unreadable
 *	3 datastores, 65 datasets, 2 unreadable (HDF5 1.14.6)
 *
 * The findings of a datastore are kept until it is done, since the line with
 * its counts comes first.  One thread.
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

/* Counts and findings of the current datastore, and the counts of all so far.
 * Zeroed before first use, except for the two flags. */
struct oqfs_report {
	bool json;
	bool progress; /* stderr is a terminal */
	struct oqfs_tally now, all;
	struct oq_buf found; /* the findings of this datastore, as printed */
	struct oq_buf lacks; /* its objects without a Parquet view, for JSON */
	struct oq_buf left;  /* what its tables leave out, for JSON */
	struct oq_buf dirs;  /* directories that cannot be read, for JSON */
	uint64_t shown;	     /* object count in the last line of progress */
	bool shut;	     /* nothing of this datastore can be read */
};

void oqfs_report_begin(struct oqfs_report *r, const char *source);
/* Report a directory of the source that cannot be listed; 'code' is -errno here
 * and below. */
void oqfs_report_dir(struct oqfs_report *r, const char *dir, int code);
/* Begin a datastore. */
void oqfs_report_store(struct oqfs_report *r);
/* Report progress: an object of the datastore at 'path' is done. */
void oqfs_report_step(struct oqfs_report *r, const char *path);
/* Report an object of the datastore that cannot be read. */
void oqfs_report_bad(struct oqfs_report *r, const char *object, int code,
		     const struct oq_err *why);
/* Report an object that has no Parquet view; printed in JSON only. */
void oqfs_report_no_parquet(struct oqfs_report *r, const char *object,
			    const struct oq_err *why);
/* Report what a group that is a table leaves out of it; in JSON only. */
void oqfs_report_left_out(struct oqfs_report *r, const char *object,
			  const char *what);
/* Report that the datastore cannot be read at all.  In JSON that is a finding
 * for its root; as text it is the reason of its state. */
void oqfs_report_shut(struct oqfs_report *r, int code,
		      const struct oq_err *why);
/* End the datastore and print it.  'why' is the reason of 'state', or empty. */
void oqfs_report_store_end(struct oqfs_report *r, const char *path,
			   const char *state, const struct oq_err *why);
/* Print the totals.  Returns 0, or -EIO where not all that was printed could be
 * written. */
int oqfs_report_end(struct oqfs_report *r);

#endif
