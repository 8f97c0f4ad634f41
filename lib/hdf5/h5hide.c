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
#define MAX_PATCHES	  100000

struct patch {
	uint64_t off;
	uint8_t from, to;
};

struct name {
	uint64_t object;
	char *name; /* owned */
};

struct oq_h5_hidden {
	struct patch *patches; /* sorted by 'off' */
	size_t npatches, patch_room;
	struct name *names;
	size_t nnames, name_room;
	bool failed; /* for memory, or there are too many */
};

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

static void change(struct oq_h5_hidden *g, uint64_t off, uint8_t *byte,
		   uint8_t to)
{
	if (*byte == to || g->failed)
		return;
	if (g->npatches == g->patch_room) {
		size_t room = g->patch_room ? 2 * g->patch_room : 64;
		struct patch *v = reallocarray(g->patches, room, sizeof(*v));

		g->failed = !v || room > MAX_PATCHES;
		if (v) {
			g->patches = v;
			g->patch_room = room;
		}
		if (g->failed)
			return;
	}
	g->patches[g->npatches++] = (struct patch){ off, *byte, to };
	*byte = to;
}

static void keep_name(struct oq_h5_hidden *g, uint64_t object,
		      const uint8_t *name, size_t len)
{
	if (g->nnames == g->name_room) {
		size_t room = g->name_room ? 2 * g->name_room : 16;
		struct name *v = reallocarray(g->names, room, sizeof(*v));

		g->failed |= !v;
		if (!v)
			return;
		g->names = v;
		g->name_room = room;
	}
	g->names[g->nnames].object = object;
	g->names[g->nnames].name = strndup((const char *)name, len);
	g->failed |= !g->names[g->nnames].name;
	g->nnames += g->names[g->nnames].name != NULL;
}

/* An attribute's message: is its datatype too new, and what is its name? */
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

/* Where the header goes on. */
static void go_on(struct scan *s, const uint8_t *p, size_t size)
{
	uint64_t off, len;

	if (size < s->addr_bytes + s->size_bytes || s->nblocks == MAX_BLOCKS)
		return;
	len = get_number(p + s->addr_bytes, s->size_bytes);
	if (oq_add_overflows(get_number(p, s->addr_bytes), s->h->sb.base, &off))
		return;
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
			keep_name(s->hidden, s->object, name, name_len);
			change(s->hidden, off + at, p + at, KIND_OF_NOBODY);
			change(s->hidden, off + at + flags_at, flags, 0);
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
		change(s->hidden, off + len - 4 + i, p + len - 4 + i,
		       (uint8_t)(sum >> 8 * i));
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

static int by_off(const void *a, const void *b)
{
	const struct patch *p = a, *q = b;

	return (p->off > q->off) - (p->off < q->off);
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
	qsort(h->hidden->patches, h->hidden->npatches, sizeof(struct patch),
	      by_off);
	return h->hidden->npatches > before && !h->hidden->failed;
}

bool oq_h5_is_hidden(const struct oq_h5 *h, uint64_t addr, const char *name)
{
	for (size_t i = 0; h->hidden && i < h->hidden->nnames; i++)
		if (h->hidden->names[i].object == addr &&
		    strcmp(h->hidden->names[i].name, name) == 0)
			return true;
	return false;
}

const char *oq_h5_hidden_name(const struct oq_h5 *h, uint64_t addr, size_t *at)
{
	while (h->hidden && *at < h->hidden->nnames) {
		const struct name *n = &h->hidden->names[(*at)++];

		if (n->object == addr)
			return n->name;
	}
	return NULL;
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

void oq_h5_apply_hidden(const struct oq_h5_hidden *g, uint64_t off, size_t len,
			uint8_t *buf)
{
	size_t lo = 0, hi = g->npatches;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (g->patches[mid].off < off)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < g->npatches && g->patches[lo].off - off < len; lo++) {
		const struct patch *p = &g->patches[lo];

		if (buf[p->off - off] == p->from)
			buf[p->off - off] = p->to;
	}
}

void oq_h5_hidden_free(struct oq_h5_hidden *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->nnames; i++)
		free(g->names[i].name);
	free(g->names);
	free(g->patches);
	free(g);
}
