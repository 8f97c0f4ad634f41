/* SPDX-License-Identifier: MIT */
/* view.h - what each kind of view says and does in a reader
 *
 * A view is one file of lib/view and one row of lib/base/views.h.  Its
 * functions answer two questions about an object: does it have this view, and
 * what file is that.
 *
 *	entry.c    for each link of a group:  oq_offer_make() -> the listing
 *	open.c     for the first VIEW or READ: oq_open_view()  -> an oq_file
 *
 * Main thread only.
 */
#ifndef OQ_VIEW_H
#define OQ_VIEW_H

#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/views.h"
#include "lib/data/content.h"
#include "lib/data/env.h"
#include "lib/file/file.h"
#include "lib/ipc/wire.h"
#include "lib/view/subject.h"

enum oq_offered {
	OQ_NOT_OFFERED,
	OQ_BY_NAME, /* opens, and is listed where the user asks for it */
	OQ_LISTED,
	OQ_INSTEAD, /* listed, and no other view is */
};

/* What a view may use while it is opened; all borrowed. */
struct oq_opening {
	const struct oq_env *env;
	const struct oq_request *key;
	const struct oq_subject *subject;
	struct oq_content *content;
	const char *name; /* of the link */
};

struct oq_view_ops {
	/* Whether the subject has this view.  NULL: no dataset or frame has
	 * it.  If 'size' is not NULL and the exact size of the file costs next
	 * to nothing to know, it is put there (before: OQ_WIRE_UNKNOWN). */
	enum oq_offered (*offer)(const struct oq_subject *s, uint64_t *size);
	/* Open the file.  Returns 0, or a negative errno with the reason. */
	int (*open)(struct oq_opening *o, struct oq_file **out,
		    struct oq_err *err);
};

#define OQ_VIEW_ROW(ID, NAME, ...) \
	extern const struct oq_view_ops oq_view_##NAME;
OQ_VIEWS(OQ_VIEW_ROW)
#undef OQ_VIEW_ROW

/* The functions of a kind of view. */
const struct oq_view_ops *oq_view_ops(enum oq_view_kind v);

#endif
