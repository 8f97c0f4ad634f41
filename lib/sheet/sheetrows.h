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

/* Worker: values of a column for rows [first, first + n) of the table, as they
 * are stored; of its part only.  Texts that are elements of their own are not
 * to be had like this. */
int oq_sheet_stored(struct oq_sheet *s, size_t column, uint64_t first, size_t n,
		    void *out, struct oq_err *err);

#endif
