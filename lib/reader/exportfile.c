/* SPDX-License-Identifier: MIT */
/* exportfile.c - an export of the engine's as a file */

#include "lib/reader/exportfile.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/file/textfile.h"

/* Never changed once it is shared. */
struct export_text {
	struct oq_text text; /* first: a text is its export */
	struct oq_export *e; /* owned */
};

static struct oq_export *export_of(struct oq_text *t)
{
	return ((struct export_text *)t)->e;
}

static int prepare(struct oq_text *t, const struct oq_progress *p,
		   struct oq_err *err)
{
	struct oq_export *e = export_of(t);

	return e->prepare(e, p, err);
}

static int render(struct oq_text *t, uint64_t first, size_t n,
		  struct oq_buf *out, struct oq_err *err)
{
	struct oq_export *e = export_of(t);

	return e->render(e, first, n, out, err);
}

static void close_text(struct oq_text *t)
{
	oq_export_close(export_of(t));
	free(t);
}

int oq_exportfile_open(const struct oq_env *env, struct oq_export *e,
		       struct oq_file **out, struct oq_err *err)
{
	struct export_text *x = calloc(1, sizeof(*x));

	if (!x) {
		oq_export_close(e);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	x->e = e;
	x->text = (struct oq_text){
		.head = e->head,
		.nrows = e->nrows,
		.block_rows = e->block_rows,
		.held = e->held,
		.prepare = e->prepare ? prepare : NULL,
		.render = render,
		.close = close_text,
	};
	e->head = (struct oq_buf){ 0 };
	return oq_textfile_open(env, &x->text, out, err);
}
