/* SPDX-License-Identifier: MIT */
/* opts.h - the command line and the -o options
 *
 * One table drives parsing and --help; a test holds the manual page against
 * it.  The result is a plain value.
 */
#ifndef OQFS_OPTS_H
#define OQFS_OPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"

enum oqfs_what {
	OQFS_DO_MOUNT,
	OQFS_DO_HELP,
	OQFS_DO_VERSION,
	OQFS_DO_CHECK,
};

struct oqfs_opts {
	enum oqfs_what what;
	char *source;	  /* owned; never NULL after oqfs_opts_parse() */
	bool is_guessed;  /* the user named no source */
	char *mountpoint; /* owned; NULL except for OQFS_DO_MOUNT */
	char **named;	  /* owned array of owned texts: each source= option */
	size_t nnamed;
	uint32_t views; /* views to list, a bit per oq_view_kind; 0: the user
			   did not choose */
	unsigned readers, threads;
	uint64_t cache, memory, csv_split; /* bytes */
	unsigned timeout_ms, idle_ms;
	bool allow_other, auto_unmount, nfs, nonempty;
	bool foreground, debug;
	bool json;	  /* OQFS_DO_CHECK only */
	bool watch;	  /* use inotify or fanotify */
	bool conventions; /* those of other fields count */
	bool passthrough; /* the kernel may read plain files by itself */
	/* Which of OQFS_GUARD_WORDS were given, a bit each.  A mount that we
	 * make has all of them anyway; one that is handed to us must. */
	unsigned guards;
	bool sandbox;
};

#define OQFS_ALL_GUARDS	 0x1fU
#define OQFS_GUARD_WORDS "ro,nosuid,nodev,noexec,default_permissions"

/* Fill '*o' from the command line and the environment (OQ_DATADIR, HOME).
 * Returns 0 or -EINVAL with one sentence in 'err'.  'o' is to be freed in
 * either case. */
int oqfs_opts_parse(int argc, char **argv, struct oqfs_opts *o,
		    struct oq_err *err);
void oqfs_opts_free(struct oqfs_opts *o);

/* Append what --help prints. */
void oqfs_opts_help(struct oq_buf *out);

#endif
