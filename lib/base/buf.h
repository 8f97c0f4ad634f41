/* SPDX-License-Identifier: MIT */
/* buf.h - a growing byte buffer, and a bounds-checked look at foreign bytes
 *
 * Writing is "sticky": after a failed allocation every further put is
 * ignored and oq_buf_failed() says so once at the end, so that renderers
 * need no error path of their own.
 */
#ifndef OQ_BUF_H
#define OQ_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "lib/base/printable.h"

struct oq_buf {
	char *data; /* owned; NULL while nothing was put */
	size_t len;
	size_t room;
	bool failed; /* memory ran out: 'data' lacks what came after */
};

/* Release the bytes; the buffer is then empty and usable again. */
void oq_buf_free(struct oq_buf *b);

/* Make room for 'n' more bytes and return where they go, or NULL (no memory).
 * The caller writes them and then adds what it wrote to 'len'. */
char *oq_buf_grow(struct oq_buf *b, size_t n);

/* Have room for 'n' more bytes and not for many more; where there will be more
 * it grows as ever. */
void oq_buf_reserve(struct oq_buf *b, size_t n);

static inline char *oq_buf_room(struct oq_buf *b, size_t n)
{
	if (b->data && b->room - b->len >= n)
		return b->data + b->len;
	return oq_buf_grow(b, n);
}

static inline void oq_buf_put(struct oq_buf *b, const void *p, size_t n)
{
	char *to = oq_buf_room(b, n);

	if (to && n) {
		memcpy(to, p, n);
		b->len += n;
	}
}

static inline void oq_buf_putc(struct oq_buf *b, char c)
{
	char *to = oq_buf_room(b, 1);

	if (to) {
		*to = c;
		b->len++;
	}
}

static inline void oq_buf_puts(struct oq_buf *b, const char *s)
{
	oq_buf_put(b, s, strlen(s));
}

/* Append a string that a stranger chose: control characters become '?', so
 * that it cannot break out of its line. */
static inline void oq_buf_put_safe(struct oq_buf *b, const char *s)
{
	for (; *s; s++)
		oq_buf_putc(b, oq_is_control(*s) ? '?' : *s);
}

void oq_buf_printf(struct oq_buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static inline bool oq_buf_failed(const struct oq_buf *b)
{
	return b->failed;
}

/* Whether 'word' is in a list of words: 'n' bytes in which each word ends in a
 * NUL. */
static inline bool oq_words_have(const char *words, size_t n, const char *word)
{
	for (size_t at = 0; at < n; at += strlen(words + at) + 1)
		if (strcmp(words + at, word) == 0)
			return true;
	return false;
}

/* Little-endian integers, for messages. */
void oq_buf_put_u32(struct oq_buf *b, uint32_t v);
void oq_buf_put_u64(struct oq_buf *b, uint64_t v);
/* A byte string: its length as u32, then the bytes. */
void oq_buf_put_str(struct oq_buf *b, const void *p, size_t n);

/* A look at foreign bytes.  Every get past the end yields zero or an empty
 * string and marks the look as 'bad': ask once, after the last get. */
struct oq_cursor {
	const uint8_t *p;
	size_t left;
	bool bad;
};

uint32_t oq_cursor_u32(struct oq_cursor *l);
uint64_t oq_cursor_u64(struct oq_cursor *l);
/* The bytes stay where they are; '*n' is their count. */
const char *oq_cursor_str(struct oq_cursor *l, size_t *n);

#define OQ_BUF __attribute__((cleanup(oq_buf_free)))

#endif
