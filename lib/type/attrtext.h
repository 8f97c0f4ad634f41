/* SPDX-License-Identifier: MIT */
/* attrtext.h - an attribute's value as the text of an extended attribute
 *
 * A scalar string is its raw text, a scalar enum its bare name, a scalar
 * reference its bare path and a scalar date-time its bare text.  All else is
 * ASCII JSON (with NaN, Infinity and \u escapes), so that `getfattr` prints it
 * as it is: 10.0, [1,2,3], {"a":1}, true; null for an attribute with a null
 * dataspace and for a null string, reference or date-time.
 */
#ifndef OQ_ATTRTEXT_H
#define OQ_ATTRTEXT_H

#include "lib/base/buf.h"
#include "lib/type/dtype.h"
#include "lib/type/value.h"

/* Append the text of an attribute's value; 'data' is NULL for a null dataspace.
 * 'refs' may be NULL where the type has no references. */
void oq_attr_put_text(const struct oq_dtype *t, unsigned rank,
		      const uint64_t *dims, const void *data,
		      const struct oq_refs *refs, struct oq_buf *out);

#endif
