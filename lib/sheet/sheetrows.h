/* SPDX-License-Identifier: MIT */
/* sheetrows.h - the rows of a sheet: their order, their values, their text */
#ifndef OQ_SHEETROWS_H
#define OQ_SHEETROWS_H

#include "lib/sheet/sheet.h"

/* The functions render and prepare of struct oq_export. */
int oq_sheet_render(struct oq_export *e, uint64_t first, size_t n,
		    struct oq_buf *out, struct oq_err *err);
int oq_sheet_prepare(struct oq_export *e, const struct oq_progress *p,
		     struct oq_err *err);

/* How many of the 'n' > 0 rows, from the first on, are consecutive. */
size_t oq_sheet_run(const uint64_t *row, size_t n);

/* Worker, after prepare(): write the values of a column for rows [first, first
 * + n) of the file to 'out', unrounded.  The bytes of texts are in 'hold', one
 * after the other, each with a NUL; the caller frees it ('hold' is NULL for
 * columns of numbers).  0, or a negative errno with the reason. */
int oq_sheet_values(struct oq_sheet *s, size_t column, uint64_t first,
		    uint64_t n, void *out, struct oq_buf *hold,
		    struct oq_err *err);

/* Worker: write the values of a column for rows [first, first + n) of the table
 * to 'out', without the order of the file.  Only the column's own part is read.
 * Not for texts, which would point into elements that are freed. */
int oq_sheet_stored(struct oq_sheet *s, size_t column, uint64_t first, size_t n,
		    void *out, struct oq_err *err);

#endif
