/* SPDX-License-Identifier: MIT */
/* leadset.h - remembers where the links of a datastore lead
 *
 * Each generation has one set.  For each link that leads to another file
 * (leads.h) the set keeps what was found the last time, and which state that
 * file was in.  Any thread.
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
	bool found; /* false: the other members mean nothing */
	/* Of the object, as in its struct oq_entry. */
	enum oq_entry_kind kind;
	uint32_t views, listed;
	int32_t refused;
	/* Of an external link only: the name that the mount shows the other
	 * file under, the directories from there to the object, each with a
	 * slash behind it, and the object's link ("" for the root). */
	char shown[NAME_MAX + 1];
	struct oq_buf groups, name;
	uint32_t number; /* in the object's names: see oqfs_tree_spell() */
};

/* Frees the members. */
void oqfs_lead_free(struct oqfs_lead *l);

#define OQFS_LEAD __attribute__((cleanup(oqfs_lead_free)))

/* A link, by its group and its name there. */
struct oqfs_leadkey {
	uint64_t group;
	const char *name;
	size_t name_len;
};

/* The other file, in the state that it was in. */
struct oqfs_leadfile {
	char *path; /* relative to the root of the mount */
	struct oqfs_identity id;
	bool is_young; /* see oqfs_identity_is_young() */
};

struct oqfs_leadset;

/* NULL if there is no memory.  The other functions accept NULL: such a set
 * keeps nothing. */
struct oqfs_leadset *oqfs_leadset_new(void);
void oqfs_leadset_free(struct oqfs_leadset *s);

/* Copy what is kept of a link to '*file' and '*out', which the caller has
 * zeroed.  Returns 1, 0 if nothing is kept, or -ENOMEM.  The caller frees
 * 'file->path' and '*out', whatever was returned. */
int oqfs_leadset_get(struct oqfs_leadset *s, const struct oqfs_leadkey *key,
		     struct oqfs_leadfile *file, struct oqfs_lead *out);
/* Keep copies, in place of what was kept of the link before.  Keeps nothing if
 * the set is full or there is no memory. */
void oqfs_leadset_put(struct oqfs_leadset *s, const struct oqfs_leadkey *key,
		      const struct oqfs_leadfile *file,
		      const struct oqfs_lead *lead);

#endif
