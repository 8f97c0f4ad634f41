/* SPDX-License-Identifier: MIT */
/* names.h - the files of a kind, by the pattern of their names */
#ifndef OQ_ENGINE_NAMES_H
#define OQ_ENGINE_NAMES_H

#include "lib/sheet/kinds.h"

/* Files collected so far. */
struct oq_exportlist {
	size_t n, room;
	struct oq_exportfile *files; /* owned */
};

/* Add all files of a kind.  Returns 0; -ENOENT, -EIO ... why the kind is to be
 * left out; -ENOMEM. */
int oq_exportlist_add(struct oq_exportlist *l, const struct oq_calculation *c,
		      const struct oq_exportkind *k, struct oq_err *err);
/* Sort by name; of two with one name the first stays. */
void oq_exportlist_sort(struct oq_exportlist *l);
const struct oq_exportfile *oq_exportlist_find(const struct oq_exportlist *l,
					       const char *name);
/* Drop all but the first 'n'. */
void oq_exportlist_cut(struct oq_exportlist *l, size_t n);
void oq_exportlist_free(struct oq_exportlist *l);

/* How many realizations the files of a kind with rlz in their names have: one
 * where they are collected. */
size_t oq_exportlist_rlzs(const struct oq_calculation *c);

#endif
