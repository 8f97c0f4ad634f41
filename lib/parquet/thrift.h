/* SPDX-License-Identifier: MIT */
/* thrift.h - values in Thrift's compact protocol, written or only counted
 *
 * As much of the protocol as the headers and the footer of a Parquet file need.
 * The fields of a struct must be put in rising order of their numbers.  Each
 * struct ends with oq_thrift_close(), including the outermost, which needs no
 * oq_thrift_open().  Without a buffer nothing is written and the bytes are only
 * counted, so that a size and its bytes come from the same code.
 *
 * A struct oq_thrift is one thread's; there is no other state.
 */
#ifndef OQ_THRIFT_H
#define OQ_THRIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"

#define OQ_THRIFT_DEPTH 8 /* structs within each other */

/* Types of the items of a list, by the protocol's own numbers. */
enum oq_thrift_type {
	OQ_THRIFT_I32 = 5,
	OQ_THRIFT_BINARY = 8,
	OQ_THRIFT_STRUCT = 12,
};

/* Zeroed before use, except for 'out', and for 'last[0]' where a struct is
 * continued. */
struct oq_thrift {
	struct oq_buf *out; /* NULL: count only */
	uint64_t nbytes;    /* put so far */
	unsigned depth;
	int last[OQ_THRIFT_DEPTH]; /* number of the latest field, per struct */
};

/* How many bytes a number takes as a varint: 1 to 10. */
static inline unsigned oq_varint_len(uint64_t v)
{
	unsigned n = 1;

	for (; v >= 0x80; v >>= 7)
		n++;
	return n;
}

/* Write a number as a varint to 'out', which has room for it; returns how many
 * bytes were written. */
static inline unsigned oq_varint_put(uint64_t v, uint8_t *out)
{
	unsigned n = 0;

	for (; v >= 0x80; v >>= 7)
		out[n++] = (uint8_t)(v | 0x80);
	out[n++] = (uint8_t)v;
	return n;
}

/* Put a field, number 'id', of the open struct. */
void oq_thrift_bool(struct oq_thrift *t, int id, bool v);
void oq_thrift_i8(struct oq_thrift *t, int id, int8_t v);
void oq_thrift_i16(struct oq_thrift *t, int id, int16_t v);
void oq_thrift_i32(struct oq_thrift *t, int id, int32_t v);
void oq_thrift_i64(struct oq_thrift *t, int id, int64_t v);
void oq_thrift_binary(struct oq_thrift *t, int id, const void *p, size_t n);
void oq_thrift_string(struct oq_thrift *t, int id, const char *s);
/* Begin a field that is a struct: its fields follow. */
void oq_thrift_open(struct oq_thrift *t, int id);
/* End the open struct. */
void oq_thrift_close(struct oq_thrift *t);
/* Put a field that is a struct without fields. */
void oq_thrift_empty(struct oq_thrift *t, int id);
/* Begin a field that is a list of 'n' items, which follow. */
void oq_thrift_list(struct oq_thrift *t, int id, enum oq_thrift_type type,
		    size_t n);

/* Put an item of the list. */
void oq_thrift_item_i32(struct oq_thrift *t, int32_t v);
void oq_thrift_item_string(struct oq_thrift *t, const char *s);
/* Begin an item that is a struct: its fields follow, then oq_thrift_close(). */
void oq_thrift_item(struct oq_thrift *t);

#endif
