/* SPDX-License-Identifier: MIT */
/* timeval.c - the 8-byte times of PyTables */

#include "lib/type/timeval.h"

#include <endian.h>
#include <string.h>

void oq_timeval_make(struct oq_dtype *t)
{
	t->cls = OQ_FLOAT;
	t->is_timeval = true;
	oq_dtype_make_ieee(t);
}

bool oq_timeval_has(const struct oq_dtype *t)
{
	if (t->is_timeval)
		return true;
	for (size_t i = 0; i < t->nmembers; i++)
		if (oq_timeval_has(t->members[i].type))
			return true;
	return t->cls == OQ_ARRAY && oq_timeval_has(t->base);
}

static void turn_one(const struct oq_dtype *t, uint8_t *elem)
{
	bool big = t->order == OQ_BE;
	uint64_t v;
	double seconds;

	memcpy(&v, elem, sizeof(v));
	v = big ? be64toh(v) : le64toh(v);
	/* In this order, for the same last digit. */
	seconds = 1e-6 * (int32_t)(uint32_t)v + (int32_t)(uint32_t)(v >> 32);
	memcpy(&v, &seconds, sizeof(v));
	v = big ? htobe64(v) : htole64(v);
	memcpy(elem, &v, sizeof(v));
}

void oq_timeval_turn(const struct oq_dtype *t, void *elems, uint64_t n)
{
	uint8_t *elem = elems;

	if (!oq_timeval_has(t))
		return;
	for (uint64_t i = 0; i < n; i++, elem += t->size) {
		if (t->is_timeval)
			turn_one(t, elem);
		for (size_t k = 0; k < t->nmembers; k++)
			oq_timeval_turn(t->members[k].type,
					elem + t->members[k].offset, 1);
		if (t->cls == OQ_ARRAY)
			oq_timeval_turn(t->base, elem, t->size / t->base->size);
	}
}
