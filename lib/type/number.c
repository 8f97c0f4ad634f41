/* SPDX-License-Identifier: MIT */
/* number.c - a number of any HDF5 type as text */

#include "lib/type/number.h"

#include <endian.h>
#include <string.h>

#include "lib/type/oddnum.h"

/* Elements loaded at once. */
#define BATCH 64

/* A loader of elements of type 'type', turned round by 'order'. */
#define LOADER(name, type, order)                                          \
	static void name(uint64_t *to, const uint8_t *from, size_t stride, \
			 size_t n)                                         \
	{                                                                  \
		for (size_t i = 0; i < n; i++, from += stride) {           \
			type v;                                            \
                                                                           \
			memcpy(&v, from, sizeof(v));                       \
			to[i] = (uint64_t)(int64_t)(type)order(v);         \
		}                                                          \
	}

LOADER(load_u8, uint8_t, )
LOADER(load_i8, int8_t, )
LOADER(load_u16le, uint16_t, le16toh)
LOADER(load_u16be, uint16_t, be16toh)
LOADER(load_i16le, int16_t, le16toh)
LOADER(load_i16be, int16_t, be16toh)
LOADER(load_u32le, uint32_t, le32toh)
LOADER(load_u32be, uint32_t, be32toh)
LOADER(load_i32le, int32_t, le32toh)
LOADER(load_i32be, int32_t, be32toh)
LOADER(load_64le, uint64_t, le64toh)
LOADER(load_64be, uint64_t, be64toh)

static void bool_cells(const uint64_t *v, size_t n, struct oq_cell *out)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i] > 1) {
			oq_i64_cells(&v[i], 1, &out[i]);
			continue;
		}
		memcpy(out[i].text, v[i] ? "true\0" : "false", 5);
		out[i].start = 0;
		out[i].len = v[i] ? 4 : 5;
	}
}

static uint64_t bool_lens(const uint64_t *v, size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += v[i] > 1 ? oq_i64_lens(&v[i], 1) : v[i] ? 4 : 5;
	return sum;
}

#define SCALAR(load, kind)                                       \
	{                                                        \
		load_##load, oq_##kind##_cells, oq_##kind##_lens \
	}

/* By the logarithm of the size and the order. */
static const struct oq_scalar uints[4][2] = {
	{ SCALAR(u8, u64), SCALAR(u8, u64) },
	{ SCALAR(u16le, u64), SCALAR(u16be, u64) },
	{ SCALAR(u32le, u64), SCALAR(u32be, u64) },
	{ SCALAR(64le, u64), SCALAR(64be, u64) },
};

static const struct oq_scalar ints[4][2] = {
	{ SCALAR(i8, i64), SCALAR(i8, i64) },
	{ SCALAR(i16le, i64), SCALAR(i16be, i64) },
	{ SCALAR(i32le, i64), SCALAR(i32be, i64) },
	{ SCALAR(64le, i64), SCALAR(64be, i64) },
};

static const struct oq_scalar floats[4][2] = {
	[1] = { SCALAR(u16le, f16), SCALAR(u16be, f16) },
	[2] = { SCALAR(u32le, f32), SCALAR(u32be, f32) },
	[3] = { SCALAR(64le, f64), SCALAR(64be, f64) },
};

/* By the sign of the base type. */
static const struct oq_scalar bools[2] = {
	{ load_u8, bool_cells, bool_lens },
	{ load_i8, bool_cells, bool_lens },
};

void oq_scalar_cells(const struct oq_scalar *s, const uint8_t *from,
		     size_t stride, size_t n, struct oq_cell *out)
{
	uint64_t v[BATCH];

	while (n > 0) {
		size_t batch = n < BATCH ? n : BATCH;

		s->load(v, from, stride, batch);
		s->cells(v, batch, out);
		from += batch * stride;
		out += batch;
		n -= batch;
	}
}

uint64_t oq_scalar_lens(const struct oq_scalar *s, const uint8_t *from,
			size_t stride, size_t n)
{
	uint64_t v[BATCH], sum = 0;

	while (n > 0) {
		size_t batch = n < BATCH ? n : BATCH;

		s->load(v, from, stride, batch);
		sum += s->lens(v, batch);
		from += batch * stride;
		n -= batch;
	}
	return sum;
}

size_t oq_scalar_text(const struct oq_scalar *s, const uint8_t *from, char *out)
{
	struct oq_cell cells[2];

	oq_scalar_cells(s, from, 0, 1, cells);
	return (size_t)(oq_cell_put(out, cells) - out);
}

const struct oq_scalar *oq_scalar_of(const struct oq_dtype *t)
{
	unsigned log;
	bool big = t->order == OQ_BE;

	if (oq_dtype_is_bool(t))
		return &bools[t->base->is_signed];
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
		out->len += oq_scalar_text(s, elem, to);
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
