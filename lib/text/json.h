/* SPDX-License-Identifier: MIT */
/* json.h - foreign text as JSON, within bounds
 *
 * A parsed value takes many times the bytes of its text.  Any thread.
 */
#ifndef OQ_JSON_H
#define OQ_JSON_H

#include <stddef.h>

struct json_object;

/* Bytes that a parsed form may take: labels of millions of assets, and
 * parameters, which are a few kilobytes of text. */
#define OQ_JSON_LABELS ((size_t)512 << 20)
#define OQ_JSON_PARAM  ((size_t)96 << 20)

/* Parse 'n' bytes, which need no NUL behind them.  The result is the caller's,
 * for json_object_put(); NULL where the text is no JSON, where the parsed form
 * would take more than some 'max' bytes, or where there is no memory. */
struct json_object *oq_json_parse(const char *s, size_t n, size_t max);

#endif
