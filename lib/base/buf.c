/* SPDX-License-Identifier: MIT */
/* buf.c - a growing byte buffer, and a bounds-checked look at foreign bytes */

#include "lib/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void oq_buf_free(struct oq_buf *b)
{
	free(b->data);
	*b = (struct oq_buf){ 0 };
}

/* After a put that failed all later ones fail too, so that the data has no
 * hole. */
static char *fail(struct oq_buf *b)
{
	b->failed = true;
	b->room = b->len;
	return NULL;
}

static void resize(struct oq_buf *b, size_t room)
{
	char *data = realloc(b->data, room);

	if (!data) {
		fail(b);
		return;
	}
	b->data = data;
	b->room = room;
}

void oq_buf_reserve(struct oq_buf *b, size_t n)
{
	if (b->failed || b->room - b->len >= n)
		return;
	if (n > SIZE_MAX / 2 - b->len)
		fail(b);
	else
		resize(b, b->len + n);
}

char *oq_buf_grow(struct oq_buf *b, size_t n)
{
	size_t room = b->room ? b->room : 64;
	size_t need;

	if (b->failed || __builtin_add_overflow(b->len, n, &need) ||
	    need > SIZE_MAX / 2)
		return fail(b);
	while (room < need)
		room *= 2;
	resize(b, room);
	return b->failed ? NULL : b->data + b->len;
}

void oq_buf_printf(struct oq_buf *b, const char *fmt, ...)
{
	va_list ap;
	char *to;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0) {
		fail(b);
		return;
	}
	to = oq_buf_room(b, (size_t)n + 1);
	if (!to)
		return;
	va_start(ap, fmt);
	vsnprintf(to, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

static void put_le(struct oq_buf *b, uint64_t v, size_t n)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < n; i++)
		bytes[i] = (uint8_t)(v >> (8 * i));
	oq_buf_put(b, bytes, n);
}

void oq_buf_put_u32(struct oq_buf *b, uint32_t v)
{
	put_le(b, v, 4);
}

void oq_buf_put_u64(struct oq_buf *b, uint64_t v)
{
	put_le(b, v, 8);
}

void oq_buf_put_str(struct oq_buf *b, const void *p, size_t n)
{
	if (n > UINT32_MAX) {
		fail(b);
		return;
	}
	oq_buf_put_u32(b, (uint32_t)n);
	oq_buf_put(b, p, n);
}

static const uint8_t *take(struct oq_cursor *l, size_t n)
{
	const uint8_t *p = l->p;

	if (l->bad || n > l->left) {
		l->bad = true;
		return NULL;
	}
	l->p += n;
	l->left -= n;
	return p;
}

static uint64_t look_le(struct oq_cursor *l, size_t n)
{
	const uint8_t *p = take(l, n);
	uint64_t v = 0;

	for (size_t i = 0; p && i < n; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

uint32_t oq_cursor_u32(struct oq_cursor *l)
{
	return (uint32_t)look_le(l, 4);
}

uint64_t oq_cursor_u64(struct oq_cursor *l)
{
	return look_le(l, 8);
}

const char *oq_cursor_str(struct oq_cursor *l, size_t *n)
{
	uint32_t len = oq_cursor_u32(l);
	const uint8_t *p = take(l, len);

	*n = p ? len : 0;
	return p ? (const char *)p : "";
}
