/* SPDX-License-Identifier: MIT */
/* fields.h - some fields of a compound's elements
 *
 * What NumPy's a['mag'] and a[['id', 'mag']] give: one name makes the field
 * itself the element, several a packed compound of them in the order named.
 * "a.b" is a field of a nested compound, and goes by that name.
 */
#ifndef OQ_FIELDS_H
#define OQ_FIELDS_H

#include <stddef.h>

#include "lib/base/err.h"
#include "lib/data/source.h"
#include "lib/type/dtype.h"

struct oq_fields;

/* Choose fields of 't', which is borrowed for the life of the result.
 * Returns 0, -ENOENT (no compound, no such field, one named twice) or
 * -ENOMEM. */
int oq_fields_new(const struct oq_dtype *t, const char *const *names, size_t n,
		  struct oq_fields **out, struct oq_err *err);
void oq_fields_free(struct oq_fields *f);

/* A source of these fields.  Elements are packed; but if those of 'src' have
 * pointers they stay as they are, and the type has the chosen members at their
 * places in the whole element.  Takes over 'f' and 'src', also on failure. */
int oq_fields_open(struct oq_fields *f, struct oq_source *src,
		   struct oq_source **out, struct oq_err *err);

/* The type of the packed element. */
const struct oq_dtype *oq_fields_packed(const struct oq_fields *f);

#endif
