/* SPDX-License-Identifier: MIT */
/* convention.h - which conventions make a table of a group
 *
 * Each convention is a row: the attribute that marks the group, its value, and
 * a function that looks further.  (Some mark the file instead, and the group
 * has a fixed name in its root.)  A convention is recognized by what the file
 * says, never by what the group looks like.  Main thread only.
 */
#ifndef OQ_CONVENTION_H
#define OQ_CONVENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/convention/columns.h"

struct oq_convention {
	const char *attr;
	const char *value; /* the attribute's text; NULL: any value */
	/* Fill in 'c', which is empty; the caller drops it, also on failure.
	 * 0; -ENODATA where the group does not follow the convention after
	 * all; -ENOENT where it says so, but lacks something; another negative
	 * errno. */
	int (*find)(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
};

/* Fill in the columns of a group that is a table by the engine's convention or,
 * with 'others', by any.  'c' and errors as for find() above; -ENODATA where
 * none says that the group is a table. */
int oq_convention_find(struct oq_h5 *h5, uint64_t group, bool others,
		       struct oq_columns *c);

/* The functions of the table, as find() above. */
int oq_engine_frame(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_pandas_table(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_pandas_frame(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_pandas_series(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_anndata_frame(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_anndata_categorical(struct oq_h5 *h5, uint64_t group,
			   struct oq_columns *c);
int oq_anndata_nullable(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_anndata_csc(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_anndata_csr(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_matlab_sparse(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_hdmf_table(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_icesat_rate(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_gedi_beam(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_loom_attrs(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
int oq_vaex_table(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);

#endif
