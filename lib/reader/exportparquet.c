/* SPDX-License-Identifier: MIT */
/* exportparquet.c - an export of the engine's as a Parquet file
 *
 * How many rows there are, and what is in a column, is known once the export is
 * prepared: so the file is made by the first who asks for its size or bytes.
 */

#include "lib/reader/exportparquet.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/file/pqfile.h"
#include "lib/work/once.h"

/* Set before it is shared, but for 'file': once that is made. */
struct export_parquet {
	struct oq_file base; /* first */
	const struct oq_env *env;
	struct oq_export *e; /* owned */
	struct oq_once made;
	struct oq_file *file; /* owned; borrows 'e' */
};

static int make(void *ctx, const struct oq_progress *p, struct oq_err *err)
{
	struct export_parquet *x = ctx;
	struct oq_pqfile_spec spec = { .env = x->env };
	struct oq_exportcolumns columns;
	int r = x->e->prepare ? x->e->prepare(x->e, p, err) : 0;

	if (r == 0)
		r = x->e->columns(x->e, &columns, err);
	if (r < 0)
		return r;
	spec.src = columns.source;
	spec.table = columns.table;
	spec.attributes = columns.attributes;
	return oq_pqfile_open(&spec, &x->file, err);
}

static int size(struct oq_file *s, const struct oq_progress *p, uint64_t *size,
		struct oq_err *err)
{
	struct export_parquet *x = (struct export_parquet *)s;
	int r = oq_once_do(&x->made, make, x, p, err);

	return r < 0 ? r : x->file->size(x->file, p, size, err);
}

static int ready(struct oq_file *s, uint64_t off, size_t len,
		 const struct oq_progress *p, struct oq_err *err)
{
	struct export_parquet *x = (struct export_parquet *)s;
	int r = oq_once_do(&x->made, make, x, p, err);

	return r < 0 ? r : x->file->ready(x->file, off, len, p, err);
}

static ssize_t read_bytes(struct oq_file *s, uint64_t off, size_t len,
			  uint8_t *out, struct oq_err *err)
{
	struct export_parquet *x = (struct export_parquet *)s;
	int r = oq_once_do(&x->made, make, x, NULL, err);

	return r < 0 ? r : x->file->read(x->file, off, len, out, err);
}

static void close_parquet(struct oq_file *s)
{
	struct export_parquet *x = (struct export_parquet *)s;

	if (x->file)
		oq_file_close(x->file);
	oq_export_close(x->e);
	oq_once_destroy(&x->made);
	free(x);
}

int oq_exportparquet_open(const struct oq_env *env, struct oq_export *e,
			  struct oq_file **out, struct oq_err *err)
{
	struct export_parquet *x = calloc(1, sizeof(*x));

	if (!x) {
		oq_export_close(e);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	x->base = (struct oq_file){
		.size = size,
		.ready = ready,
		.read = read_bytes,
		.close = close_parquet,
		.held = e->held,
	};
	x->env = env;
	x->e = e;
	oq_once_init(&x->made);
	*out = &x->base;
	return 0;
}
