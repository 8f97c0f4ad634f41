/* SPDX-License-Identifier: MIT */
/* quote.h - text as a JSON string, a CSV field or a Python literal
 *
 * Text from a file is any bytes, mostly UTF-8.  JSON and Python text know
 * characters only: there a byte that is not UTF-8 is written \udcXX, as
 * Python's surrogateescape has it, so nothing is lost.
 */
#ifndef OQ_QUOTE_H
#define OQ_QUOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"

/* The first character of 's[n]': returns how many bytes it takes, or 0 if
 * they are not UTF-8 (overlong forms and surrogates are not) or 'n' is 0. */
size_t oq_utf8_get(const char *s, size_t n, uint32_t *cp);

/* Whether all of it is UTF-8. */
bool oq_utf8_is(const char *s, size_t n);

/* Append a JSON string, its quotes included.  'ascii': write all that is not
 * printable ASCII as \uXXXX; else UTF-8 stays. */
void oq_json_put_str(const char *s, size_t n, bool ascii, struct oq_buf *out);

/* Append a CSV field, quoted only where RFC 4180 needs it: a comma, a quote,
 * CR or LF inside. */
void oq_csv_put_field(const char *s, size_t n, struct oq_buf *out);

/* Make the bytes from 'start' to the end of the buffer one CSV field. */
void oq_csv_quote_tail(struct oq_buf *out, size_t start);

/* Append Python's repr() of a str.  UTF-8. */
void oq_py_put_str(const char *s, size_t n, struct oq_buf *out);

#endif
