/* SPDX-License-Identifier: MIT */
/* name.c - HDF5 link names as file names, and the views behind them */

#include "lib/base/name.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

#define TAIL_BYTES 18 /* "%~" and 16 digits */

static bool is_dots(const char *s, size_t n)
{
	return (n == 1 && s[0] == '.') ||
	       (n == 2 && s[0] == '.' && s[1] == '.');
}

static bool needs_escape(unsigned char c)
{
	return c == '/' || c == '%' || c < 0x20 || c == 0x7f;
}

static void hex_byte(unsigned char c, char out[3])
{
	static const char digits[] = "0123456789ABCDEF";

	out[0] = '%';
	out[1] = digits[c >> 4];
	out[2] = digits[c & 15];
}

/* The escaped form of byte 'i'; returns its length, 1 or 3. */
static size_t escape_byte(const char *link, size_t n, size_t i, char out[3])
{
	unsigned char c = (unsigned char)link[i];

	if (!needs_escape(c) && !is_dots(link, n)) {
		out[0] = link[i];
		return 1;
	}
	hex_byte(c, out);
	return 3;
}

void oq_name_escape(const char *link, size_t n, struct oq_buf *out)
{
	char e[3];

	if (n == 0)
		oq_buf_putc(out, '%');
	for (size_t i = 0; i < n; i++)
		oq_buf_put(out, e, escape_byte(link, n, i, e));
}

uint64_t oq_name_hash(const char *link, size_t n)
{
	uint64_t h = 0xcbf29ce484222325;

	for (size_t i = 0; i < n; i++) {
		h ^= (unsigned char)link[i];
		h *= 0x100000001b3;
	}
	return h;
}

/* Step back from 'at' to where a UTF-8 character starts.  In text that is not
 * UTF-8 any place is as good. */
static size_t char_start(const char *s, size_t at)
{
	for (size_t back = 0; back < 4 && back <= at; back++)
		if (((unsigned char)s[at - back] & 0xc0) != 0x80)
			return at - back;
	return at;
}

size_t oq_name_file(const char *link, size_t n, const char *suffix,
		    char out[OQ_NAME_MAX + 1])
{
	size_t suffix_len = strlen(suffix);
	size_t room, cut_room;
	size_t len = 0, cut_at = 0; /* bytes written; of the last cut allowed */

	assert(suffix_len + TAIL_BYTES <= OQ_NAME_MAX);
	room = OQ_NAME_MAX - suffix_len;
	cut_room = room - TAIL_BYTES;
	if (n == 0)
		out[len++] = '%';
	for (size_t i = 0; i < n; i++) {
		char e[3];
		size_t elen = escape_byte(link, n, i, e);

		if (len <= cut_room)
			cut_at = len;
		if (len + elen > room) {
			len = char_start(out, cut_at);
			len += (size_t)snprintf(
				out + len, TAIL_BYTES + 1, "%%~%016llx",
				(unsigned long long)oq_name_hash(link, n));
			break;
		}
		memcpy(out + len, e, elen);
		len += elen;
	}
	memcpy(out + len, suffix, suffix_len + 1);
	return len + suffix_len;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int oq_name_unescape(const char *name, size_t n, struct oq_buf *out)
{
	bool dots = (n == 3 && memcmp(name, "%2E", 3) == 0) ||
		    (n == 6 && memcmp(name, "%2E%2E", 6) == 0);

	if (n == 0 || is_dots(name, n))
		return -ENOENT;
	if (n == 1 && name[0] == '%')
		return 0;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)name[i];
		int hi, lo;

		if (c != '%') {
			if (needs_escape(c))
				return -ENOENT;
			oq_buf_putc(out, name[i]);
			continue;
		}
		hi = i + 2 < n ? hex_value(name[i + 1]) : -1;
		lo = i + 2 < n ? hex_value(name[i + 2]) : -1;
		if (hi < 0 || lo < 0)
			return -ENOENT;
		c = (unsigned char)(hi << 4 | lo);
		if (!needs_escape(c) && !dots)
			return -ENOENT;
		oq_buf_putc(out, (char)c);
		i += 2;
	}
	return out->failed ? -ENOMEM : 0;
}
