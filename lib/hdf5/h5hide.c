/* SPDX-License-Identifier: MIT */
/* h5hide.c - attributes of a newer HDF5, hidden from libhdf5
 *
 * libhdf5 goes through the attributes in an object's header one after the
 * other, and stops at the first whose datatype it does not know: those behind
 * it can neither be listed nor opened.  So such a header is gone through here
 * as well, and in what a second handle's driver reads of it, each attribute
 * of a datatype that is too new is a message of a kind that nobody knows.
 * Those libhdf5 passes over.  The checksum is made to fit.
 *
 *	| message: kind, size, flags | version, sizes | name | datatype | ...
 *
 * What is changed of a file are single bytes, each only where it still is
 * what was seen here: a header that was written anew meanwhile has another
 * checksum, and libhdf5 notices.  Attributes in dense storage need none of
 * this: they are opened by name.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/cleanup.h"
#include "lib/base/lookup3.h"
#include "lib/base/num.h"
#include "lib/hdf5/h5int.h"
#include "lib/hdf5/h5mask.h"

/* Of the datatypes that this libhdf5 decodes. */
#if H5_VERSION_GE(2, 0, 0)
#define NEWEST_TYPE 5
#else
#define NEWEST_TYPE 4
#endif

#define KIND_ATTRIBUTE	  0x0c
#define KIND_CONTINUATION 0x10
#define KIND_OF_NOBODY	  0xff

#define IS_SHARED	  0x02 /* of a message's flags: it is elsewhere */
#define TYPE_IS_SHARED	  0x01 /* of an attribute's: its datatype is */

#define MAX_BLOCKS	  1000
#define MAX_BLOCK_BYTES	  ((uint64_t)4 << 20)
#define MAX_HEADER_BYTES  ((uint64_t)64 << 20)

/* One header being gone through. */
struct scan {
	struct oq_h5 *h;
	struct oq_h5_hidden *hidden;
	uint64_t object;
	bool is_v2, has_corder; /* each message has its creation order */
	unsigned addr_bytes, size_bytes;
	struct {
		uint64_t off, len;
	} blocks[MAX_BLOCKS];
	size_t nblocks;
	uint64_t bytes; /* of all blocks */
};

static unsigned get_16(const uint8_t *p)
{
	return p[0] | (unsigned)p[1] << 8;
}

static uint64_t get_number(const uint8_t *p, unsigned bytes)
{
	uint64_t v = 0;

	for (unsigned i = bytes; i-- > 0;)
		v = v << 8 | p[i];
	return v;
}

static bool is_too_new(const uint8_t *p, size_t size, const uint8_t **name,
		       size_t *name_len)
{
	size_t head = size && p[0] == 3 ? 9 : 8, type_at;

	if (size < head || p[0] < 1 || p[0] > 3 ||
	    (p[0] > 1 && (p[1] & TYPE_IS_SHARED)))
		return false;
	*name = p + head;
	*name_len = get_16(p + 2);
	type_at = head + (p[0] == 1 ? (*name_len + 7) / 8 * 8 : *name_len);
	return type_at < size && p[type_at] >> 4 > NEWEST_TYPE;
}

/* Where the header goes on; in a damaged one that may be where it has been. */
static void go_on(struct scan *s, const uint8_t *p, size_t size)
{
	uint64_t off, len;

	if (size < s->addr_bytes + s->size_bytes || s->nblocks == MAX_BLOCKS)
		return;
	len = get_number(p + s->addr_bytes, s->size_bytes);
	if (oq_add_overflows(get_number(p, s->addr_bytes), s->h->sb.base, &off))
		return;
	for (size_t i = 0; i < s->nblocks; i++)
		if (s->blocks[i].off == off)
			return;
	if (len > MAX_HEADER_BYTES - s->bytes)
		return;
	s->bytes += len;
	s->blocks[s->nblocks].off = off;
	s->blocks[s->nblocks++].len = len;
}

/* The messages in p[at..end), p being what is in the file from 'off' on. */
static void scan_messages(struct scan *s, uint8_t *p, size_t at, size_t end,
			  uint64_t off)
{
	size_t head = !s->is_v2 ? 8 : s->has_corder ? 6 : 4;
	size_t flags_at = s->is_v2 ? 3 : 4;
	const uint8_t *name;
	size_t name_len;

	while (end - at >= head) {
		unsigned kind = s->is_v2 ? p[at] : get_16(p + at);
		size_t size = get_16(p + at + (s->is_v2 ? 1 : 2));
		uint8_t *body = p + at + head, *flags = p + at + flags_at;

		if (size > end - at - head)
			return;
		if (kind == KIND_CONTINUATION) {
			go_on(s, body, size);
		} else if (kind == KIND_ATTRIBUTE && !(*flags & IS_SHARED) &&
			   is_too_new(body, size, &name, &name_len)) {
			oq_h5_hidden_keep(s->hidden, s->object, name, name_len);
			oq_h5_hidden_change(s->hidden, off + at, p + at,
					    KIND_OF_NOBODY);
			oq_h5_hidden_change(s->hidden, off + at + flags_at,
					    flags, 0);
		}
		at += head + size;
	}
}

