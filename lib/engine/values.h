/* SPDX-License-Identifier: MIT */
/* values.h - a small dataset or attribute as an array of values
 *
 * For data that an export needs as a whole: labels, weights, tags, sites.  The
 * main thread reads it at once, so its size is bounded; larger datasets are
 * read piece by piece through a source.
 */
#ifndef OQ_VALUES_H
#define OQ_VALUES_H

#include <stdint.h>

#include "lib/data/env.h"
#include "lib/engine/load.h"

/* The most bytes that are read at once, and that texts may take. */
#define OQ_VALUES_BYTES ((uint64_t)64 << 20)

struct oq_values {
	enum oq_valtype type;
	bool single, is_bool; /* the elements were, see load.h */
	uint64_t n;
	unsigned rank; /* and 'dims': the dataset's or attribute's */
	uint64_t dims[OQ_MAX_RANK];
	double *f;  /* OQ_VAL_F64; owned, as all three */
	int64_t *i; /* OQ_VAL_I64 */
	char **t;   /* OQ_VAL_TEXT: NUL-terminated */
};

/* Main thread.  Read a dataset, or 'field' (may be NULL) of its compounds; the
 * caller frees '*out'.  Returns 0; -ENOENT no such field; -EFBIG too large;
 * -EIO; -ENOMEM; then there is nothing to free. */
int oq_values_read(const struct oq_env *env, uint64_t addr, const char *field,
		   struct oq_values *out, struct oq_err *err);
/* Main thread.  Read an attribute in the same way. */
int oq_values_attr(const struct oq_env *env, uint64_t addr, const char *name,
		   struct oq_values *out, struct oq_err *err);

/* Make values of 'n' elements that are in memory, without setting the shape;
 * the caller frees '*out' (all zeros before), also on failure.  Any thread. */
int oq_values_load(const struct oq_dtype *t, const uint8_t *elems,
		   const char *field, uint64_t n, struct oq_values *out,
		   struct oq_err *err);

void oq_values_free(struct oq_values *v);
#define OQ_VALUES __attribute__((cleanup(oq_values_free)))

/* Whether value 'i' exists and is this text. */
bool oq_values_is(const struct oq_values *v, uint64_t i, const char *text);
/* The index of a text; n where there is none. */
uint64_t oq_values_find(const struct oq_values *v, const char *text);

#endif
