/* SPDX-License-Identifier: MIT */
/* pytext.h - Python's repr of what a comment line says
 *
 * The first line of most exports is a comment: key=repr(value) of the
 * calculation and of the file, joined by ", ".
 */
#ifndef OQ_PYTEXT_H
#define OQ_PYTEXT_H

#include <json-c/json.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/engine/values.h"

/* The repr of a parsed JSON value, of which objects are dicts. */
void oq_py_put_json(struct json_object *v, struct oq_buf *out);
void oq_py_put_text(const char *s, struct oq_buf *out);
void oq_py_put_f64(double v, struct oq_buf *out);
void oq_py_put_i64(int64_t v, struct oq_buf *out);
/* A list of 'n' values from 'first' on. */
void oq_py_put_values(const struct oq_values *v, uint64_t first, uint64_t n,
		      struct oq_buf *out);

/* Append "key=", after a comma where something is before it. */
void oq_comment_key(struct oq_buf *out, const char *key);

#endif
