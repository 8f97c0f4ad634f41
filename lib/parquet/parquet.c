/* SPDX-License-Identifier: MIT */
/* parquet.c - a Parquet file as pieces, each of which can be made alone */

#include "lib/parquet/parquet.h"

#include <string.h>

#include "lib/base/num.h"
#include "lib/parquet/pqpage.h"

static const char magic[4] = { 'P', 'A', 'R', '1' };

#define END_BYTES (4 + sizeof(magic))

int oq_parquet_init(struct oq_parquet *p, const struct oq_pqschema *s,
		    uint64_t nrows, struct oq_err *err)
{
	*p = (struct oq_parquet){ .schema = s };
	return oq_pqlayout_new(s, nrows, &p->layout, err);
}

void oq_parquet_free(struct oq_parquet *p)
{
	oq_pqfooter_free(&p->footer);
	oq_pqlayout_free(p->layout);
	*p = (struct oq_parquet){ 0 };
}

/* The length of the footer. */
static uint64_t footer_bytes(const struct oq_parquet *p)
{
	return p->footer.ends[p->footer.nparts - 1];
}

int oq_parquet_seal(struct oq_parquet *p, struct oq_err *err)
{
	int r = oq_pqlayout_seal(p->layout, err);

	if (r == 0)
		r = oq_pqfooter_init(&p->footer, p->schema, p->layout, err);
	if (r == 0)
		p->size = p->footer.start + footer_bytes(p) + END_BYTES;
	return r;
}

/* ---- pieces ---- */

/* Part 'i' of the footer; the number of parts: what comes after it. */
static void to_part(const struct oq_parquet *p, size_t i,
		    struct oq_pqpiece *piece)
{
	const struct oq_pqfooter *f = &p->footer;
	uint64_t start = i ? f->ends[i - 1] : 0;

	*piece = (struct oq_pqpiece){ .off = f->start + start };
	if (i == f->nparts) {
		piece->what = OQ_PQ_END;
		piece->len = END_BYTES;
		return;
	}
	piece->len = f->ends[i] - start;
	if (i == 0) {
		piece->what = OQ_PQ_FOOT_HEAD;
	} else if (i + 1 == f->nparts) {
		piece->what = OQ_PQ_FOOT_TAIL;
	} else {
		piece->what = OQ_PQ_FOOT_GROUP;
		piece->group = i - 1;
	}
}

/* The part that has byte 'at' of the footer, or the number of parts. */
static size_t find_part(const struct oq_pqfooter *f, uint64_t at)
{
	size_t lo = 0, hi = f->nparts;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (f->ends[mid] <= at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool oq_parquet_find(const struct oq_parquet *p, uint64_t off,
		     struct oq_pqpiece *piece)
{
	if (off >= p->size)
		return false;
	if (!oq_pqpiece_find(p->layout, off, piece))
		to_part(p, find_part(&p->footer, off - p->footer.start), piece);
	return true;
}

bool oq_parquet_next(const struct oq_parquet *p, struct oq_pqpiece *piece)
{
	uint64_t end = piece->off + piece->len;

	if (end >= p->footer.start)
		return oq_parquet_find(p, end, piece);
	oq_pqpiece_next(p->layout, piece);
	return true;
}

/* ---- bytes ---- */

static void put_dict(const struct oq_pqcol *c, struct oq_buf *out)
{
	for (uint32_t i = 0; i < c->ndict; i++)
		oq_buf_put_str(out, c->dict[i], strlen(c->dict[i]));
}

static void put_header(const struct oq_parquet *p,
		       const struct oq_pqpiece *piece, struct oq_buf *out)
{
	const struct oq_pqcol *c = &p->schema->cols[piece->col];
	struct oq_pqpiece body = *piece;
	struct oq_thrift t = { .out = out };

	oq_pqpiece_next(p->layout, &body);
	if (piece->what == OQ_PQ_DICT_HEAD)
		oq_pqpage_put_dict(c, body.len, &t);
	else
		oq_pqpage_put(c, piece->nvalues, body.len, &t);
}

static void put_footer(const struct oq_parquet *p, size_t part,
		       const struct oq_pqstat *stats, struct oq_buf *out)
{
	struct oq_thrift t = { .out = out };

	oq_pqfooter_put(&p->footer, part, stats, &t);
}

void oq_parquet_put(const struct oq_parquet *p, const struct oq_pqpiece *piece,
		    const struct oq_pqstat *stats, struct oq_buf *out)
{
	switch (piece->what) {
	case OQ_PQ_MAGIC:
		oq_buf_put(out, magic, sizeof(magic));
		return;
	case OQ_PQ_DICT_HEAD:
	case OQ_PQ_PAGE_HEAD:
		put_header(p, piece, out);
		return;
	case OQ_PQ_DICT_BODY:
		put_dict(&p->schema->cols[piece->col], out);
		return;
	case OQ_PQ_PAGE_BODY:
		return;
	case OQ_PQ_FOOT_HEAD:
		put_footer(p, 0, NULL, out);
		return;
	case OQ_PQ_FOOT_GROUP:
		put_footer(p, 1 + piece->group, stats, out);
		return;
	case OQ_PQ_FOOT_TAIL:
		put_footer(p, p->footer.nparts - 1, NULL, out);
		return;
	case OQ_PQ_END:
		oq_buf_put_u32(out, (uint32_t)footer_bytes(p));
		oq_buf_put(out, magic, sizeof(magic));
		return;
	}
}
