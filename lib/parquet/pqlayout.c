/* SPDX-License-Identifier: MIT */
/* pqlayout.c - where each byte of the data in a Parquet file comes from */

#include "lib/parquet/pqlayout.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "lib/base/num.h"
#include "lib/parquet/pqpage.h"

/* A footer says something of each chunk: of so many at most, however many
 * columns there are. */
#define MAX_CHUNKS     ((uint64_t)1 << 18)

/* A page of values of one width is at most so long, where it has more than
 * one row. */
#define WIDE_PAGE      ((uint64_t)16 << 20)

/* A page of a measured column is made as a whole, so it is shorter, as long as
 * there are not too many. */
#define MEASURED_ROWS  16384
#define MEASURED_PAGES ((uint64_t)1 << 20)
#define MAX_MEASURED   ((uint64_t)1 << 24)

#define MAGIC_BYTES    4

/* What is known of a page of a measured column. */
struct page {
	uint64_t end;  /* of the pages up to this one, headers counted; first:
			  bytes of its values */
	uint32_t body; /* bytes */
	uint32_t nvalues;
};

/* One column.  The sizes are those of a page and of a chunk that are full, and
 * of the last ones; not used where it is measured. */
struct geometry {
	uint64_t page_rows;
	uint64_t dict_body;
	unsigned dict_head;
	uint64_t page;
	uint64_t chunk, last_chunk;
	struct page *pages; /* owned; NULL: not measured */
};

struct oq_pqlayout {
	const struct oq_pqschema *schema;
	uint64_t nrows;
	uint64_t group_rows;
	size_t ngroups;
	struct geometry *cols; /* owned */
	uint64_t *starts;      /* owned: of the groups, and where they end */
};

static uint64_t parts(uint64_t n, uint64_t of)
{
	return n / of + (n % of != 0);
}

/* ---- rows ---- */

static int choose_groups(struct oq_pqlayout *l)
{
	uint64_t ncols = l->schema->ncols;
	uint64_t most =
		oq_max_u64(1, oq_min_u64(OQ_PQ_MAX_GROUPS, MAX_CHUNKS / ncols));

	l->group_rows = l->schema->group_rows;
	if (!l->group_rows)
		l->group_rows = OQ_PQ_PAGE_ROWS;
	while (parts(l->nrows, l->group_rows) > most)
		l->group_rows *= 2;
	l->ngroups = parts(l->nrows, l->group_rows);
	l->starts = calloc(l->ngroups + 1, sizeof(*l->starts));
	return l->starts ? 0 : -ENOMEM;
}

static uint64_t choose_page_rows(const struct oq_pqlayout *l,
				 const struct oq_pqcol *c)
{
	/* Whole pages make a group. */
	uint64_t most = oq_min_u64(l->group_rows, OQ_PQ_PAGE_ROWS);
	uint64_t rows;

	if (l->schema->page_rows)
		most = oq_min_u64(most, l->schema->page_rows);
	rows = most;

	if (oq_pqcol_is_measured(c)) {
		rows = oq_min_u64(most, MEASURED_ROWS);
		while (rows < most && parts(l->nrows, rows) > MEASURED_PAGES)
			rows *= 2;
		return rows;
	}
	while (rows > 1 && oq_pqpage_body(c, rows) > WIDE_PAGE)
		rows /= 2;
	return rows;
}

/* ---- columns ---- */

static uint64_t page_bytes(const struct oq_pqcol *c, uint64_t nrows)
{
	uint64_t body = oq_pqpage_body(c, nrows);

	return body + oq_pqpage_bytes(c, nrows, body);
}

/* The pages of a chunk of 'nrows' rows, of one width. */
static bool chunk_overflows(const struct oq_pqcol *c, const struct geometry *g,
			    uint64_t nrows, uint64_t *bytes)
{
	uint64_t rest = nrows % g->page_rows;

	if (oq_mul_overflows(nrows / g->page_rows, g->page, bytes))
		return true;
	return oq_add_overflows(*bytes, g->dict_head + g->dict_body, bytes) ||
	       oq_add_overflows(*bytes, rest ? page_bytes(c, rest) : 0, bytes);
}

static int measure_later(struct oq_pqlayout *l, struct geometry *g,
			 struct oq_err *err)
{
	uint64_t n = parts(l->nrows, g->page_rows);

	if (n > MAX_MEASURED)
		return oq_err_set(err, -EOVERFLOW,
				  "too many rows with values of any length");
	g->pages = calloc(n ? n : 1, sizeof(*g->pages));
	return g->pages ? 0 : oq_err_set(err, -ENOMEM, "no memory");
}

