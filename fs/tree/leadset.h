/* SPDX-License-Identifier: MIT */
/* leadset.h - what is known of where the links of a datastore lead
 *
 * One set a generation: of links that another file decides on (leads.h), what
 * was found the last time, and in which state of that file.  Any thread.
 */
#ifndef OQFS_LEADSET_H
#define OQFS_LEADSET_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "fs/source/identity.h"
#include "lib/base/buf.h"
#include "lib/ipc/wire.h"

struct oqfs_lead {
	bool found; /* else nothing below says anything */
	enum oq_entry_kind kind;
	uint32_t views, listed; /* as of an entry */
	int32_t refused;
	/* Of an external link: the name that the mount shows its file under,
	 * and the way to the object from there: the groups as directories, each
	 * with a slash, and the last link; "" for the root. */
	char shown[NAME_MAX + 1];
	struct oq_buf groups, name;
	uint32_t number; /* that its names have: see oqfs_tree_spell() */
};

void oqfs_lead_free(struct oqfs_lead *l);

#define OQFS_LEAD __attribute__((cleanup(oqfs_lead_free)))

/* A link: its group, and its name there. */
struct oqfs_leadkey {
	uint64_t group;
	const char *name;
	size_t name_len;
};

/* The other file: below the root of the mount, and as it was. */
struct oqfs_leadfile {
	char *path;
	struct oqfs_identity id;
	bool is_young; /* see oqfs_identity_is_young() */
};

struct oqfs_leadset;

/* NULL for no memory, and then nothing is known and kept. */
struct oqfs_leadset *oqfs_leadset_new(void);
void oqfs_leadset_free(struct oqfs_leadset *s);

/* What is known of a link: 1, with copies, of which 'file->path' is to be freed
 * and '*out' as well; 0 (nothing) or -ENOMEM, where they are to be freed
 * too. */
int oqfs_leadset_get(struct oqfs_leadset *s, const struct oqfs_leadkey *key,
		     struct oqfs_leadfile *file, struct oqfs_lead *out);
/* Keep copies, in place of what was known.  A set has an end, and is not told
 * where there is no memory. */
void oqfs_leadset_put(struct oqfs_leadset *s, const struct oqfs_leadkey *key,
		      const struct oqfs_leadfile *file,
		      const struct oqfs_lead *lead);

#endif
