/* SPDX-License-Identifier: MIT */
/* value.h - one value of any type as a CSV field or as JSON
 *
 * Everything that shows a value to a person or a parser goes through here:
 * csv, txt, extended attributes, meta.json.
 *
 *	           CSV field              JSON
 *	number     1.5  nan  -inf         1.5  NaN  -Infinity
 *	bool       true                   true
 *	enum       its name, else number  "NAME", else number
 *	string     unpadded text          "text"
 *	opaque     hex                    "hex"
 *	sequence   JSON list, quoted      [..]
 *	array      (columns; see csv.h)   [[..],[..]]
 *	compound   (columns; see csv.h)   {"a":..}
 *	reference  path, empty if null    "path", null
 *	date-time  2020-01-02T03:04:05    "2020-01-02T03:04:05", null for NaT
 *	time span  its number, or empty   5, null
 *	masked     empty, or the value    null, or the value
 *	NULL text  empty                  null
 *
 * JSON text is UTF-8; a byte that is no UTF-8 is written \udcXX, as Python's
 * surrogateescape has it, so nothing is lost. An array or compound inside a
 * CSV field (within a sequence) is JSON.
 */
#ifndef OQ_VALUE_H
#define OQ_VALUE_H

#include <stdbool.h>

#include "lib/base/buf.h"
#include "lib/base/quote.h"
#include "lib/type/dtype.h"

/* Only libhdf5 knows what a reference leads to, so the caller lends a function.
 * It appends the path (for a region reference the path and the selection,
 * "/a/b[0:2, 3]"), nothing for a null reference, "?" where the object is gone.
 * An error sets the buffer's 'failed'. */
struct oq_refs {
	void (*put)(void *ctx, const struct oq_dtype *t, const void *elem,
		    struct oq_buf *out);
	void *ctx;
};

/* Append one CSV field, quoted only where RFC 4180 needs it: a comma, a
 * quote, CR or LF inside. 'refs' may be NULL where the type has none. */
void oq_value_put_csv(const struct oq_dtype *t, const void *elem,
		      const struct oq_refs *refs, struct oq_buf *out);

/* Append JSON.  'ascii': write what is not ASCII as \uXXXX. */
void oq_value_put_json(const struct oq_dtype *t, const void *elem,
		       const struct oq_refs *refs, bool ascii,
		       struct oq_buf *out);

/* Append an n-d array of elements as nested JSON lists; rank 0 is the bare
 * value. Elements lie 't->size' apart, row-major. */
void oq_value_put_json_array(const struct oq_dtype *t, unsigned rank,
			     const uint64_t *dims, const void *elems,
			     const struct oq_refs *refs, bool ascii,
			     struct oq_buf *out);

/* The text of a string element without its padding: '*n' bytes of 'elem' or of
 * the string that it points to.  A null-terminated text ends at its first NUL;
 * of a null-padded one the NULs at the end are left out, of a space-padded one
 * NULs and blanks.  NULL for a variable-length string that is NULL. */
const char *oq_value_str(const struct oq_dtype *t, const void *elem, size_t *n);

/* The name of an enum's value; NULL if it has none. */
const char *oq_value_symbol(const struct oq_dtype *t, const void *elem);

#endif
