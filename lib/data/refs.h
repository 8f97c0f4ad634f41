/* SPDX-License-Identifier: MIT */
/* refs.h - what references lead to, for rendering values */
#ifndef OQ_REFS_H
#define OQ_REFS_H

#include "lib/data/env.h"
#include "lib/type/value.h"

/* Functions for any thread; they ask the main thread, by an errand. */
struct oq_refs oq_refs_of(const struct oq_env *env);
/* The same for tables: what is small in a cell of MATLAB is there by value, if
 * conventions count (cells.h). */
struct oq_refs oq_refs_by_value(const struct oq_env *env);

#endif
