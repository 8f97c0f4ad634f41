/* SPDX-License-Identifier: MIT */
/* attrtext.h - an attribute's value as the text of an extended attribute
 *
 * A scalar string is its raw text; everything else is ASCII JSON (NaN,
 * Infinity; \u escapes), so that `getfattr` prints it as it is: a number 10.0,
 * an array [1,2,3], a compound {"a":1}, an enum its bare name, a bool true, a
 * reference its bare path, an empty (null) attribute null.
 */
#ifndef OQ_ATTRTEXT_H
#define OQ_ATTRTEXT_H

#include "lib/base/buf.h"
#include "lib/type/dtype.h"
#include "lib/type/value.h"

/* 'data' is NULL for a null dataspace. */
void oq_attr_put_text(const struct oq_dtype *t, unsigned rank,
		      const uint64_t *dims, const void *data,
		      const struct oq_refs *refs, struct oq_buf *out);

#endif
