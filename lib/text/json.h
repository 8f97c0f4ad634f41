/* SPDX-License-Identifier: MIT */
/* json.h - foreign text as JSON, within bounds
 *
 * A parsed value takes many times the bytes of its text.  Any thread.
 */
#ifndef OQ_JSON_H
#define OQ_JSON_H

#include <stddef.h>

struct json_object;

/* Parse 'n' bytes, which need no NUL behind them.  The result is the caller's,
 * for json_object_put(); NULL where the text is no JSON, where the parsed form
 * would take more than some 600 MB, or where there is no memory. */
struct json_object *oq_json_parse(const char *s, size_t n);

#endif
