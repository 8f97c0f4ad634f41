/* SPDX-License-Identifier: MIT */
/* sheetsource.h - the rows of a sheet as a table of typed columns
 *
 *	stored in the file        as it is there: its own type
 *	computed, looked up       64-bit integers, doubles (or floats of four
 *	                          bytes, if that is what they were), texts
 *
 * Nothing is rounded, and the rows are in the order of the file.
 */
#ifndef OQ_SHEETSOURCE_H
#define OQ_SHEETSOURCE_H

#include "lib/base/err.h"
#include "lib/engine/export.h"

/* The function columns of struct oq_export. */
int oq_sheet_columns(struct oq_export *e, struct oq_exportcolumns *out,
		     struct oq_err *err);

#endif
