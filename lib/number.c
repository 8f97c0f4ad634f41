/* SPDX-License-Identifier: MIT */
/* number.c - a number of any HDF5 type as text */

#include "number.h"

#include <endian.h>
#include <string.h>

#include "oddnum.h"

static uint16_t load16(const void *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static uint32_t load32(const void *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static uint64_t load64(const void *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static float to_f32(uint32_t bits)
{
	float v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

static double to_f64(uint64_t bits)
{
	double v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

/* The two functions of a scalar: the value at 'p' by 'kind' of numtext.h. */
#define SCALAR(name, kind, value)                           \
	static size_t name##_text(char *out, const void *p) \
	{                                                   \
		return oq_##kind##_text(out, value);        \
	}                                                   \
	static size_t name##_len(const void *p)             \
	{                                                   \
		return oq_##kind##_len(value);              \
	}

SCALAR(u8, u64, *(const uint8_t *)p)
SCALAR(i8, i64, *(const int8_t *)p)
SCALAR(u16le, u64, le16toh(load16(p)))
SCALAR(u16be, u64, be16toh(load16(p)))
SCALAR(i16le, i64, (int16_t)le16toh(load16(p)))
SCALAR(i16be, i64, (int16_t)be16toh(load16(p)))
SCALAR(u32le, u64, le32toh(load32(p)))
SCALAR(u32be, u64, be32toh(load32(p)))
SCALAR(i32le, i64, (int32_t)le32toh(load32(p)))
SCALAR(i32be, i64, (int32_t)be32toh(load32(p)))
SCALAR(u64le, u64, le64toh(load64(p)))
SCALAR(u64be, u64, be64toh(load64(p)))
SCALAR(i64le, i64, (int64_t)le64toh(load64(p)))
SCALAR(i64be, i64, (int64_t)be64toh(load64(p)))
SCALAR(f16le, f16, le16toh(load16(p)))
SCALAR(f16be, f16, be16toh(load16(p)))
SCALAR(f32le, f32, to_f32(le32toh(load32(p))))
SCALAR(f32be, f32, to_f32(be32toh(load32(p))))
SCALAR(f64le, f64, to_f64(le64toh(load64(p))))
SCALAR(f64be, f64, to_f64(be64toh(load64(p))))

static size_t bool_text(char *out, const void *p)
{
	uint8_t v = *(const uint8_t *)p;

	if (v > 1)
		return oq_u64_text(out, v);
	memcpy(out, v ? "true\0\0\0" : "false\0\0", 8);
	return v ? 4 : 5;
}

static size_t bool_len(const void *p)
{
	uint8_t v = *(const uint8_t *)p;

	return v > 1 ? oq_u64_len(v) : v ? 4 : 5;
}

#define PAIR(name)                      \
	{                               \
		name##_text, name##_len \
	}

/* By the logarithm of the size and the order. */
static const struct oq_scalar uints[4][2] = {
	{ PAIR(u8), PAIR(u8) },
	{ PAIR(u16le), PAIR(u16be) },
	{ PAIR(u32le), PAIR(u32be) },
	{ PAIR(u64le), PAIR(u64be) },
};

static const struct oq_scalar ints[4][2] = {
	{ PAIR(i8), PAIR(i8) },
	{ PAIR(i16le), PAIR(i16be) },
	{ PAIR(i32le), PAIR(i32be) },
	{ PAIR(i64le), PAIR(i64be) },
};

static const struct oq_scalar floats[4][2] = {
	[1] = { PAIR(f16le), PAIR(f16be) },
	[2] = { PAIR(f32le), PAIR(f32be) },
	[3] = { PAIR(f64le), PAIR(f64be) },
};

static const struct oq_scalar a_bool = PAIR(bool);

const struct oq_scalar *oq_scalar_of(const struct oq_dtype *t)
{
	unsigned log;
	bool big = t->order == OQ_BE;

	if (oq_dtype_is_bool(t))
		return &a_bool;
	if (!oq_dtype_is_plain(t))
		return NULL;
	log = (unsigned)__builtin_ctzll(t->size);
	if (t->cls == OQ_FLOAT)
		return &floats[log][big];
	return oq_number_is_signed(t) ? &ints[log][big] : &uints[log][big];
}

static bool put_scalar(const struct oq_dtype *t, const uint8_t *elem,
		       struct oq_buf *out)
{
	const struct oq_scalar *s = oq_scalar_of(t);
	char *to;

	if (!s)
		return false;
	to = oq_buf_room(out, OQ_NUMTEXT_MAX);
	if (to)
		out->len += s->text(to, elem);
	return true;
}

void oq_int_put(const struct oq_dtype *t, const uint8_t *elem,
		struct oq_buf *out)
{
	if (!put_scalar(t, elem, out))
		oq_odd_int_put(t, elem, out);
}

void oq_float_put(const struct oq_dtype *t, const uint8_t *elem,
		  struct oq_buf *out)
{
	if (!put_scalar(t, elem, out))
		oq_odd_float_put(t, elem, out);
}

size_t oq_number_max(const struct oq_dtype *t)
{
	static const uint8_t widths[9][2] = {
		[1] = { 3, 4 },
		[2] = { 5, 6 },
		[4] = { 10, 11 },
		[8] = { 20, 20 },
	};

	if (!oq_dtype_is_plain(t))
		return oq_odd_number_max(t);
	if (t->cls != OQ_FLOAT)
		return widths[t->size][oq_number_is_signed(t)];
	/* -0.00010014, -1234567900000000.0, -1.2345678901234567e-308 */
	return t->size == 2 ? 11 : t->size == 4 ? 19 : 24;
}
