/* SPDX-License-Identifier: MIT */
/* pathnames.h - names of paths through the logic tree, one letter per branch
 *
 * In "A~BC" the letters before "~" stand for the branch in each set of the
 * source model's tree, those behind it for the ground motion model of each
 * tectonic region type.  Engines before 3.13 write digits in place of letters,
 * and number the ground motion models of all types in one sequence.  Main
 * thread only.
 */
#ifndef OQ_PATHNAMES_H
#define OQ_PATHNAMES_H

#include "lib/engine/logictree.h"

/* The caller zeroes it before it opens it. */
struct oq_pathnames {
	const struct oq_calculation *c;
	struct oq_logictree tree;
	bool old;	   /* names as before 3.13 */
	uint64_t *place;   /* of each branch of the source model, in its set */
	uint64_t *gplace;  /* of each ground motion model, in its type */
	uint64_t *by_name; /* the source model's branches, sorted by name */
};

/* Read the tree.  Returns 0 or a negative errno with the reason, as
 * oq_logictree_open(); -EIO if a set has more branches than there are letters.
 * The caller calls oq_pathnames_close(), after an error too. */
int oq_pathnames_open(struct oq_pathnames *p, const struct oq_calculation *c,
		      struct oq_err *err);
void oq_pathnames_close(struct oq_pathnames *p);
#define OQ_PATHNAMES __attribute__((cleanup(oq_pathnames_close)))

/* Append the name of a path: of path 'sm' of the source model, and of the
 * ground motion models in the rows 'gsim', one for each type.  Returns 0, or
 * -EIO if the tree does not have a branch of the path. */
int oq_pathnames_put(const struct oq_pathnames *p, uint64_t sm,
		     const uint64_t *gsim, struct oq_buf *out,
		     struct oq_err *err);

#endif
