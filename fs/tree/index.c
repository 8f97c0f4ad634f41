/* SPDX-License-Identifier: MIT */
/* index.c - a group's entries in order of their link names */

#include "fs/tree/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fs/tree/entry.h"
#include "lib/base/name.h"
#include "lib/base/search.h"

/* A link's name no longer than this is never cut: escapes make it three times
 * as long, and the longest "~N" and suffix still fit. */
#define SHORT_NAME 70

/* One entry: where it lies in the bytes, and its link's name there. */
struct place {
	const char *name;
	const uint8_t *at;
	uint32_t name_len;
	uint32_t order; /* as it came */
};

struct longer {
	uint64_t hash; /* first: they are sorted by it */
	uint32_t i;
};

struct oqfs_index {
	struct oq_buf bytes;
	size_t count;
	bool has_leads, needs_files;
	struct place *places; /* by name */
	size_t nlonger;
	struct longer *longer; /* by hash, then i */
};

static int compare_bytes(const char *a, size_t an, const char *b, size_t bn)
{
	int d = memcmp(a, b, an < bn ? an : bn);

	return d ? d : (an > bn) - (an < bn);
}

static int by_name(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int d = compare_bytes(x->name, x->name_len, y->name, y->name_len);

	return d ? d : (x->order > y->order) - (x->order < y->order);
}

static int by_hash(const void *a, const void *b)
{
	const struct longer *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->i > y->i) - (x->i < y->i);
}

static int count_entries(const struct oq_buf *bytes, size_t *count)
{
	struct oq_cursor l = { (const uint8_t *)bytes->data, bytes->len,
			       false };
	struct oq_entry e;
	int r;

	*count = 0;
	while ((r = oq_wire_decode_entry(&l, &e)) > 0)
		if (++*count == UINT32_MAX)
			return -EPROTO;
	return r;
}

static void drop_doubles(struct oqfs_index *x)
{
	size_t kept = x->count ? 1 : 0;

	for (size_t i = 1; i < x->count; i++) {
		const struct place *a = &x->places[kept - 1];
		const struct place *b = &x->places[i];

		if (compare_bytes(a->name, a->name_len, b->name, b->name_len))
			x->places[kept++] = *b;
	}
	x->count = kept;
}

static int index_places(struct oqfs_index *x)
{
	struct oq_cursor l = { (const uint8_t *)x->bytes.data, x->bytes.len,
			       false };
	bool sorted = true;
	struct oq_entry e;
	int r = count_entries(&x->bytes, &x->count);

	if (r)
		return r;
	x->places = calloc(x->count + 1, sizeof(*x->places));
	if (!x->places)
		return -ENOMEM;
	for (size_t i = 0; i < x->count; i++) {
		struct place *p = &x->places[i];

		p->at = l.p;
		p->order = (uint32_t)i;
		oq_wire_decode_entry(&l, &e);
		x->has_leads |= oqfs_entry_may_lead(&e);
		x->needs_files |= oqfs_entry_needs_files(&e);
		p->name = e.name;
		p->name_len = (uint32_t)e.name_len;
		sorted &= i == 0 || by_name(p - 1, p) < 0;
	}
	if (!sorted)
		qsort(x->places, x->count, sizeof(*x->places), by_name);
	drop_doubles(x);
	return 0;
}

static int index_longer(struct oqfs_index *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->count; i++)
		n += x->places[i].name_len > SHORT_NAME;
	x->longer = calloc(n + 1, sizeof(*x->longer));
	if (!x->longer)
		return -ENOMEM;
	for (size_t i = 0; i < x->count; i++) {
		const struct place *p = &x->places[i];

		if (p->name_len > SHORT_NAME)
			x->longer[x->nlonger++] = (struct longer){
				oq_name_hash(p->name, p->name_len), (uint32_t)i
			};
	}
	qsort(x->longer, x->nlonger, sizeof(*x->longer), by_hash);
	return 0;
}

int oqfs_index_new(struct oq_buf *bytes, struct oqfs_index **out)
{
	struct oqfs_index *x = calloc(1, sizeof(*x));
	int r;

	if (!x) {
		oq_buf_free(bytes);
		return -ENOMEM;
	}
	x->bytes = *bytes;
	*bytes = (struct oq_buf){ 0 };
	r = index_places(x);
	if (!r)
		r = index_longer(x);
	if (r) {
		oqfs_index_free(x);
		return r;
	}
	*out = x;
	return 0;
}

void oqfs_index_free(struct oqfs_index *x)
{
	if (!x)
		return;
	oq_buf_free(&x->bytes);
	free(x->places);
	free(x->longer);
	free(x);
}

size_t oqfs_index_count(const struct oqfs_index *x)
{
	return x->count;
}

bool oqfs_index_has_leads(const struct oqfs_index *x)
{
	return x->has_leads;
}

bool oqfs_index_needs_files(const struct oqfs_index *x)
{
	return x->needs_files;
}

size_t oqfs_index_bytes(const struct oqfs_index *x)
{
	return sizeof(*x) + x->bytes.room + x->count * sizeof(*x->places) +
	       x->nlonger * sizeof(*x->longer);
}

void oqfs_index_entry(const struct oqfs_index *x, size_t i, struct oq_entry *e)
{
	const uint8_t *end = (const uint8_t *)x->bytes.data + x->bytes.len;
	struct oq_cursor l = { x->places[i].at, (size_t)(end - x->places[i].at),
			       false };

	oq_wire_decode_entry(&l, e);
}

const char *oqfs_index_link(const struct oqfs_index *x, size_t i, size_t *n)
{
	*n = x->places[i].name_len;
	return x->places[i].name;
}

int oqfs_index_find(const struct oqfs_index *x, const char *link, size_t n,
		    size_t *i)
{
	size_t lo = 0, hi = x->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct place *p = &x->places[mid];
		int d = compare_bytes(p->name, p->name_len, link, n);

		if (d == 0) {
			*i = mid;
			return 0;
		}
		if (d < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return -ENOENT;
}

bool oqfs_index_long(const struct oqfs_index *x, size_t k, uint64_t *hash,
		     size_t *i)
{
	if (k >= x->nlonger)
		return false;
	*hash = x->longer[k].hash;
	*i = x->longer[k].i;
	return true;
}

size_t oqfs_index_find_long(const struct oqfs_index *x, uint64_t hash)
{
	return oq_lower_bound(x->longer, x->nlonger, sizeof(*x->longer), hash);
}
