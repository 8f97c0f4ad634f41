/* SPDX-License-Identifier: MIT */
/* types.h - element types made by hand, and what they are shown as
 *
 * Each function returns a new tree for oq_dtype_free(), which takes the parts
 * it was given with it.  For test programs only: running out of memory is a
 * failed assertion.
 */
#ifndef TESTS_TYPES_H
#define TESTS_TYPES_H

#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/type/dtype.h"
#include "tests/unit/test.h"

static inline void *zeroed(size_t n)
{
	void *p = calloc(n ? n : 1, 1);

	assert_non_null(p);
	return p;
}

static inline char *copy_text(const char *s)
{
	char *copy = strdup(s);

	assert_non_null(copy);
	return copy;
}

static inline struct oq_dtype *mk_type(enum oq_class cls, size_t size)
{
	struct oq_dtype *t = zeroed(sizeof(*t));

	t->cls = cls;
	t->size = size;
	return t;
}

static inline struct oq_dtype *mk_int(size_t size, bool is_signed,
				      enum oq_order order)
{
	struct oq_dtype *t = mk_type(OQ_INT, size);

	t->is_signed = is_signed;
	t->order = order;
	t->precision = (unsigned)size * 8;
	return t;
}

static inline struct oq_dtype *mk_float_of(size_t size, enum oq_order order,
					   unsigned exp_bits, unsigned man_bits,
					   uint64_t bias)
{
	struct oq_dtype *t = mk_type(OQ_FLOAT, size);

	t->order = order;
	t->precision = 1 + exp_bits + man_bits;
	t->sign_pos = exp_bits + man_bits;
	t->exp_pos = man_bits;
	t->exp_bits = exp_bits;
	t->exp_bias = bias;
	t->man_bits = man_bits;
	return t;
}

static inline struct oq_dtype *mk_float(size_t size, enum oq_order order)
{
	unsigned exp_bits = size == 2 ? 5 : size == 4 ? 8 : size == 8 ? 11 : 15;

	return mk_float_of(size, order, exp_bits,
			   (unsigned)size * 8 - 1 - exp_bits,
			   (1u << (exp_bits - 1)) - 1);
}

static inline struct oq_dtype *mk_x87(void)
{
	struct oq_dtype *t = mk_float_of(16, OQ_LE, 15, 64, 16383);

	t->norm = OQ_NORM_NONE;
	return t;
}

static inline struct oq_dtype *mk_str(size_t size, enum oq_strpad pad)
{
	struct oq_dtype *t = mk_type(OQ_STRING, size);

	t->pad = pad;
	return t;
}

static inline struct oq_dtype *mk_vstr(void)
{
	return mk_type(OQ_VSTRING, sizeof(char *));
}

static inline struct oq_dtype *mk_vlen(struct oq_dtype *base)
{
	struct oq_dtype *t = mk_type(OQ_VLEN, sizeof(struct oq_vlen));

	t->base = base;
	return t;
}

static inline struct oq_dtype *mk_opaque(size_t size, const char *tag)
{
	struct oq_dtype *t = mk_type(OQ_OPAQUE, size);

	t->tag = copy_text(tag);
	return t;
}

static inline struct oq_dtype *mk_array(struct oq_dtype *base, unsigned rank,
					uint64_t a, uint64_t b)
{
	struct oq_dtype *t = mk_type(OQ_ARRAY, base->size * a);

	t->base = base;
	t->rank = rank;
	t->dims[0] = a;
	if (rank > 1) {
		t->dims[1] = b;
		t->size *= b;
	}
	return t;
}

/* Members are added with add_member(). */
static inline struct oq_dtype *mk_compound(size_t size)
{
	return mk_type(OQ_COMPOUND, size);
}

static inline void add_member(struct oq_dtype *t, const char *name,
			      size_t offset, struct oq_dtype *type)
{
	struct oq_member *m =
		realloc(t->members, (t->nmembers + 1) * sizeof(*t->members));

	assert_non_null(m);
	t->members = m;
	m[t->nmembers++] = (struct oq_member){ copy_text(name), offset, type,
					       OQ_ROLE_COLUMN };
}

/* Symbols are added with add_symbol(). */
static inline struct oq_dtype *mk_enum(struct oq_dtype *base)
{
	struct oq_dtype *t = mk_type(OQ_ENUM, base->size);

	t->base = base;
	return t;
}

/* 'value' is the element's lowest byte; for little-endian bases. */
static inline void add_symbol(struct oq_dtype *t, const char *name,
			      uint8_t value)
{
	struct oq_symbol *s =
		realloc(t->symbols, (t->nsymbols + 1) * sizeof(*t->symbols));

	assert_non_null(s);
	t->symbols = s;
	s += t->nsymbols++;
	s->name = copy_text(name);
	s->value = zeroed(t->size);
	s->value[0] = value;
}

static inline struct oq_dtype *mk_bool(void)
{
	struct oq_dtype *t = mk_enum(mk_int(1, true, OQ_LE));

	add_symbol(t, "FALSE", 0);
	add_symbol(t, "TRUE", 1);
	return t;
}

static inline struct oq_dtype *mk_complex(size_t size, enum oq_order order)
{
	struct oq_dtype *t = mk_compound(size);

	add_member(t, "r", 0,
		   size == 32 ? mk_x87() : mk_float(size / 2, order));
	add_member(t, "i", size / 2,
		   size == 32 ? mk_x87() : mk_float(size / 2, order));
	return t;
}

/* The buffer holds exactly 'want'; it is emptied for the next. */
#define ASSERT_TEXT(b, want)                                 \
	do {                                                 \
		oq_buf_putc(&(b), '\0');                     \
		assert_false(oq_buf_failed(&(b)));           \
		assert_string_equal((b).data, (want));       \
		assert_int_equal((b).len - 1, strlen(want)); \
		(b).len = 0;                                 \
	} while (0)

#endif
