/* SPDX-License-Identifier: MIT */
/* h5hide.c - attributes of a newer HDF5, hidden from libhdf5
 *
 * libhdf5 goes through the attributes in an object's header one after the
 * other, and stops at the first whose datatype it does not know: the ones
 * behind that can neither be listed nor opened.  So we go through such a header
 * ourselves, and open the file a second time.  The driver of that second handle
 * (oq_h5_apply_hidden()) changes bytes as they are read: each attribute whose
 * datatype is too new becomes a message of a kind that no version of HDF5
 * knows, which libhdf5 passes over, and the header's checksum is made to fit.
 *
 *	| message: kind, size, flags | version, sizes | name | datatype | ...
 *
 * A byte is changed only where it still is what it was when we looked.  If a
 * writer changes the header later, its checksum is wrong with our bytes in it,
 * and libhdf5 notices.  Attributes in dense storage need none of this: they
 * are opened by name.
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

/* The newest version of datatype messages that this libhdf5 decodes. */
#if H5_VERSION_GE(2, 0, 0)
#define NEWEST_TYPE 5
#else
#define NEWEST_TYPE 4
#endif

#define KIND_ATTRIBUTE	  0x0c
#define KIND_CONTINUATION 0x10
#define KIND_OF_NOBODY	  0xff

#define IS_SHARED	  0x02 /* a message's flag: it is stored elsewhere */
#define TYPE_IS_SHARED	  0x01 /* an attribute's flag: its datatype is */

#define MAX_BLOCKS	  1000
#define MAX_BLOCK_BYTES	  ((uint64_t)4 << 20)
#define MAX_HEADER_BYTES  ((uint64_t)64 << 20)

/* The object header that is gone through. */
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

/* Note where the header continues, as the message at 'p' says.  In a damaged
 * header that may be a block that was seen already. */
static void note_block(struct scan *s, const uint8_t *p, size_t size)
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

/* Go through the messages in p[at..end); p[0] is the file's byte at 'off'. */
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
			note_block(s, body, size);
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

/* The same for a block of version 2, which ends with its checksum. */
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

/* Go through the header's first block, whose own head says how long it is. */
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

/* Hide an object's attributes that are too new.  False where it has none, or
 * where that cannot be done. */
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
	/* libhdf5 may have this object's header in the old handle's cache, with
	 * nothing hidden in it. */
	oq_h5_close(h->masked);
	h->masked = NULL;
	if (oq_h5_open_hiding(h->fd, h->hidden, &h->masked, NULL))
		return NULL;
	return h->masked;
}
