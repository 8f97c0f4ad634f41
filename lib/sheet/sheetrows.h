/* SPDX-License-Identifier: MIT */
/* sheetrows.h - the rows of a sheet: their order, their values, their text */
#ifndef OQ_SHEETROWS_H
#define OQ_SHEETROWS_H

#include "lib/sheet/sheet.h"

/* Of struct oq_export. */
int oq_sheet_render(struct oq_export *e, uint64_t first, size_t n,
		    struct oq_buf *out, struct oq_err *err);
int oq_sheet_prepare(struct oq_export *e, const struct oq_progress *p,
		     struct oq_err *err);

/* How many of 'n' rows, from the first on, follow each other. */
size_t oq_sheet_run(const uint64_t *row, size_t n);

/* Worker, after prepare(): values of a column for rows [first, first + n) of
 * the file, unrounded.  Texts live as long as 'hold' (NULL where there are
 * none), which the caller frees; they follow each other there, each with a
 * NUL. */
int oq_sheet_values(struct oq_sheet *s, size_t column, uint64_t first,
		    uint64_t n, void *out, struct oq_buf *hold,
		    struct oq_err *err);

/* Worker: values of a column for rows [first, first + n) of the table, as they
 * are stored; of its part only.  Texts that are elements of their own are not
 * to be had like this. */
int oq_sheet_stored(struct oq_sheet *s, size_t column, uint64_t first, size_t n,
		    void *out, struct oq_err *err);

#endif
