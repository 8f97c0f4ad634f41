/* SPDX-License-Identifier: MIT */
/* pqpiece.c - the bytes of a Parquet file as runs that are made by one rule */

#include "lib/parquet/pqpiece.h"

#define MAGIC_BYTES 4

/* Make 'p', which says what it is of, the header of page 'page', which is at
 * 'off' in the file. */
static void to_page(const struct oq_pqlayout *l, uint64_t page, uint64_t off,
		    struct oq_pqpiece *p)
{
	struct oq_pqpage info;

	oq_pqlayout_page(l, p->col, page, &info);
	*p = (struct oq_pqpiece){
		.what = OQ_PQ_PAGE_HEAD,
		.off = off,
		.len = info.head,
		.group = p->group,
		.col = p->col,
		.page = page,
		.first = info.first,
		.nrows = info.nrows,
		.nvalues = info.nvalues,
	};
}

/* From the header of a page to its body. */
static void to_body(const struct oq_pqlayout *l, struct oq_pqpiece *p)
{
	struct oq_pqpage info;

	oq_pqlayout_page(l, p->col, p->page, &info);
	p->what = OQ_PQ_PAGE_BODY;
	p->off += p->len;
	p->len = info.body;
}

static void to_dict_body(const struct oq_pqlayout *l, struct oq_pqpiece *p)
{
	unsigned head;

	p->what = OQ_PQ_DICT_BODY;
	p->off += p->len;
	oq_pqlayout_dict(l, p->col, &head, &p->len);
}

/* The first piece of the chunk at 'off'. */
static void to_chunk(const struct oq_pqlayout *l, size_t group, size_t col,
		     uint64_t off, struct oq_pqpiece *p)
{
	uint64_t body, first, last;
	unsigned head;

	*p = (struct oq_pqpiece){ .group = group, .col = col };
	oq_pqlayout_dict(l, col, &head, &body);
	oq_pqlayout_pages(l, group, col, &first, &last);
	if (!head) {
		to_page(l, first, off, p);
		return;
	}
	p->what = OQ_PQ_DICT_HEAD;
	p->off = off;
	p->len = head;
}

/* What comes after the body of a dictionary or of a page. */
static void after_body(const struct oq_pqlayout *l, struct oq_pqpiece *p)
{
	uint64_t end = p->off + p->len, first, last;

	oq_pqlayout_pages(l, p->group, p->col, &first, &last);
	if (p->what == OQ_PQ_DICT_BODY)
		to_page(l, first, end, p);
	else if (p->page + 1 < last)
		to_page(l, p->page + 1, end, p);
	else if (p->col + 1 < oq_pqlayout_ncols(l))
		to_chunk(l, p->group, p->col + 1, end, p);
	else
		to_chunk(l, p->group + 1, 0, end, p);
}

void oq_pqpiece_next(const struct oq_pqlayout *l, struct oq_pqpiece *p)
{
	if (p->what == OQ_PQ_MAGIC)
		to_chunk(l, 0, 0, p->len, p);
	else if (p->what == OQ_PQ_DICT_HEAD)
		to_dict_body(l, p);
	else if (p->what == OQ_PQ_PAGE_HEAD)
		to_body(l, p);
	else
		after_body(l, p);
}

/* 'p' says which chunk; 'start' is where it starts. */
static void find_in_chunk(const struct oq_pqlayout *l, uint64_t start,
			  uint64_t off, struct oq_pqpiece *p)
{
	uint64_t body, page;
	unsigned head;

	oq_pqlayout_dict(l, p->col, &head, &body);
	if (off - start < head + body) {
		to_chunk(l, p->group, p->col, start, p);
		if (off - start >= head)
			to_dict_body(l, p);
		return;
	}
	page = oq_pqlayout_find_page(l, p->group, p->col, off - start);
	start += oq_pqlayout_page_off(l, p->group, p->col, page);
	to_page(l, page, start, p);
	if (off - start >= p->len)
		to_body(l, p);
}

bool oq_pqpiece_find(const struct oq_pqlayout *l, uint64_t off,
		     struct oq_pqpiece *p)
{
	uint64_t start, n;

	*p = (struct oq_pqpiece){ .what = OQ_PQ_MAGIC, .len = MAGIC_BYTES };
	if (off < MAGIC_BYTES)
		return true;
	if (off >= oq_pqlayout_group(l, oq_pqlayout_ngroups(l)))
		return false;
	p->group = oq_pqlayout_find_group(l, off);
	start = oq_pqlayout_group(l, p->group);
	for (;; p->col++, start += n) {
		n = oq_pqlayout_chunk_bytes(l, p->group, p->col);
		if (off - start < n)
			break;
	}
	find_in_chunk(l, start, off, p);
	return true;
}
