/* SPDX-License-Identifier: MIT */
/* pytext.h - the values of a comment line, as Python's repr() writes them
 *
 * The first line of most exports is a comment: key=repr(value) of the
 * calculation and of the file, joined by ", ".  Pure.
 */
#ifndef OQ_PYTEXT_H
#define OQ_PYTEXT_H

#include <json-c/json.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/engine/values.h"

/* Append the repr of a value.  A JSON object becomes a dict. */
void oq_py_put_json(struct json_object *v, struct oq_buf *out);
void oq_py_put_text(const char *s, struct oq_buf *out);
void oq_py_put_f64(double v, struct oq_buf *out);
void oq_py_put_i64(int64_t v, struct oq_buf *out);
/* Append a list of 'n' values, from 'first' on. */
void oq_py_put_values(const struct oq_values *v, uint64_t first, uint64_t n,
		      struct oq_buf *out);

/* Append "key=", with ", " before it unless the buffer is empty. */
void oq_comment_key(struct oq_buf *out, const char *key);

#endif
