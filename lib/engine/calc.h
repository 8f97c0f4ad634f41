/* SPDX-License-Identifier: MIT */
/* calc.h - what a calculation of the engine says of itself
 *
 * `oqparam` is a JSON text in a scalar string; in old datastores a table of
 * names and Python values.  The engine's version is an attribute of the root.
 */
#ifndef OQ_CALC_H
#define OQ_CALC_H

#include "lib/data/env.h"

/* Owned texts; NULL where the datastore does not say. */
struct oq_calc {
	char *engine_version;
	char *calculation_mode;
	char *description;
	char *parent; /* the calculation number it was run from, in digits */
};

/* Main thread.  Fill in '*c', which the caller frees.  Cannot fail: a text that
 * cannot be read is NULL. */
void oq_calc_read(const struct oq_env *env, struct oq_calc *c);
void oq_calc_free(struct oq_calc *c);

#endif
