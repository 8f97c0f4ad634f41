/* SPDX-License-Identifier: MIT */
/* pqstat.c - the least and the greatest integer of a column's chunk */

#include "lib/parquet/pqstat.h"

#include <string.h>

#include "lib/base/num.h"

/* ---- numbers in memory ---- */

/* The least and the greatest so far.  Of unsigned numbers what their highest
 * bit would be worth is subtracted, so that all are compared as signed ones. */
struct range {
	int64_t min, max;
};

/* As many numbers at once as the machine compares: a function for each width,
 * of numbers that follow each other in the machine's byte order.  It extends
 * '*r' and returns how many of the 'n' numbers it looked at.  There is none for
 * 8 bytes, which not every machine compares more than one of at a time. */
#define RANGE(bits)                                                           \
	static size_t range_##bits(const uint8_t *p, size_t n, uint64_t turn, \
				   struct range *r)                           \
	{                                                                     \
		typedef int##bits##_t lanes __attribute__((vector_size(16))); \
		const size_t each = sizeof(lanes) / sizeof(int##bits##_t);    \
		const lanes none = { 0 };                                     \
		lanes min = none + INT##bits##_MAX;                           \
		lanes max = none + INT##bits##_MIN;                           \
		size_t at = 0;                                                \
                                                                              \
		for (; at + each <= n; at += each) {                          \
			lanes v, less, more;                                  \
                                                                              \
			memcpy(&v, p + at * sizeof(v[0]), sizeof(v));         \
			v ^= none + (int##bits##_t)turn;                      \
			less = v < min;                                       \
			more = v > max;                                       \
			min = (v & less) | (min & ~less);                     \
			max = (v & more) | (max & ~more);                     \
		}                                                             \
		for (size_t i = 0; i < each; i++) {                           \
			r->min = oq_min_i64(r->min, min[i]);                  \
			r->max = oq_max_i64(r->max, max[i]);                  \
		}                                                             \
		return at;                                                    \
	}
RANGE(8)
RANGE(16)
RANGE(32)

static size_t range_many(const struct oq_pqcells *c, size_t n, uint64_t turn,
			 struct range *r)
{
	if (c->stride != c->nbytes ||
	    c->is_big != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__))
		return 0;
	switch (c->nbytes) {
	case 1:
		return range_8(c->p, n, turn, r);
	case 2:
		return range_16(c->p, n, turn, r);
	case 4:
		return range_32(c->p, n, turn, r);
	default:
		return 0;
	}
}

struct oq_pqstat oq_pqstat_of(const struct oq_pqcells *cells, size_t n)
{
	/* Minus two to the power of the highest bit. */
	uint64_t turn =
		cells->is_signed ? 0 : UINT64_MAX << (8 * cells->nbytes - 1);
	struct range r = { INT64_MAX, INT64_MIN };
	uint64_t v[OQ_PQCELLS_BLOCK];

	for (size_t at = range_many(cells, n, turn, &r), now; at < n;
	     at += now) {
		now = oq_min_u64(n - at, OQ_PQCELLS_BLOCK);
		oq_pqcells_load(cells, at, now, v);
		for (size_t i = 0; i < now; i++) {
			r.min = oq_min_i64(r.min, (int64_t)(v[i] + turn));
			r.max = oq_max_i64(r.max, (int64_t)(v[i] + turn));
		}
	}
	return (struct oq_pqstat){ (uint64_t)r.min - turn,
				   (uint64_t)r.max - turn };
}

/* ---- a column's ---- */

/* What makes unsigned comparison right for signed numbers. */
static uint64_t flip(const struct oq_pqcol *c)
{
	return oq_pqcol_is_unsigned(c) ? 0 : (uint64_t)1 << 63;
}

void oq_pqstat_join(const struct oq_pqcol *c, struct oq_pqstat *s,
		    const struct oq_pqstat *more)
{
	uint64_t f = flip(c);

	if ((more->min ^ f) < (s->min ^ f))
		s->min = more->min;
	if ((more->max ^ f) > (s->max ^ f))
		s->max = more->max;
}

static void put_value(const struct oq_pqcol *c, uint64_t v, int id,
		      struct oq_thrift *t)
{
	uint8_t bytes[8];

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(v >> (8 * i));
	oq_thrift_binary(t, id, bytes, oq_pqcol_width(c));
}

void oq_pqstat_put(const struct oq_pqcol *c, const struct oq_pqstat *s, int id,
		   struct oq_thrift *t)
{
	enum { NULL_COUNT = 3, MAX_VALUE = 5, MIN_VALUE, MAX_EXACT, MIN_EXACT };

	oq_thrift_open(t, id);
	oq_thrift_i64(t, NULL_COUNT, 0);
	put_value(c, s->max, MAX_VALUE, t);
	put_value(c, s->min, MIN_VALUE, t);
	oq_thrift_bool(t, MAX_EXACT, true);
	oq_thrift_bool(t, MIN_EXACT, true);
	oq_thrift_close(t);
}
