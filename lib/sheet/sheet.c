/* SPDX-License-Identifier: MIT */
/* sheet.c - a table as an exporter writes it: putting it together */

#include "lib/sheet/sheet.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/grow.h"
#include "lib/base/num.h"

/* A file says how many there are. */
#define MAX_COLUMNS   16384
#define MAX_ROW_BYTES ((uint64_t)1 << 20)

struct oq_sheet *oq_sheet_new(const struct oq_env *env, uint64_t nrows)
{
	struct oq_sheet *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->env = env;
	s->export.nrows = nrows;
	s->order.is_stored = true;
	s->skip_zero = -1;
	return s;
}

void oq_sheet_close(struct oq_sheet *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->nparts; i++)
		oq_source_close(s->parts[i].source);
	for (size_t i = 0; i < s->ncolumns; i++)
		free(s->columns[i].name);
	for (size_t i = 0; i < s->nkept; i++)
		free(s->kept[i]);
	free(s->parts);
	free(s->columns);
	free(s->kept);
	oq_sorting_free(&s->order);
	oq_buf_free(&s->comment);
	free(s);
}

/* ---- memory ---- */

void *oq_sheet_keep(struct oq_sheet *s, void *p)
{
	if (!p ||
	    oq_grow(&s->kept, &s->kept_room, s->nkept, sizeof(*s->kept))) {
		s->failed = true;
		free(p);
		return NULL;
	}
	s->kept[s->nkept++] = p;
	return p;
}

void *oq_sheet_alloc(struct oq_sheet *s, uint64_t n, size_t size)
{
	uint64_t bytes;

	if (oq_mul_overflows(n + 1, size, &bytes) || bytes > SIZE_MAX) {
		s->failed = true;
		return NULL;
	}
	s->export.held += (size_t)bytes;
	return oq_sheet_keep(s, calloc(1, (size_t)bytes));
}

char *oq_sheet_text(struct oq_sheet *s, const char *text)
{
	return oq_sheet_keep(s, strdup(text));
}

/* ---- parts ---- */

int oq_sheet_add_part(struct oq_sheet *s, struct oq_source *source,
		      uint64_t width, unsigned *part, struct oq_err *err)
{
	uint64_t bytes;

	if (oq_mul_overflows(width, source->type->size, &bytes) ||
	    bytes > MAX_ROW_BYTES) {
		oq_source_close(source);
		return oq_err_set(err, -EFBIG, "rows of more than a MiB");
	}
	if (oq_grow(&s->parts, &s->part_room, s->nparts, sizeof(*s->parts))) {
		oq_source_close(source);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	s->parts[s->nparts] =
		(struct oq_sheetpart){ .source = source, .width = width };
	*part = (unsigned)s->nparts++;
	return 0;
}

int oq_sheet_add_dataset(struct oq_sheet *s, const struct oq_place *at,
			 const struct oq_sel *sel, uint64_t width,
			 unsigned *part, struct oq_err *err)
{
	struct oq_source *source = NULL;
	struct oq_h5_dset *d = NULL;
	int e = oq_h5_dset_open(at->env->h5, at->addr, &d, err);

	if (e < 0)
		return e;
	e = oq_source_open(at->env, d, sel, &source, err);
	if (e < 0) {
		oq_h5_dset_close(d);
		return e;
	}
	return oq_sheet_add_part(s, source, width, part, err);
}

/* ---- columns ---- */

struct oq_column *oq_sheet_add(struct oq_sheet *s, const char *name)
{
	struct oq_column *c;

	if (s->ncolumns == MAX_COLUMNS ||
	    oq_grow(&s->columns, &s->column_room, s->ncolumns,
		    sizeof(*s->columns))) {
		s->failed = true;
		s->spare = (struct oq_column){ 0 };
		return &s->spare;
	}
	c = &s->columns[s->ncolumns++];
	*c = (struct oq_column){ .name = strdup(name) };
	s->failed |= !c->name;
	return c;
}
