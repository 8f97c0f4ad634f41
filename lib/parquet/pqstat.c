/* SPDX-License-Identifier: MIT */
/* pqstat.c - the least and the greatest integer of a column's chunk */

#include "lib/parquet/pqstat.h"

#include "lib/base/num.h"

/* What makes unsigned comparison right for signed numbers. */
static uint64_t flip(const struct oq_pqcol *c)
{
	return oq_pqcol_is_unsigned(c) ? 0 : (uint64_t)1 << 63;
}

struct oq_pqstat oq_pqstat_of(const struct oq_pqcol *c,
			      const struct oq_pqcells *cells, size_t n)
{
	uint64_t f = flip(c), min = UINT64_MAX, max = 0;
	uint64_t v[OQ_PQCELLS_BLOCK];

	for (size_t at = 0, now; at < n; at += now) {
		now = oq_min_u64(n - at, OQ_PQCELLS_BLOCK);
		oq_pqcells_load(cells, at, now, v);
		for (size_t i = 0; i < now; i++) {
			min = oq_min_u64(min, v[i] ^ f);
			max = oq_max_u64(max, v[i] ^ f);
		}
	}
	return (struct oq_pqstat){ min ^ f, max ^ f };
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
