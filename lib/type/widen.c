/* SPDX-License-Identifier: MIT */
/* widen.c - numbers that NumPy does not have, as the next ones that it has */

#include "lib/type/widen.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/type/oddnum.h"

static bool is_number(const struct oq_dtype *t)
{
	return t->cls == OQ_INT || t->cls == OQ_TIME || t->cls == OQ_BITFIELD ||
	       t->cls == OQ_FLOAT;
}

/* ---- types ---- */

/* The bytes of the number that 't' is widened to; 0 where it stays as it is. */
static size_t next_bytes(const struct oq_dtype *t)
{
	bool is_float = t->cls == OQ_FLOAT;

	if (oq_dtype_is_plain(t) || oq_dtype_is_x87(t))
		return 0;
	for (size_t n = is_float ? 2 : 1; n <= 8; n *= 2)
		if ((n >= t->size || n == 8) &&
		    (is_float ? oq_odd_float_fits(t, n) : oq_odd_int_fits(t)))
			return n;
	return 0;
}

static struct oq_dtype *new_number(const struct oq_dtype *t)
{
	struct oq_dtype *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->cls = t->cls == OQ_FLOAT ? OQ_FLOAT : OQ_INT;
	w->size = next_bytes(t);
	w->order = t->order == OQ_BE ? OQ_BE : OQ_LE;
	w->precision = (unsigned)w->size * 8;
	w->is_signed = oq_number_is_signed(t);
	if (w->cls == OQ_FLOAT)
		oq_dtype_make_ieee(w);
	return w;
}

/* A widened tree has nodes of its own where something below them is widened;
 * all others are those of the type that it was made of. */
static struct oq_dtype *widen_type(const struct oq_dtype *t);

static struct oq_dtype *as_it_is(const struct oq_dtype *t)
{
	return (struct oq_dtype *)(uintptr_t)t;
}

static struct oq_dtype *drop(struct oq_dtype *w, const struct oq_dtype *t)
{
	oq_widen_free(w, t);
	return NULL;
}

/* Widen the members into 'w', one behind the other.  Returns 1 where a member
 * is widened and NumPy can have the members as fields, 0 where not, or -ENOMEM.
 */
static int widen_members(const struct oq_dtype *t, struct oq_dtype *w)
{
	int changed = 0;

	w->members = calloc(t->nmembers ? t->nmembers : 1, sizeof(*w->members));
	if (!w->members)
		return -ENOMEM;
	while (w->nmembers < t->nmembers) {
		const struct oq_member *from = &t->members[w->nmembers];
		struct oq_dtype *type = widen_type(from->type);

		w->members[w->nmembers++] =
			(struct oq_member){ from->name, w->size, type,
					    from->role };
		if (!type ||
		    __builtin_add_overflow(w->size, type->size, &w->size))
			return -ENOMEM;
		changed |= type != from->type;
	}
	return changed ? oq_dtype_has_fields(t) : 0;
}

static struct oq_dtype *widen_compound(const struct oq_dtype *t)
{
	struct oq_dtype *w = calloc(1, sizeof(*w));
	int r;

	if (!w)
		return NULL;
	w->cls = OQ_COMPOUND;
	r = widen_members(t, w);
	if (r > 0)
		return w;
	(void)drop(w, t);
	return r == 0 ? as_it_is(t) : NULL;
}

/* An array, or a type with a mask. */
static struct oq_dtype *widen_around(const struct oq_dtype *t)
{
	struct oq_dtype *base = widen_type(t->base), *w;
	size_t n = t->cls == OQ_ARRAY ? t->size / t->base->size : 1;

	if (base == t->base)
		return as_it_is(t);
	w = base ? malloc(sizeof(*w)) : NULL;
	if (!w)
		return drop(base, t->base);
	*w = *t;
	w->base = base;
	if (__builtin_mul_overflow(n, base->size, &w->size) ||
	    __builtin_add_overflow(w->size, t->cls == OQ_MASKED, &w->size))
		return drop(w, t);
	return w;
}

static struct oq_dtype *widen_type(const struct oq_dtype *t)
{
	const struct oq_dtype *number = t->cls == OQ_ENUM ? t->base : t;

	if (t->cls == OQ_COMPOUND)
		return widen_compound(t);
	if (t->cls == OQ_ARRAY || t->cls == OQ_MASKED)
		return widen_around(t);
	if (is_number(number) && next_bytes(number) > 0)
		return new_number(number);
	return as_it_is(t);
}

const struct oq_dtype *oq_widen_type(const struct oq_dtype *t)
{
	return widen_type(t);
}

void oq_widen_free(const struct oq_dtype *w, const struct oq_dtype *t)
{
	if (!w || w == t)
		return;
	for (size_t i = 0; i < w->nmembers; i++)
		oq_widen_free(w->members[i].type, t->members[i].type);
	if (w->base)
		oq_widen_free(w->base, t->base);
	free(w->members);
	free((void *)(uintptr_t)w);
}

/* ---- elements ---- */

/* As all of these are exact, nothing is rounded. */
static uint64_t half_of(double v)
{
	uint64_t sign = signbit(v) ? 0x8000 : 0;
	int exp;

	v = fabs(v);
	if (isnan(v))
		return sign | 0x7e00;
	if (isinf(v))
		return sign | 0x7c00;
	if (v < 0x1p-14)
		return sign | (uint64_t)(v * 0x1p24);
	v = frexp(v, &exp) * 2 - 1;
	return sign | (uint64_t)(exp + 14) << 10 | (uint64_t)(v * 0x1p10);
}

static uint64_t float_bits(double v, size_t bytes)
{
	float narrow = (float)v;
	uint32_t half;
	uint64_t whole;

	if (bytes == 2)
		return half_of(v);
	memcpy(&half, &narrow, sizeof(half));
	memcpy(&whole, &v, sizeof(whole));
	return bytes == 4 ? half : whole;
}

static void put_number(const struct oq_dtype *t, const struct oq_dtype *w,
		       const uint8_t *elem, uint8_t *out)
{
	uint64_t v = t->cls == OQ_FLOAT
			     ? float_bits(oq_odd_float_get(t, elem), w->size)
			     : oq_odd_int_get(t, elem);

	for (size_t i = 0; i < w->size; i++)
		out[w->order == OQ_BE ? w->size - 1 - i : i] =
			(uint8_t)(v >> (8 * i));
}

void oq_widen(const struct oq_dtype *t, const struct oq_dtype *w,
	      const uint8_t *elem, uint8_t *out)
{
	size_t n = 1;

	if (w == t) {
		memcpy(out, elem, t->size);
		return;
	}
	if (is_number(w)) {
		put_number(t->cls == OQ_ENUM ? t->base : t, w, elem, out);
		return;
	}
	for (size_t i = 0; i < w->nmembers; i++)
		oq_widen(t->members[i].type, w->members[i].type,
			 elem + t->members[i].offset,
			 out + w->members[i].offset);
	if (w->cls == OQ_ARRAY)
		n = t->size / t->base->size;
	for (size_t i = 0; w->base && i < n; i++)
		oq_widen(t->base, w->base, elem + i * t->base->size,
			 out + i * w->base->size);
	if (w->cls == OQ_MASKED)
		out[w->base->size] = elem[t->base->size];
}
