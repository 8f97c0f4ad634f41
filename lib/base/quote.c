/* SPDX-License-Identifier: MIT */
/* quote.c - text as a JSON string, a CSV field or a Python literal */

#include "lib/base/quote.h"

#include <stdlib.h>

struct range {
	uint32_t first, last;
};

/* What str.isprintable() denies: Unicode's categories Cc, Cf, Co, Cs, Zl, Zp
 * and Zs but for the blank.  (What Unicode has not assigned is missing: that
 * differs from one Python to the next.) */
static const struct range unprintable[] = {
	{ 0x0000, 0x001f },	{ 0x007f, 0x00a0 },   { 0x00ad, 0x00ad },
	{ 0x0600, 0x0605 },	{ 0x061c, 0x061c },   { 0x06dd, 0x06dd },
	{ 0x070f, 0x070f },	{ 0x0890, 0x0891 },   { 0x08e2, 0x08e2 },
	{ 0x1680, 0x1680 },	{ 0x180e, 0x180e },   { 0x2000, 0x200f },
	{ 0x2028, 0x202f },	{ 0x205f, 0x2064 },   { 0x2066, 0x206f },
	{ 0x3000, 0x3000 },	{ 0xd800, 0xf8ff },   { 0xfeff, 0xfeff },
	{ 0xfff9, 0xfffb },	{ 0x110bd, 0x110bd }, { 0x110cd, 0x110cd },
	{ 0x13430, 0x13438 },	{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
	{ 0xe0001, 0xe0001 },	{ 0xe0020, 0xe007f }, { 0xf0000, 0xffffd },
	{ 0x100000, 0x10fffd },
};

static bool is_printable(uint32_t cp)
{
	size_t n = sizeof(unprintable) / sizeof(unprintable[0]);

	for (size_t i = 0; i < n && unprintable[i].first <= cp; i++)
		if (cp <= unprintable[i].last)
			return false;
	return true;
}

size_t oq_utf8_get(const char *s, size_t n, uint32_t *cp)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const uint8_t *p = (const uint8_t *)s;
	size_t len;
	uint32_t c;

	if (n == 0)
		return 0;
	c = p[0];
	if (c < 0x80) {
		*cp = c;
		return 1;
	}
	if (c < 0xc2 || c > 0xf4)
		return 0;
	len = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	if (len > n)
		return 0;
	c &= 0x7fu >> len;
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*cp = c;
	return len;
}

bool oq_utf8_is(const char *s, size_t n)
{
	size_t len;
	uint32_t cp;

	for (; n; s += len, n -= len) {
		if ((unsigned char)*s < 0x80) {
			len = 1;
			continue;
		}
		len = oq_utf8_get(s, n, &cp);
		if (!len)
			return false;
	}
	return true;
}

/* Append a backslash, 'kind' and 'n' hex digits. */
static void put_escape(struct oq_buf *out, char kind, uint32_t v, unsigned n)
{
	static const char hex[] = "0123456789abcdef";

	oq_buf_putc(out, '\\');
	oq_buf_putc(out, kind);
	while (n-- > 0)
		oq_buf_putc(out, hex[v >> (4 * n) & 15]);
}

/* One of the escapes that JSON and Python share. */
static bool put_short_escape(struct oq_buf *out, uint32_t cp)
{
	switch (cp) {
	case '\n':
		oq_buf_puts(out, "\\n");
		return true;
	case '\r':
		oq_buf_puts(out, "\\r");
		return true;
	case '\t':
		oq_buf_puts(out, "\\t");
		return true;
	case '\\':
		oq_buf_puts(out, "\\\\");
		return true;
	default:
		return false;
	}
}

