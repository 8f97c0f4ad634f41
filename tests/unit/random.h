/* SPDX-License-Identifier: MIT */
/* random.h - element types and elements made by chance, the same each time */
#ifndef TESTS_RANDOM_H
#define TESTS_RANDOM_H

#include "tests/unit/types.h"

/* Where chance comes from, and what was allocated for elements. */
struct chance {
	uint64_t x;
	void *kept[4096];
	size_t nkept;
};

static inline uint64_t chance(struct chance *c, uint64_t n)
{
	c->x ^= c->x << 13;
	c->x ^= c->x >> 7;
	c->x ^= c->x << 17;
	return c->x % n;
}

static inline void *keep(struct chance *c, size_t n)
{
	void *p = zeroed(n);

	assert_true(c->nkept < COUNT(c->kept));
	c->kept[c->nkept++] = p;
	return p;
}

static inline void free_kept(struct chance *c)
{
	while (c->nkept > 0)
		free(c->kept[--c->nkept]);
}

/* Text that has it all. */
static inline void fill_text(struct chance *c, char *s, size_t n)
{
	static const char some[] = "abcXYZ012 ,\"\n\r\t\\'~\xc3\xa9";

	for (size_t i = 0; i < n; i++)
		s[i] = some[chance(c, sizeof(some) - 1)];
	if (n > 0 && chance(c, 3) == 0)
		memset(s + chance(c, n), chance(c, 2) ? ' ' : '\0', 1);
}

static inline struct oq_dtype *random_simple(struct chance *c)
{
	enum oq_order order = chance(c, 2) ? OQ_LE : OQ_BE;
	struct oq_dtype *t;

	switch (chance(c, 9)) {
	case 0:
		return mk_int(1ull << chance(c, 4), chance(c, 2), order);
	case 1:
		return mk_float(2ull << chance(c, 4), order);
	case 2:
		return mk_bool();
	case 3:
		t = mk_enum(mk_int(1, false, order));
		for (uint8_t i = 0; i < 100; i++)
			add_symbol(t, i % 2 ? "name" : "a \"name\", odd", i);
		return t;
	case 4:
		return mk_str(1 + chance(c, 12), (enum oq_strpad)chance(c, 3));
	case 5:
		return mk_opaque(1 + chance(c, 5), "");
	case 6:
		t = mk_int(1 + chance(c, 20), chance(c, 2), order);
		t->precision = 1 + (unsigned)chance(c, t->precision);
		return t;
	case 7:
		return mk_x87();
	default:
		return mk_float(8, OQ_LE);
	}
}

/* 'depth': how far down compounds and arrays go; 'fixed': no pointers. */
static inline struct oq_dtype *random_type(struct chance *c, unsigned depth,
					   bool fixed)
{
	uint64_t what = chance(c, 12);
	struct oq_dtype *t;
	size_t at = 0;

	if (what == 0 && !fixed)
		return mk_vstr();
	if (what == 1 && !fixed && depth > 0)
		return mk_vlen(random_type(c, depth - 1, fixed));
	if (what < 4 && depth > 0)
		return mk_array(random_type(c, depth - 1, fixed),
				1 + (unsigned)chance(c, 2), 1 + chance(c, 3),
				1 + chance(c, 2));
	if (what >= 8 || depth == 0)
		return random_simple(c);
	t = mk_compound(0);
	for (uint64_t i = 1 + chance(c, 4); i-- > 0;) {
		struct oq_dtype *part = random_type(c, depth - 1, fixed);
		static const char *const names[] = { "a", "b c", "d,", "" };

		at += chance(c, 2) * 4;
		add_member(t, names[i], at, part);
		at += part->size;
	}
	t->size = at + chance(c, 3);
	return t;
}

static inline void fill(struct chance *c, const struct oq_dtype *t,
			uint8_t *elem);

static inline void fill_vlen(struct chance *c, const struct oq_dtype *t,
			     uint8_t *elem)
{
	struct oq_vlen v = { .len = chance(c, 4) };
	uint8_t *items = v.len ? keep(c, v.len * t->base->size) : NULL;

	for (size_t i = 0; i < v.len; i++)
		fill(c, t->base, items + i * t->base->size);
	v.p = items;
	memcpy(elem, &v, sizeof(v));
}

static inline void fill(struct chance *c, const struct oq_dtype *t,
			uint8_t *elem)
{
	char *text = NULL;

	switch (t->cls) {
	case OQ_STRING:
		fill_text(c, (char *)elem, t->size);
		return;
	case OQ_VSTRING:
		if (chance(c, 4)) {
			size_t n = chance(c, 9);

			text = keep(c, n + 1);
			fill_text(c, text, n);
		}
		memcpy(elem, &text, sizeof(text));
		return;
	case OQ_MASKED:
		fill(c, t->base, elem);
		elem[t->base->size] = (uint8_t)chance(c, 2);
		return;
	case OQ_VLEN:
		fill_vlen(c, t, elem);
		return;
	case OQ_ARRAY:
		for (size_t at = 0; at < t->size; at += t->base->size)
			fill(c, t->base, elem + at);
		return;
	case OQ_COMPOUND:
		for (size_t i = 0; i < t->nmembers; i++)
			fill(c, t->members[i].type,
			     elem + t->members[i].offset);
		return;
	case OQ_INT:
	case OQ_FLOAT:
	case OQ_TIME:
	case OQ_BITFIELD:
	case OQ_OPAQUE:
	case OQ_ENUM:
	case OQ_OBJREF:
	case OQ_REGREF:
	case OQ_DATETIME:
	case OQ_TIMEDELTA:
		for (size_t i = 0; i < t->size; i++)
			elem[i] = (uint8_t)chance(c, 256);
		if (t->size == 1)
			elem[0] %= 3;
		return;
	}
}

#endif
