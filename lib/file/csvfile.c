/* SPDX-License-Identifier: MIT */
/* csvfile.c - elements of a table as csv: a text whose rows are elements */

#include <errno.h>
#include <stdlib.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/file/file.h"
#include "lib/file/textfile.h"
#include "lib/table/csv.h"

/* Elements of a block: enough to be worth a job, few enough that a seek
 * renders them in about a millisecond. */
#define BLOCK_ELEMS 16384
#define BLOCK_BYTES ((size_t)256 << 10)

/* The same for floats of more than a double's range: each can take a quarter
 * of a millisecond, and a reader that is silent for too long is killed. */
#define BLOCK_WIDE  256

/* Never changed once it is shared. */
struct csv {
	struct oq_text text;	 /* first: what the maker gets */
	struct oq_csv_spec spec; /* source and table owned */
};

/* Elements [first, first + n) of the file, to be freed with drop(). */
static int read_elems(const struct csv *c, uint64_t first, size_t n,
		      uint8_t **elems, struct oq_err *err)
{
	struct oq_source *src = c->spec.src;
	OQ_FREE uint8_t *to = malloc(n * src->type->size);
	int r;

	if (!to)
		return oq_err_set(err, -ENOMEM, "no memory for a block");
	r = oq_source_read(src, c->spec.first + first, n, to, err);
	if (r == 0)
		*elems = oq_steal(&to);
	return r;
}

static void drop(const struct csv *c, uint8_t *elems, size_t n)
{
	oq_source_release(c->spec.src, elems, n);
	free(elems);
}

static int csv_render(struct oq_text *t, uint64_t first, size_t n,
		      struct oq_buf *out, struct oq_err *err)
{
	const struct csv *c = (const struct csv *)t;
	uint8_t *elems;
	int r = read_elems(c, first, n, &elems, err);

	if (r < 0)
		return r;
	oq_csv_put(c->spec.table, c->spec.first + first, n, elems,
		   &c->spec.refs, out);
	drop(c, elems, n);
	return 0;
}

static int csv_measure(struct oq_text *t, uint64_t first, size_t n,
		       uint64_t *nbytes, struct oq_err *err)
{
	const struct csv *c = (const struct csv *)t;
	OQ_BUF struct oq_buf scratch = { 0 };
	uint8_t *elems;
	int r = read_elems(c, first, n, &elems, err);

	if (r < 0)
		return r;
	*nbytes = oq_csv_len(c->spec.table, c->spec.first + first, n, elems,
			     &c->spec.refs, &scratch);
	drop(c, elems, n);
	return oq_buf_failed(&scratch)
		       ? oq_err_set(err, -ENOMEM, "no memory for text")
		       : 0;
}

static void csv_close(struct oq_text *t)
{
	struct csv *c = (struct csv *)t;

	oq_source_close(c->spec.src);
	oq_table_free(c->spec.table);
	free(c);
}

static uint64_t block_elems(const struct oq_dtype *t)
{
	uint64_t n = oq_min_u64(BLOCK_ELEMS, BLOCK_BYTES / t->size + 1);
	uint64_t wide = oq_dtype_wide_floats(t);

	if (wide)
		n = oq_min_u64(n, BLOCK_WIDE / wide + 1);
	return n;
}

int oq_csvfile_open(const struct oq_csv_spec *spec, struct oq_file **out,
		    struct oq_err *err)
{
	struct csv *c = calloc(1, sizeof(*c));

	if (!c) {
		oq_source_close(spec->src);
		oq_table_free(spec->table);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	c->spec = *spec;
	c->text = (struct oq_text){
		.nrows = spec->n,
		.block_rows = block_elems(spec->src->type),
		.per_line = spec->table->ncols,
		.held = spec->table->nfields * sizeof(struct oq_field),
		.render = csv_render,
		.measure = csv_measure,
		.close = csv_close,
	};
	oq_csv_put_header(spec->table, &c->text.head);
	return oq_textfile_open(spec->env, &c->text, out, err);
}
