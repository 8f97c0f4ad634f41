/* SPDX-License-Identifier: MIT */
/* finish.c - a sheet that is complete: its head, and how it is read */

#include "lib/sheet/finish.h"

#include <errno.h>
#include <string.h>

#include "lib/base/num.h"
#include "lib/base/quote.h"
#include "lib/sheet/sheetrows.h"
#include "lib/sheet/sheetsource.h"

/* What is rendered at a time, in bytes, and a guess at a cell. */
#define BLOCK_BYTES (128 << 10)
#define CELL_BYTES  14

/* ---- the head ---- */

static void put_comment(const struct oq_buf *comment, size_t ncells,
			struct oq_buf *out)
{
	oq_buf_puts(out, "#,");
	for (size_t i = 2; i < ncells; i++)
		oq_buf_putc(out, ',');
	oq_csv_put_field(comment->data, comment->len, out);
	oq_buf_puts(out, "\r\n");
}

static void put_head(struct oq_sheet *s)
{
	struct oq_buf *out = &s->export.head;
	size_t shown = 0;

	for (size_t i = 0; i < s->ncolumns; i++)
		shown += !s->columns[i].hidden;
	if (s->comment.len)
		put_comment(&s->comment, shown, out);
	shown = 0;
	for (size_t i = 0; i < s->ncolumns; i++) {
		if (s->columns[i].hidden)
			continue;
		if (shown++)
			oq_buf_putc(out, ',');
		oq_csv_put_field(s->columns[i].name, strlen(s->columns[i].name),
				 out);
	}
	oq_buf_puts(out, "\r\n");
}

/* A row must be there in every part. */
static int check_parts(const struct oq_sheet *s, struct oq_err *err)
{
	uint64_t need;

	for (size_t i = 0; i < s->nparts; i++)
		if (oq_mul_overflows(s->parts[i].width, s->export.nrows,
				     &need) ||
		    need > s->parts[i].source->nelems)
			return oq_err_set(err, -EIO,
					  "an array has fewer rows than "
					  "another that goes with it");
	return 0;
}

/* Pandas writes True and False, where the engine's own writer has 1 and 0. */
static void name_truths(struct oq_sheet *s)
{
	for (size_t i = 0; i < s->ncolumns; i++)
		if (s->columns[i].load.is_bool &&
		    s->columns[i].type == OQ_VAL_I64)
			s->columns[i].form = OQ_FORM_TRUTH;
}

static void close_export(struct oq_export *e)
{
	oq_sheet_close((struct oq_sheet *)e);
}

int oq_sheet_finish(struct oq_sheet *s, struct oq_err *err)
{
	int e = check_parts(s, err);

	if (!e && s->is_short)
		e = oq_err_set(err, -EIO, "columns that differ in length");
	if (e < 0)
		return e;
	if (s->frame)
		name_truths(s);
	put_head(s);
	if (s->failed || oq_buf_failed(&s->comment) ||
	    oq_buf_failed(&s->export.head))
		return oq_err_set(err, -ENOMEM, "no memory");
	s->order.nrows = s->export.nrows;
	s->export.block_rows =
		BLOCK_BYTES / (CELL_BYTES * (s->ncolumns + 1)) + 16;
	s->export.render = oq_sheet_render;
	s->export.prepare = s->prepare || s->keys ? oq_sheet_prepare : NULL;
	s->export.columns = oq_sheet_columns;
	s->export.close = close_export;
	s->export.held += sizeof(*s) + s->ncolumns * sizeof(*s->columns);
	return 0;
}
