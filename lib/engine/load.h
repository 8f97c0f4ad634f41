/* SPDX-License-Identifier: MIT */
/* load.h - elements of a file as doubles, integers or texts
 *
 * Three kinds of values are all that exports are made of.  An element of any
 * other type is refused when its loader is made.
 */
#ifndef OQ_LOAD_H
#define OQ_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/type/dtype.h"
#include "lib/type/number.h"

enum oq_valtype { OQ_VAL_F64, OQ_VAL_I64, OQ_VAL_TEXT };

/* A text that is somebody else's; not NUL-terminated. */
struct oq_span_text {
	const char *s;
	size_t n;
};

struct oq_load {
	enum oq_valtype type;
	bool single;  /* a float of four bytes */
	bool is_bool; /* an integer that is 0 or 1 */
	bool big;     /* unsigned and of eight bytes */
	size_t bytes; /* of an element */
	const struct oq_dtype *from;
	const struct oq_scalar *scalar;
};

/* Returns 0 or -EIO with the reason. 't' is borrowed. */
int oq_load_init(struct oq_load *l, const struct oq_dtype *t,
		 struct oq_err *err);

/* 'n' elements, 'stride' bytes apart, as doubles, int64_t or texts (by
 * 'type').  Returns 0, or -EIO for an integer out of range. */
int oq_load_run(const struct oq_load *l, const uint8_t *from, size_t stride,
		size_t n, void *out, struct oq_err *err);

/* Bytes of one value in such an array. */
static inline size_t oq_valtype_bytes(enum oq_valtype t)
{
	return t == OQ_VAL_TEXT ? sizeof(struct oq_span_text) : 8;
}

/* A member of a compound by its name; "a.b" of one inside.  Adds to 'offset';
 * NULL where there is none. */
const struct oq_dtype *oq_load_member(const struct oq_dtype *t,
				      const char *name, size_t *offset);

#endif
