/* SPDX-License-Identifier: MIT */
/* load.h - elements of a file as doubles, integers or texts
 *
 * Exports are made of these three kinds of values only.  An element of any
 * other type is refused when its loader is made.  Any thread.
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

/* A borrowed text; not NUL-terminated. */
struct oq_span_text {
	const char *s;
	size_t n;
};

/* How to load elements of one type. */
struct oq_load {
	enum oq_valtype type; /* of the values */
	bool single;	      /* the elements are floats of four bytes */
	bool is_bool;	      /* the elements are bools, the values 0 or 1 */
	bool big;	      /* the elements are unsigned, of eight bytes */
	size_t bytes;	      /* of an element */
	const struct oq_dtype *from;
	const struct oq_scalar *scalar;
};

/* Make a loader for type 't', which it borrows.  0, or -EIO with the reason. */
int oq_load_init(struct oq_load *l, const struct oq_dtype *t,
		 struct oq_err *err);

/* The same for a field of such compounds ("a.b" is one inside a compound), or
 * for the elements where 'field' is NULL; '*offset' is the field's place in an
 * element, in bytes.  -ENOENT where there is no such field. */
int oq_load_field(struct oq_load *l, const struct oq_dtype *t,
		  const char *field, size_t *offset, struct oq_err *err);

/* Write the values of 'n' elements, 'stride' bytes apart, to 'out': doubles,
 * int64_t or struct oq_span_text, by 'type'.  Texts point into the elements.
 * Returns 0, or -EIO for an integer above INT64_MAX. */
int oq_load_run(const struct oq_load *l, const uint8_t *from, size_t stride,
		size_t n, void *out, struct oq_err *err);

/* Bytes of one value in such an array. */
static inline size_t oq_valtype_bytes(enum oq_valtype t)
{
	return t == OQ_VAL_TEXT ? sizeof(struct oq_span_text) : 8;
}

/* The type of a member of a compound by its name, "a.b" for nested ones; NULL
 * where there is none.  Adds the member's offset to '*offset'. */
const struct oq_dtype *oq_load_member(const struct oq_dtype *t,
				      const char *name, size_t *offset);

#endif
