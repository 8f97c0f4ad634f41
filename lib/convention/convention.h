/* SPDX-License-Identifier: MIT */
/* convention.h - which conventions make a table of a group
 *
 * Each is a row: the attribute that a group has, its value, and who looks
 * further.  (Or the place that it has in a file which says what it is.)  They
 * are found by what the file says, never by what it looks like.  Main thread
 * only.
 */
#ifndef OQ_CONVENTION_H
#define OQ_CONVENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/convention/columns.h"

struct oq_convention {
	const char *attr;
	const char *value; /* its text; NULL: whatever it is */
	/* Fill in 'c', which is empty; the caller drops it.  0; -ENODATA where
	 * the group is none of these after all; -ENOENT where it says that it
	 * is but has not what it takes; another negative errno. */
	int (*find)(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
};

/* The columns of a group that is a table by one of them: by the engine's own,
 * and by those of 'others' if they count.  -ENODATA where none says that it is;
 * as above. */
int oq_convention_find(struct oq_h5 *h5, uint64_t group, bool others,
		       struct oq_columns *c);

/* The finders. */
int oq_engine_frame(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_pandas_table(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_anndata_frame(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_anndata_categorical(struct oq_h5 *h5, uint64_t group,
			   struct oq_columns *c);
int oq_anndata_nullable(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_hdmf_table(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_icesat_rate(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_gedi_beam(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_loom_attrs(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_vaex_table(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);

#endif