static int describe(struct oq_pqlayout *l, size_t col, struct oq_err *err)
{
	const struct oq_pqcol *c = &l->schema->cols[col];
	struct geometry *g = &l->cols[col];
	uint64_t last = l->nrows % l->group_rows;

	g->page_rows = choose_page_rows(l, c);
	if (oq_pqcol_is_measured(c))
		return measure_later(l, g, err);
	if (c->dict) {
		g->dict_body = oq_pqpage_dict(c);
		g->dict_head = oq_pqpage_dict_bytes(c, g->dict_body);
	}
	if (g->dict_body > OQ_PQ_PAGE_BYTES)
		return oq_err_set(err, -EOVERFLOW,
				  "column '%s': its texts are too long for "
				  "Parquet",
				  c->name);
	g->page = page_bytes(c, g->page_rows);
	if (chunk_overflows(c, g, l->group_rows, &g->chunk) ||
	    chunk_overflows(c, g, last, &g->last_chunk))
		return oq_err_set(err, -EOVERFLOW, "larger than a file can be");
	if (!last)
		g->last_chunk = g->chunk;
	return 0;
}

void oq_pqlayout_free(struct oq_pqlayout *l)
{
	if (!l)
		return;
	for (size_t i = 0; l->cols && i < l->schema->ncols; i++)
		free(l->cols[i].pages);
	free(l->cols);
	free(l->starts);
	free(l);
}

int oq_pqlayout_new(const struct oq_pqschema *s, uint64_t nrows,
		    struct oq_pqlayout **out, struct oq_err *err)
{
	struct oq_pqlayout *l;
	int r = oq_pqschema_check(s, err);

	if (r < 0)
		return r;
	if (nrows > INT64_MAX)
		return oq_err_set(err, -EOVERFLOW, "too many rows");
	l = calloc(1, sizeof(*l));
	if (!l)
		return oq_err_set(err, -ENOMEM, "no memory");
	l->schema = s;
	l->nrows = nrows;
	l->cols = calloc(s->ncols, sizeof(*l->cols));
	if (!l->cols || choose_groups(l) < 0)
		r = oq_err_set(err, -ENOMEM, "no memory");
	for (size_t i = 0; !r && i < s->ncols; i++)
		r = describe(l, i, err);
	if (r < 0) {
		oq_pqlayout_free(l);
		return r;
	}
	*out = l;
	return 0;
}

/* ---- measuring ---- */

uint64_t oq_pqlayout_page_rows(const struct oq_pqlayout *l, size_t col)
{
	return l->cols[col].page_rows;
}

uint64_t oq_pqlayout_npages(const struct oq_pqlayout *l, size_t col)
{
	return parts(l->nrows, l->cols[col].page_rows);
}

void oq_pqlayout_note(struct oq_pqlayout *l, size_t col, uint64_t page,
		      uint64_t nvalues, uint64_t nbytes)
{
	assert(nvalues >= oq_min_u64(l->cols[col].page_rows,
				     l->nrows - page * l->cols[col].page_rows));
	l->cols[col].pages[page] = (struct page){
		.end = nbytes,
		.nvalues = (uint32_t)oq_min_u64(nvalues, UINT32_MAX),
	};
}

/* From the bytes of values to the ends of pages. */
static int seal_pages(struct oq_pqlayout *l, size_t col)
{
	const struct oq_pqcol *c = &l->schema->cols[col];
	struct page *pages = l->cols[col].pages;
	uint64_t n = oq_pqlayout_npages(l, col), end = 0;

	for (uint64_t i = 0; pages && i < n; i++) {
		struct page *p = &pages[i];
		uint64_t body;

		if (p->nvalues > INT32_MAX || p->end > OQ_PQ_PAGE_BYTES)
			return -EOVERFLOW;
		body = oq_pqpage_levels(c, p->nvalues) + p->end;
		if (body > OQ_PQ_PAGE_BYTES)
			return -EOVERFLOW;
		p->body = (uint32_t)body;
		/* At most 2^24 pages of less than 2^32 bytes. */
		end += oq_pqpage_bytes(c, p->nvalues, body) + body;
		p->end = end;
	}
	return 0;
}

static int add_up(struct oq_pqlayout *l)
{
	uint64_t end = MAGIC_BYTES;

	for (size_t g = 0; g < l->ngroups; g++) {
		l->starts[g] = end;
		for (size_t i = 0; i < l->schema->ncols; i++)
			if (oq_add_overflows(end,
					     oq_pqlayout_chunk_bytes(l, g, i),
					     &end) ||
			    end > INT64_MAX)
				return -EOVERFLOW;
	}
	l->starts[l->ngroups] = end;
	return 0;
}

int oq_pqlayout_seal(struct oq_pqlayout *l, struct oq_err *err)
{
	for (size_t i = 0; i < l->schema->ncols; i++)
		if (seal_pages(l, i) < 0)
			return oq_err_set(err, -EOVERFLOW,
					  "column '%s': more than Parquet can "
					  "say of a page",
					  l->schema->cols[i].name);
	if (add_up(l) < 0)
		return oq_err_set(err, -EOVERFLOW, "larger than a file can be");
	return 0;
}

