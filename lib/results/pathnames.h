/* SPDX-License-Identifier: MIT */
/* pathnames.h - paths through the logic tree, a letter a branch
 *
 * "A~BC": the branch of each set of the source model's tree, then the ground
 * motion model of each tectonic region type.  Before 3.13 digits, and the
 * models are numbered through.
 */
#ifndef OQ_PATHNAMES_H
#define OQ_PATHNAMES_H

#include "lib/engine/logictree.h"

/* Zeroed before it is opened. */
struct oq_pathnames {
	const struct oq_calculation *c;
	struct oq_logictree tree;
	bool old;
	uint64_t *place;   /* of each branch of the source model, in its set */
	uint64_t *gplace;  /* of each ground motion model, in its type */
	uint64_t *by_name; /* the source model's branches */
};

/* Read the tree.  Returns 0, or as oq_logictree_open(). */
int oq_pathnames_open(struct oq_pathnames *p, const struct oq_calculation *c,
		      struct oq_err *err);
void oq_pathnames_close(struct oq_pathnames *p);
#define OQ_PATHNAMES __attribute__((cleanup(oq_pathnames_close)))

/* Append the name of a path: path 'sm' of the source model, and the rows
 * 'gsim' of the models.  -EIO for a branch that the tree does not have. */
int oq_pathnames_put(const struct oq_pathnames *p, uint64_t sm,
		     const uint64_t *gsim, struct oq_buf *out,
		     struct oq_err *err);

#endif
