/* SPDX-License-Identifier: MIT */
/* refs.h - what references lead to, for whoever renders values */
#ifndef OQ_REFS_H
#define OQ_REFS_H

#include "lib/data/env.h"
#include "lib/type/value.h"

/* For any thread: the main thread is asked, in an errand. */
struct oq_refs oq_refs_of(const struct oq_env *env);

#endif
