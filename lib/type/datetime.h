/* SPDX-License-Identifier: MIT */
/* datetime.h - NumPy's date-times and time spans, as h5py stores them
 *
 * HDF5 has no type for them: h5py writes an opaque type of 8 bytes whose tag
 * is NumPy's notation, "NUMPY:<M8[us]".  An element is a signed 64-bit number
 * of steps of 'multiple' units: since 1970 in a date-time, by itself in a time
 * span.  INT64_MIN is NaT, "not a time".  The text is:
 *
 *	OQ_DATETIME   ISO 8601 as str() of NumPy: as precise as the unit, no
 *	              zone, years of four digits or more
 *	OQ_TIMEDELTA  the number of steps; also of a date-time without a unit
 *
 * Dates are computed in 128 bits, which hold every value.  (NumPy's 64 bits
 * overflow far from now.)  Pure.
 */
#ifndef OQ_DATETIME_H
#define OQ_DATETIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/type/dtype.h"

/* -19807040628566084396385987000-12-31T23:59:59.000000000000000000 */
#define OQ_DATETIME_MAX 80

/* If 's' is NumPy's notation of a date-time or time span ("<M8[10ms]", ">m8",
 * "datetime64[us]"), fill in class, order, unit and multiple and return true;
 * else change nothing and return false. */
bool oq_datetime_parse(const char *s, struct oq_dtype *t);

/* Append the notation: "<M8[10ms]". */
void oq_datetime_put_numpy(const struct oq_dtype *t, struct oq_buf *out);

/* The name of a unit, "ms"; empty for none. */
const char *oq_datetime_unit(enum oq_unit u);

/* Whether its text is a date, not a number. */
static inline bool oq_datetime_is_date(const struct oq_dtype *t)
{
	return t->cls == OQ_DATETIME && t->unit != OQ_UNIT_NONE;
}

/* The number that is stored; INT64_MIN is NaT. */
int64_t oq_datetime_get(const struct oq_dtype *t, const void *elem);

/* Write the text of an element to 'out[OQ_DATETIME_MAX]', without a NUL.
 * Returns its length; 0 for NaT. */
size_t oq_datetime_text(const struct oq_dtype *t, const void *elem, char *out);

/* The length of the longest text of the type. */
size_t oq_datetime_max(const struct oq_dtype *t);

#endif
