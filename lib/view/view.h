/* SPDX-License-Identifier: MIT */
/* view.h - what each kind of view says and does in a reader
 *
 * A view is one file of lib/view and one row of lib/base/views.h.  It answers
 * two questions about an object: do you show it, and give me that file.
 *
 *	entry.c    for each link of a group:  oq_offer_make() -> the listing
 *	open.c     for the first VIEW or READ: oq_open_view()  -> an oq_file
 *
 * All of it runs on the main thread.
 */
#ifndef OQ_VIEW_H
#define OQ_VIEW_H

#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/views.h"
#include "lib/data/content.h"
#include "lib/data/env.h"
#include "lib/ipc/wire.h"
#include "lib/view/file.h"

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

enum oq_offered {
	OQ_NOT_OFFERED,
	OQ_BY_NAME, /* opens, and is listed where the user asks for it */
	OQ_LISTED,
	OQ_INSTEAD, /* listed, and no other view is */
};

/* What is at hand while a view is opened. */
struct oq_opening {
	const struct oq_env *env;
	const struct oq_request *key;
	const struct oq_subject *subject;
	struct oq_content *content;
	const char *name; /* of the link */
};

struct oq_view_ops {
	/* Does the subject have this view?  NULL: never of elements.  Where
	 * 'size' is not NULL, '*size' (OQ_WIRE_UNKNOWN before) becomes the
	 * exact bytes of the file if that costs next to nothing. */
	enum oq_offered (*offer)(const struct oq_subject *s, uint64_t *size);
	/* Open it.  Returns 0, or a negative errno with the reason. */
	int (*open)(struct oq_opening *o, struct oq_file **out,
		    struct oq_err *err);
};

#define OQ_VIEW_ROW(ID, NAME, ...) \
	extern const struct oq_view_ops oq_view_##NAME;
OQ_VIEWS(OQ_VIEW_ROW)
#undef OQ_VIEW_ROW

const struct oq_view_ops *oq_view_ops(enum oq_view_kind v);

/* Have the elements bytes of a fixed size, all of which can be shown? */
bool oq_subject_is_fixed(const struct oq_subject *s);

/* Rows of the subject's csv, and of each of its parts (0: it is one file). */
void oq_subject_rows(const struct oq_subject *s, uint64_t *rows,
		     uint64_t *part_rows);

/* The raw bytes of each part of a large csv, at most. */
#define OQ_PART_BYTES ((uint64_t)64 << 20)

#endif
