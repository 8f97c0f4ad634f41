/* SPDX-License-Identifier: MIT */
/* names.h - the files of a kind, by the pattern of their names
 *
 * Main thread for oq_exportlist_add(); a list that does not change is for any
 * thread.
 */
#ifndef OQ_ENGINE_NAMES_H
#define OQ_ENGINE_NAMES_H

#include "lib/sheet/kinds.h"

/* Files collected so far. */
struct oq_exportlist {
	size_t n, room;
	struct oq_exportfile *files; /* owned */
};

/* Add all files of a kind.  On failure some may be added already; the caller
 * cuts them off.  Returns 0; -ENOENT, -EIO or -EFBIG with the reason to leave
 * the kind out; -ENOMEM. */
int oq_exportlist_add(struct oq_exportlist *l, const struct oq_calculation *c,
		      const struct oq_exportkind *k, struct oq_err *err);
/* Sort by name.  Of several files of one name one stays. */
void oq_exportlist_sort(struct oq_exportlist *l);
/* The file with this name, or NULL; the list must be sorted. */
const struct oq_exportfile *oq_exportlist_find(const struct oq_exportlist *l,
					       const char *name);
/* Free all files but the first 'n'. */
void oq_exportlist_cut(struct oq_exportlist *l, size_t n);
void oq_exportlist_free(struct oq_exportlist *l);

/* How many files a kind with {rlz} in its names has: one for each realization,
 * or one in all if the calculation collects them (`collect_rlzs`). */
size_t oq_exportlist_rlzs(const struct oq_calculation *c);

#endif
