/* SPDX-License-Identifier: MIT */
/* h5mask.c - bytes that a driver reads as others */

#include "lib/hdf5/h5mask.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/grow.h"

#define MAX_PATCHES 100000

void oq_h5_hidden_change(struct oq_h5_hidden *g, uint64_t off, uint8_t *byte,
			 uint8_t to)
{
	if (*byte == to || g->failed)
		return;
	if (g->npatches == MAX_PATCHES ||
	    oq_grow(&g->patches, &g->patch_room, g->npatches,
		    sizeof(*g->patches))) {
		g->failed = true;
		return;
	}
	g->patches[g->npatches++] = (struct oq_h5_patch){ off, *byte, to };
	*byte = to;
}

void oq_h5_hidden_keep(struct oq_h5_hidden *g, uint64_t object,
		       const uint8_t *name, size_t len)
{
	char *copy = NULL;

	if (g->nnames < OQ_MAX_HIDDEN &&
	    len <= OQ_MAX_HIDDEN_BYTES - g->name_bytes)
		copy = strndup((const char *)name, len);
	if (!copy ||
	    oq_grow(&g->names, &g->name_room, g->nnames, sizeof(*g->names))) {
		g->failed = true;
		free(copy);
		return;
	}
	g->names[g->nnames++] = (struct oq_h5_hidden_name){ object, copy };
	g->name_bytes += len;
}

static int by_off(const void *a, const void *b)
{
	const struct oq_h5_patch *p = a, *q = b;

	return (p->off > q->off) - (p->off < q->off);
}

void oq_h5_hidden_sort(struct oq_h5_hidden *g)
{
	if (g->npatches)
		qsort(g->patches, g->npatches, sizeof(*g->patches), by_off);
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
		const struct oq_h5_hidden_name *n = &h->hidden->names[(*at)++];

		if (n->object == addr)
			return n->name;
	}
	return NULL;
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
		const struct oq_h5_patch *p = &g->patches[lo];

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
