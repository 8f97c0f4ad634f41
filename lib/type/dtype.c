/* SPDX-License-Identifier: MIT */
/* dtype.c - what one element of a dataset or an attribute is made of */

#include "lib/type/dtype.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/quote.h"

void oq_dtype_free(struct oq_dtype *t)
{
	if (!t)
		return;
	for (size_t i = 0; t->members && i < t->nmembers; i++) {
		free(t->members[i].name);
		oq_dtype_free(t->members[i].type);
	}
	for (size_t i = 0; t->symbols && i < t->nsymbols; i++) {
		free(t->symbols[i].name);
		free(t->symbols[i].value);
	}
	free(t->members);
	free(t->symbols);
	free(t->tag);
	oq_dtype_free(t->base);
	free(t);
}

/* Whether 't' or a part of it is of a class in the set (bits by class). */
static bool has_class(const struct oq_dtype *t, unsigned set)
{
	if (set >> t->cls & 1)
		return true;
	for (size_t i = 0; i < t->nmembers; i++)
		if (has_class(t->members[i].type, set))
			return true;
	return t->base && has_class(t->base, set);
}

bool oq_dtype_has_pointers(const struct oq_dtype *t)
{
	return has_class(t, 1u << OQ_VSTRING | 1u << OQ_VLEN);
}

bool oq_dtype_has_refs(const struct oq_dtype *t)
{
	return has_class(t, 1u << OQ_OBJREF | 1u << OQ_REGREF);
}

uint64_t oq_dtype_wide_floats(const struct oq_dtype *t)
{
	uint64_t n = t->cls == OQ_FLOAT && t->exp_bits > 11;

	for (size_t i = 0; i < t->nmembers; i++)
		n += oq_dtype_wide_floats(t->members[i].type);
	if (t->base)
		n += oq_dtype_wide_floats(t->base);
	if (t->cls == OQ_ARRAY)
		n *= t->size / t->base->size;
	return n;
}

bool oq_dtype_is_bool(const struct oq_dtype *t)
{
	bool seen[2] = { false, false };

	if (t->cls != OQ_ENUM || t->size != 1 || t->nsymbols != 2)
		return false;
	for (size_t i = 0; i < 2; i++) {
		const struct oq_symbol *s = &t->symbols[i];

		if (s->value[0] == 0 && strcmp(s->name, "FALSE") == 0)
			seen[0] = true;
		if (s->value[0] == 1 && strcmp(s->name, "TRUE") == 0)
			seen[1] = true;
	}
	return seen[0] && seen[1] && oq_dtype_is_plain(t->base);
}

bool oq_dtype_is_x87(const struct oq_dtype *t)
{
	return t->cls == OQ_FLOAT && t->size == 16 && t->order == OQ_LE &&
	       t->bit_off == 0 && t->precision == 80 && t->sign_pos == 79 &&
	       t->exp_pos == 64 && t->exp_bits == 15 && t->exp_bias == 16383 &&
	       t->man_pos == 0 && t->man_bits == 64 &&
	       t->norm != OQ_NORM_IMPLIED;
}

/* IEEE 754 of 2, 4 or 8 bytes. */
static bool is_ieee(const struct oq_dtype *t)
{
	unsigned bits = (unsigned)t->size * 8;
	unsigned exp_bits = t->size == 2 ? 5 : t->size == 4 ? 8 : 11;

	return (t->size == 2 || t->size == 4 || t->size == 8) &&
	       t->sign_pos == bits - 1 && t->exp_bits == exp_bits &&
	       t->exp_pos == bits - 1 - exp_bits && t->man_pos == 0 &&
	       t->man_bits == t->exp_pos &&
	       t->exp_bias == (1u << (exp_bits - 1)) - 1 &&
	       t->norm == OQ_NORM_IMPLIED;
}

void oq_dtype_make_ieee(struct oq_dtype *t)
{
	t->exp_bits = t->size == 2 ? 5 : t->size == 4 ? 8 : 11;
	t->sign_pos = (unsigned)t->size * 8 - 1;
	t->exp_pos = t->man_bits = t->sign_pos - t->exp_bits;
	t->exp_bias = (1u << (t->exp_bits - 1)) - 1;
	t->norm = OQ_NORM_IMPLIED;
}

static bool set_symbol(struct oq_symbol *s, const char *name, uint8_t value)
{
	s->name = strdup(name);
	s->value = malloc(1);
	if (s->value)
		*s->value = value;
	return s->name && s->value;
}

struct oq_dtype *oq_dtype_new_bool(void)
{
	struct oq_dtype *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->cls = OQ_ENUM;
	t->size = 1;
	t->nsymbols = 2;
	t->symbols = calloc(2, sizeof(*t->symbols));
	t->base = calloc(1, sizeof(*t->base));
	if (!t->symbols || !t->base ||
	    !set_symbol(&t->symbols[0], "FALSE", 0) ||
	    !set_symbol(&t->symbols[1], "TRUE", 1)) {
		oq_dtype_free(t);
		return NULL;
	}
	t->base->cls = OQ_INT;
	t->base->size = 1;
	t->base->precision = 8;
	return t;
}

struct oq_dtype oq_dtype_float(size_t size)
{
	struct oq_dtype t = {
		.cls = OQ_FLOAT,
		.size = size,
		.order = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? OQ_BE : OQ_LE,
		.precision = (unsigned)size * 8,
	};

	oq_dtype_make_ieee(&t);
	return t;
}

bool oq_dtype_is_plain(const struct oq_dtype *t)
{
	if (t->cls != OQ_INT && t->cls != OQ_TIME && t->cls != OQ_BITFIELD &&
	    t->cls != OQ_FLOAT)
		return false;
	if (t->order == OQ_VAX || t->bit_off != 0 || t->size > 8 ||
	    t->precision != t->size * 8)
		return false;
	if (t->cls == OQ_FLOAT)
		return is_ieee(t);
	return t->size == 1 || t->size == 2 || t->size == 4 || t->size == 8;
}

bool oq_dtype_is_complex(const struct oq_dtype *t)
{
	const struct oq_dtype *re = NULL, *im = NULL;

	if (t->cls != OQ_COMPOUND || t->nmembers != 2)
		return false;
	for (size_t i = 0; i < 2; i++) {
		const struct oq_member *m = &t->members[i];

		if (strcmp(m->name, "r") == 0 && m->offset == 0)
			re = m->type;
		if (strcmp(m->name, "i") == 0 && m->offset == t->size / 2)
			im = m->type;
	}
	if (!re || !im || re->cls != OQ_FLOAT || im->cls != OQ_FLOAT ||
	    re->size != im->size || re->size * 2 != t->size ||
	    re->order != im->order)
		return false;
	if (re->size == 16)
		return oq_dtype_is_x87(re) && oq_dtype_is_x87(im);
	return re->size >= 4 && oq_dtype_is_plain(re) && oq_dtype_is_plain(im);
}