/* A block of version 2 ends with its checksum. */
static void scan_checked(struct scan *s, uint8_t *p, size_t at, size_t len,
			 uint64_t off)
{
	size_t before = s->hidden->npatches;
	uint32_t sum;

	scan_messages(s, p, at, len - 4, off);
	if (s->hidden->npatches == before)
		return;
	sum = oq_lookup3(p, len - 4);
	for (size_t i = 0; i < 4; i++)
		oq_h5_hidden_change(s->hidden, off + len - 4 + i,
				    p + len - 4 + i, (uint8_t)(sum >> 8 * i));
}

static uint8_t *read_block(const struct scan *s, uint64_t off, uint64_t len)
{
	OQ_FREE uint8_t *p = NULL;

	if (len < 8 || len > MAX_BLOCK_BYTES || off > INT64_MAX - len)
		return NULL;
	p = malloc(len);
	if (!p || !oq_h5_fetch(s->h, p, len, off))
		return NULL;
	return oq_steal(&p);
}

/* The first block starts with a head of its own, which says how long it is. */
static void scan_first(struct scan *s, uint64_t off)
{
	OQ_FREE uint8_t *head = read_block(s, off, 40);
	OQ_FREE uint8_t *p = NULL;
	size_t at = 6, width;
	uint64_t len;

	if (!head)
		return;
	s->is_v2 = memcmp(head, "OHDR\2", 5) == 0;
	if (!s->is_v2) {
		len = 16 + get_number(head + 8, 4);
		p = head[0] == 1 ? read_block(s, off, len) : NULL;
		if (p)
			scan_messages(s, p, 16, len, off);
		return;
	}
	s->has_corder = head[5] & 0x04;
	at += (head[5] & 0x20 ? 16 : 0) + (head[5] & 0x10 ? 4 : 0);
	width = (size_t)1 << (head[5] & 3);
	len = get_number(head + at, (unsigned)width);
	at += width;
	if (len > MAX_BLOCK_BYTES)
		return;
	len += at + 4;
	p = read_block(s, off, len);
	if (p)
		scan_checked(s, p, at, len, off);
}

static void scan_next(struct scan *s, uint64_t off, uint64_t len)
{
	OQ_FREE uint8_t *p = read_block(s, off, len);

	if (p && !s->is_v2)
		scan_messages(s, p, 0, len, off);
	else if (p && memcmp(p, "OCHK", 4) == 0)
		scan_checked(s, p, 4, len, off);
}

/* Returns false where there is nothing to hide, or it cannot be done. */
static bool hide(struct oq_h5 *h, uint64_t addr)
{
	size_t before = h->hidden->npatches;
	OQ_FREE struct scan *s = calloc(1, sizeof(*s));
	OQ_HID hid_t made = H5Fget_create_plist(h->file);
	size_t addr_bytes, size_bytes;
	uint64_t off;

	if (!s || H5Pget_sizes(made, &addr_bytes, &size_bytes) < 0 ||
	    addr_bytes > 8 || size_bytes > 8 ||
	    oq_add_overflows(addr, h->sb.base, &off))
		return false;
	s->h = h;
	s->hidden = h->hidden;
	s->object = addr;
	s->addr_bytes = (unsigned)addr_bytes;
	s->size_bytes = (unsigned)size_bytes;
	scan_first(s, off);
	for (size_t i = 0; i < s->nblocks; i++)
		scan_next(s, s->blocks[i].off, s->blocks[i].len);
	oq_h5_hidden_sort(h->hidden);
	return h->hidden->npatches > before && !h->hidden->failed;
}

struct oq_h5 *oq_h5_without_new(struct oq_h5 *h, uint64_t addr)
{
	size_t at = 0;

	if (oq_h5_is_swmr(h) || addr == OQ_NO_ADDR)
		return NULL;
	if (oq_h5_hidden_name(h, addr, &at))
		return h->masked;
	if (!h->hidden)
		h->hidden = calloc(1, sizeof(*h->hidden));
	if (!h->hidden || h->hidden->failed || !hide(h, addr))
		return NULL;
	/* The one before may have read the object as it is. */
	oq_h5_close(h->masked);
	h->masked = NULL;
	if (oq_h5_open_hiding(h->fd, h->hidden, &h->masked, NULL))
		return NULL;
	return h->masked;
}
