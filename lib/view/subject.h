/* SPDX-License-Identifier: MIT */
/* subject.h - a dataset or a data frame, described for those who offer views
 *
 * Main thread only.
 */
#ifndef OQ_SUBJECT_H
#define OQ_SUBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/data/content.h"
#include "lib/data/env.h"

/* The table of a whole dataset, made once for all who offer views of it. */
struct oq_sketch {
	bool is_made;
	int status;		  /* 0, or -errno */
	struct oq_labels *labels; /* owned; of the table; NULL: none */
	struct oq_table *table;	  /* owned; NULL where it failed */
};

struct oq_subject {
	const struct oq_env *env;
	const char *name;	 /* of the link; NULL: unknown */
	struct oq_h5_dset *dset; /* this or 'frame' is not NULL */
	const struct oq_frame *frame;
	const struct oq_dtype *type; /* of an element, or of the fields that
					 a slice chose */
	enum oq_space space;
	unsigned rank; /* of the whole object, as is what follows */
	const uint64_t *dims;
	uint64_t nelems;
	uint64_t nbytes; /* of all elements; OQ_WIRE_UNKNOWN: too many */
	int refused;	 /* why its data cannot be read, -errno; or 0 */
	struct oq_sketch *sketch; /* borrowed; while views are offered */
};

/* The address of an object as the wire numbers it (OQ_WIRE_ROOT: the root). */
uint64_t oq_subject_address(const struct oq_env *env, uint64_t object);

/* Describe a dataset or a frame, which is borrowed.  'name', the link's, may be
 * NULL. */
void oq_subject_of_dataset(const struct oq_env *env, struct oq_h5_dset *d,
			   const char *name, struct oq_subject *s);
void oq_subject_of_frame(const struct oq_env *env, const struct oq_frame *f,
			 struct oq_subject *s);

/* The table of the dataset, owned by the sketch.  0 or -errno. */
int oq_subject_sketch(const struct oq_subject *s, const struct oq_table **t);
void oq_sketch_drop(struct oq_sketch *k);

/* Change the type of its elements, to the fields that a slice chooses. */
void oq_subject_set_type(struct oq_subject *s, const struct oq_dtype *t);

/* Whether elements have a fixed size and all of their bytes can be shown. */
bool oq_subject_is_fixed(const struct oq_subject *s);

/* Rows of the subject's csv, and of each of its parts (0: it is one file). */
void oq_subject_rows(const struct oq_subject *s, uint64_t *rows,
		     uint64_t *part_rows);

/* The most raw bytes in each part of a large csv. */
#define OQ_PART_BYTES ((uint64_t)64 << 20)

#endif