/* ---- groups and chunks ---- */

uint64_t oq_pqlayout_nrows(const struct oq_pqlayout *l)
{
	return l->nrows;
}

size_t oq_pqlayout_ncols(const struct oq_pqlayout *l)
{
	return l->schema->ncols;
}

size_t oq_pqlayout_ngroups(const struct oq_pqlayout *l)
{
	return l->ngroups;
}

uint64_t oq_pqlayout_group_rows(const struct oq_pqlayout *l, size_t group)
{
	return oq_min_u64(l->group_rows, l->nrows - group * l->group_rows);
}

uint64_t oq_pqlayout_group(const struct oq_pqlayout *l, size_t group)
{
	return l->starts[group];
}

void oq_pqlayout_pages(const struct oq_pqlayout *l, size_t group, size_t col,
		       uint64_t *first, uint64_t *last)
{
	uint64_t rows = l->cols[col].page_rows;

	*first = group * (l->group_rows / rows);
	*last = *first + parts(oq_pqlayout_group_rows(l, group), rows);
}

/* Where the pages before page 'i' end. */
static uint64_t pages_end(const struct geometry *g, uint64_t i)
{
	return i ? g->pages[i - 1].end : 0;
}

uint64_t oq_pqlayout_chunk_bytes(const struct oq_pqlayout *l, size_t group,
				 size_t col)
{
	const struct geometry *g = &l->cols[col];
	uint64_t first, last;

	if (!g->pages)
		return group + 1 < l->ngroups ? g->chunk : g->last_chunk;
	oq_pqlayout_pages(l, group, col, &first, &last);
	return pages_end(g, last) - pages_end(g, first);
}

void oq_pqlayout_chunk(const struct oq_pqlayout *l, size_t group, size_t col,
		       struct oq_pqchunk *c)
{
	const struct geometry *g = &l->cols[col];
	uint64_t first, last;

	*c = (struct oq_pqchunk){
		.nbytes = oq_pqlayout_chunk_bytes(l, group, col),
		.nvalues = oq_pqlayout_group_rows(l, group),
		.dict_bytes = g->dict_head + g->dict_body,
	};
	if (!g->pages)
		return;
	oq_pqlayout_pages(l, group, col, &first, &last);
	for (c->nvalues = 0; first < last; first++)
		c->nvalues += g->pages[first].nvalues;
}

/* ---- pages ---- */

void oq_pqlayout_dict(const struct oq_pqlayout *l, size_t col, unsigned *head,
		      uint64_t *body)
{
	*head = l->cols[col].dict_head;
	*body = l->cols[col].dict_body;
}

void oq_pqlayout_page(const struct oq_pqlayout *l, size_t col, uint64_t page,
		      struct oq_pqpage *p)
{
	const struct oq_pqcol *c = &l->schema->cols[col];
	const struct geometry *g = &l->cols[col];

	p->first = page * g->page_rows;
	p->nrows = oq_min_u64(g->page_rows, l->nrows - p->first);
	p->nvalues = g->pages ? g->pages[page].nvalues : p->nrows;
	p->body = g->pages ? g->pages[page].body : oq_pqpage_body(c, p->nrows);
	p->head = oq_pqpage_bytes(c, p->nvalues, p->body);
}

uint64_t oq_pqlayout_page_off(const struct oq_pqlayout *l, size_t group,
			      size_t col, uint64_t page)
{
	const struct geometry *g = &l->cols[col];
	uint64_t first, last;

	oq_pqlayout_pages(l, group, col, &first, &last);
	if (g->pages)
		return pages_end(g, page) - pages_end(g, first);
	return g->dict_head + g->dict_body + (page - first) * g->page;
}

/* The page that has byte 'at' of the pages of a measured column. */
static uint64_t find_measured(const struct geometry *g, uint64_t lo,
			      uint64_t hi, uint64_t at)
{
	while (lo + 1 < hi) {
		uint64_t mid = lo + (hi - lo) / 2;

		if (pages_end(g, mid) <= at)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

uint64_t oq_pqlayout_find_page(const struct oq_pqlayout *l, size_t group,
			       size_t col, uint64_t off)
{
	const struct geometry *g = &l->cols[col];
	uint64_t first, last;

	oq_pqlayout_pages(l, group, col, &first, &last);
	if (g->pages)
		return find_measured(g, first, last, off + pages_end(g, first));
	return first + (off - g->dict_head - g->dict_body) / g->page;
}

size_t oq_pqlayout_find_group(const struct oq_pqlayout *l, uint64_t off)
{
	size_t lo = 0, hi = l->ngroups - 1;

	while (lo < hi) {
		size_t mid = hi - (hi - lo) / 2;

		if (l->starts[mid] <= off)
			lo = mid;
		else
			hi = mid - 1;
	}
	return lo;
}
