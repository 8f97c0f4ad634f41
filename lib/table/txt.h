/* SPDX-License-Identifier: MIT */
/* txt.h - a table in columns of fixed width, for people, awk and gnuplot
 *
 * Columns are right-aligned, one blank between them; every line, the header
 * included, has the same number of bytes, so the place of any row is plain
 * arithmetic.  Each column is as wide as the widest text its type can have
 * (u8 3, i32 11, f32 19, f64 24, bool 5, enum its longest name, opaque two
 * digits a byte, a string of n bytes n + 2) or its name, whichever is more;
 * those of a matrix are equal.
 *
 * Text that is empty or holds blanks, quotes, backslashes or control
 * characters is written in double quotes, with \" \\ \n \r \t \xNN, so that
 * a field stays one field.  Columns of names, labels and enums are wide enough
 * for that.  A string of n bytes whose escapes outgrow its column is cut,
 * between characters, and ends in ~": the csv has it whole.  Any thread.
 */
#ifndef OQ_TXT_H
#define OQ_TXT_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/table/table.h"

struct oq_txt; /* widths for one table; constant once made */

/* Returns 0, -EOPNOTSUPP (an element has pointers or references, so its text
 * has no bounded width, or an array too large for columns), -EOVERFLOW or
 * -ENOMEM.  't' is borrowed for life. */
int oq_txt_new(const struct oq_table *t, struct oq_txt **out,
	       struct oq_err *err);
void oq_txt_free(struct oq_txt *x);

/* Bytes of each line, newline included.  A line of a matrix has dims[1]
 * elements, any other has one. */
uint64_t oq_txt_line_bytes(const struct oq_txt *x);

/* Append the header line. */
void oq_txt_put_header(const struct oq_txt *x, struct oq_buf *out);

/* Append elements [first, first + n) as text; a run may begin and end within
 * the row of a matrix. */
void oq_txt_put(const struct oq_txt *x, uint64_t first, size_t n,
		const void *elems, struct oq_buf *out);

/* The place of element 'i' in bytes, counted from the start of the first row,
 * after the header.  Cannot overflow: oq_txt_new() checked it. */
uint64_t oq_txt_elem_off(const struct oq_txt *x, uint64_t i);

#endif
