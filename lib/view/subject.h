/* SPDX-License-Identifier: MIT */
/* subject.h - a dataset or a data frame that views are offered of
 *
 * Main thread, all of it.
 */
#ifndef OQ_SUBJECT_H
#define OQ_SUBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/data/content.h"
#include "lib/data/env.h"

/* A dataset or a data frame that views are offered of. */
struct oq_subject {
	const struct oq_env *env;
	const char *name;	 /* of the link; NULL: unknown */
	struct oq_h5_dset *dset; /* one of the two */
	const struct oq_frame *frame;
	const struct oq_dtype *type; /* of an element, or of the fields that
					 a slice chose */
	enum oq_space space;
	unsigned rank; /* of all of it */
	const uint64_t *dims;
	uint64_t nelems;
	uint64_t nbytes; /* of all elements; OQ_WIRE_UNKNOWN: too many */
	int refused;	 /* its data cannot be had: -errno */
};

/* The object's address: OQ_WIRE_ROOT is the root group. */
uint64_t oq_subject_address(const struct oq_env *env, uint64_t object);

/* What views are offered of; 'name', that of the link, may be NULL.  The
 * dataset or frame is borrowed. */
void oq_subject_of_dataset(const struct oq_env *env, struct oq_h5_dset *d,
			   const char *name, struct oq_subject *s);
void oq_subject_of_frame(const struct oq_env *env, const struct oq_frame *f,
			 struct oq_subject *s);

/* Of elements of another type: the fields that a slice chooses. */
void oq_subject_set_type(struct oq_subject *s, const struct oq_dtype *t);

/* Have the elements bytes of a fixed size, all of which can be shown? */
bool oq_subject_is_fixed(const struct oq_subject *s);

/* Rows of the subject's csv, and of each of its parts (0: it is one file). */
void oq_subject_rows(const struct oq_subject *s, uint64_t *rows,
		     uint64_t *part_rows);

/* The raw bytes of each part of a large csv, at most. */
#define OQ_PART_BYTES ((uint64_t)64 << 20)

#endif