static void put_json_escape(struct oq_buf *out, uint32_t cp)
{
	if (cp == '"') {
		oq_buf_puts(out, "\\\"");
	} else if (put_short_escape(out, cp)) {
		return;
	} else if (cp < 0x10000) {
		put_escape(out, 'u', cp, 4);
	} else {
		put_escape(out, 'u', 0xd7c0 + (cp >> 10), 4);
		put_escape(out, 'u', 0xdc00 + (cp & 0x3ff), 4);
	}
}

static bool json_keeps(uint32_t cp, bool ascii)
{
	if (cp < 0x20 || cp == '"' || cp == '\\')
		return false;
	return cp < 0x7f || !ascii;
}

void oq_json_put_str(const char *s, size_t n, bool ascii, struct oq_buf *out)
{
	size_t kept = 0; /* bytes before 's' that stay and are not yet put */

	oq_buf_putc(out, '"');
	while (n > 0) {
		uint32_t cp;
		size_t len = oq_utf8_get(s, n, &cp);

		if (len == 0) {
			cp = 0xdc00 + (uint8_t)*s;
			len = 1;
		} else if (json_keeps(cp, ascii)) {
			kept += len;
			s += len;
			n -= len;
			continue;
		}
		oq_buf_put(out, s - kept, kept);
		put_json_escape(out, cp);
		kept = 0;
		s += len;
		n -= len;
	}
	oq_buf_put(out, s - kept, kept);
	oq_buf_putc(out, '"');
}

static bool csv_needs_quotes(const char *s, size_t n)
{
	static const bool special[256] = {
		[','] = true, ['"'] = true, ['\n'] = true, ['\r'] = true
	};

	for (size_t i = 0; i < n; i++)
		if (special[(uint8_t)s[i]])
			return true;
	return false;
}

void oq_csv_put_field(const char *s, size_t n, struct oq_buf *out)
{
	size_t start = out->len;

	oq_buf_put(out, s, n);
	oq_csv_quote_tail(out, start);
}

void oq_csv_quote_tail(struct oq_buf *out, size_t start)
{
	size_t n = out->len - start;
	size_t nquotes = 0;
	char *s, *to;

	if (n == 0 || !csv_needs_quotes(out->data + start, n))
		return;
	for (size_t i = 0; i < n; i++)
		nquotes += out->data[start + i] == '"';
	if (!oq_buf_room(out, nquotes + 2))
		return;

	/* From the back, so that the field can grow in its place. */
	s = out->data + start;
	to = s + n + nquotes + 2;
	out->len += nquotes + 2;
	*--to = '"';
	for (; nquotes > 0; n--) {
		*--to = s[n - 1];
		if (s[n - 1] == '"') {
			*--to = '"';
			nquotes--;
		}
	}
	/* What is left moves on by one. */
	memmove(s + 1, s, n);
	*s = '"';
}

static void put_py_escape(struct oq_buf *out, uint32_t cp)
{
	if (put_short_escape(out, cp))
		return;
	if (cp < 0x100)
		put_escape(out, 'x', cp, 2);
	else if (cp < 0x10000)
		put_escape(out, 'u', cp, 4);
	else
		put_escape(out, 'U', cp, 8);
}

void oq_py_put_str(const char *s, size_t n, struct oq_buf *out)
{
	bool single = n > 0 && memchr(s, '\'', n);
	bool dbl = n > 0 && memchr(s, '"', n);
	char quote = single && !dbl ? '"' : '\'';

	oq_buf_putc(out, quote);
	while (n > 0) {
		uint32_t cp;
		size_t len = oq_utf8_get(s, n, &cp);

		if (len == 0) {
			cp = 0xdc00 + (uint8_t)*s;
			len = 1;
		}
		if (cp == (uint8_t)quote) {
			oq_buf_putc(out, '\\');
			oq_buf_putc(out, quote);
		} else if (cp == '\\' || !is_printable(cp)) {
			put_py_escape(out, cp);
		} else {
			oq_buf_put(out, s, len);
		}
		s += len;
		n -= len;
	}
	oq_buf_putc(out, quote);
}
