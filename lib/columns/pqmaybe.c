/* SPDX-License-Identifier: MIT */
/* pqmaybe.c - values that may be missing: date-times, spans, masked ones */

#include "lib/columns/pqmaybe.h"

#include "lib/columns/pqcell.h"
#include "lib/type/datetime.h"

/* One step of NumPy's unit is 'scale' steps of Parquet's; 0: Parquet has no
 * unit for it. */
static const struct unit {
	enum oq_pqtype type;
	int64_t scale;
} units[] = {
	[OQ_WEEK] = { OQ_PQ_MILLIS, INT64_C(7) * 24 * 3600 * 1000 },
	[OQ_DAY] = { OQ_PQ_MILLIS, INT64_C(24) * 3600 * 1000 },
	[OQ_HOUR] = { OQ_PQ_MILLIS, INT64_C(3600) * 1000 },
	[OQ_MINUTE] = { OQ_PQ_MILLIS, INT64_C(60) * 1000 },
	[OQ_SECOND] = { OQ_PQ_MILLIS, 1000 },
	[OQ_MILLI] = { OQ_PQ_MILLIS, 1 },
	[OQ_MICRO] = { OQ_PQ_MICROS, 1 },
	[OQ_NANO] = { OQ_PQ_NANOS, 1 },
	[OQ_ATTO] = { OQ_PQ_INT64, 0 },
};

static void set_date(struct oq_pqcol *col, struct oq_pqorigin *o)
{
	const struct unit *u = &units[o->type->unit];

	o->from = u->scale ? OQ_PQ_MOMENT : OQ_PQ_TEXT;
	col->type = u->scale ? u->type : OQ_PQ_STRING;
}

static void set_base(struct oq_pqcol *col, struct oq_pqorigin *o)
{
	const struct oq_dtype *base = o->type->base;
	bool is_cell = oq_pqcell_is(base);

	o->from = is_cell ? OQ_PQ_CELL : OQ_PQ_TEXT;
	col->type = is_cell ? oq_pqcell_type(base) : OQ_PQ_STRING;
}

bool oq_pqmaybe_set(struct oq_pqcol *col, struct oq_pqorigin *o)
{
	const struct oq_dtype *t = o->type;

	if (t->cls == OQ_MASKED) {
		set_base(col, o);
	} else if (t->cls == OQ_DATETIME && oq_datetime_is_date(t)) {
		set_date(col, o);
	} else if (t->cls == OQ_DATETIME || t->cls == OQ_TIMEDELTA) {
		o->from = OQ_PQ_MOMENT;
		col->type = OQ_PQ_INT64;
	} else {
		return false;
	}
	col->nest = OQ_PQ_NULLABLE;
	return true;
}

bool oq_pqmaybe_is_missing(const struct oq_dtype *t, const uint8_t *elem)
{
	if (t->cls == OQ_MASKED)
		return elem[t->base->size] != 0;
	return oq_datetime_get(t, elem) == INT64_MIN;
}

const struct oq_dtype *oq_pqmaybe_type(const struct oq_dtype *t)
{
	return t->cls == OQ_MASKED ? t->base : t;
}

bool oq_pqmaybe_number(const struct oq_dtype *t, const uint8_t *elem,
		       int64_t *v)
{
	int64_t scale = 1;

	*v = oq_datetime_get(t, elem);
	if (!oq_datetime_is_date(t))
		return true;
	return !__builtin_mul_overflow(units[t->unit].scale,
				       (int64_t)t->multiple, &scale) &&
	       !__builtin_mul_overflow(*v, scale, v);
}
