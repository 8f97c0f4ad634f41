/* SPDX-License-Identifier: MIT */
/* thrift.c - values in Thrift's compact protocol, written or only counted */

#include "lib/parquet/thrift.h"

#include <assert.h>

/* What a field is, beside the types of items. */
enum { STOP = 0, TRUE_ = 1, FALSE_ = 2, I8 = 3, I16 = 4, I64 = 6, LIST = 9 };

static void put(struct oq_thrift *t, const void *p, size_t n)
{
	t->nbytes += n;
	if (t->out)
		oq_buf_put(t->out, p, n);
}

static void put_byte(struct oq_thrift *t, unsigned v)
{
	uint8_t byte = (uint8_t)v;

	put(t, &byte, 1);
}

static void put_varint(struct oq_thrift *t, uint64_t v)
{
	uint8_t bytes[10];

	put(t, bytes, oq_varint_put(v, bytes));
}

/* Small numbers are short, whichever their sign. */
static void put_zigzag(struct oq_thrift *t, int64_t v)
{
	put_varint(t, (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0));
}

static void put_bytes(struct oq_thrift *t, const void *p, size_t n)
{
	put_varint(t, n);
	put(t, p, n);
}

/* A field's number is said by how far it is from the one before. */
static void field(struct oq_thrift *t, int id, unsigned type)
{
	int delta = id - t->last[t->depth];

	assert(delta > 0);
	if (delta <= 15) {
		put_byte(t, (unsigned)delta << 4 | type);
	} else {
		put_byte(t, type);
		put_zigzag(t, id);
	}
	t->last[t->depth] = id;
}

void oq_thrift_bool(struct oq_thrift *t, int id, bool v)
{
	field(t, id, v ? TRUE_ : FALSE_);
}

void oq_thrift_i8(struct oq_thrift *t, int id, int8_t v)
{
	field(t, id, I8);
	put_byte(t, (uint8_t)v);
}

void oq_thrift_i16(struct oq_thrift *t, int id, int16_t v)
{
	field(t, id, I16);
	put_zigzag(t, v);
}

void oq_thrift_i32(struct oq_thrift *t, int id, int32_t v)
{
	field(t, id, OQ_THRIFT_I32);
	put_zigzag(t, v);
}

void oq_thrift_i64(struct oq_thrift *t, int id, int64_t v)
{
	field(t, id, I64);
	put_zigzag(t, v);
}

void oq_thrift_binary(struct oq_thrift *t, int id, const void *p, size_t n)
{
	field(t, id, OQ_THRIFT_BINARY);
	put_bytes(t, p, n);
}

void oq_thrift_string(struct oq_thrift *t, int id, const char *s)
{
	oq_thrift_binary(t, id, s, strlen(s));
}

void oq_thrift_item(struct oq_thrift *t)
{
	t->depth++;
	assert(t->depth < OQ_THRIFT_DEPTH);
	t->last[t->depth] = 0;
}

void oq_thrift_open(struct oq_thrift *t, int id)
{
	field(t, id, OQ_THRIFT_STRUCT);
	oq_thrift_item(t);
}

void oq_thrift_close(struct oq_thrift *t)
{
	put_byte(t, STOP);
	if (t->depth > 0)
		t->depth--;
}

void oq_thrift_empty(struct oq_thrift *t, int id)
{
	oq_thrift_open(t, id);
	oq_thrift_close(t);
}

void oq_thrift_list(struct oq_thrift *t, int id, enum oq_thrift_type type,
		    size_t n)
{
	field(t, id, LIST);
	if (n < 15) {
		put_byte(t, (unsigned)n << 4 | type);
	} else {
		put_byte(t, 0xf0 | type);
		put_varint(t, n);
	}
}

void oq_thrift_item_i32(struct oq_thrift *t, int32_t v)
{
	put_zigzag(t, v);
}

void oq_thrift_item_string(struct oq_thrift *t, const char *s)
{
	put_bytes(t, s, strlen(s));
}
