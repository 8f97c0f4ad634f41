/* SPDX-License-Identifier: MIT */
/* pqpage.c - one page of a Parquet column: its header, and where a row is */

#include "lib/parquet/pqpage.h"

#include <string.h>

#include "lib/base/num.h"

/* ---- bodies ---- */

static uint64_t groups_of_8(uint64_t n)
{
	return n / 8 + (n % 8 != 0);
}

/* A run of packed numbers says how many groups it has, and by the lowest bit
 * that it is one. */
static uint64_t run_header(uint64_t n)
{
	return groups_of_8(n) << 1 | 1;
}

uint64_t oq_pqpage_rows_bytes(const struct oq_pqcol *c, uint64_t nrows)
{
	unsigned bits = oq_pqcol_bits(c);

	return bits ? groups_of_8(nrows) * bits : nrows * oq_pqcol_width(c);
}

unsigned oq_pqpage_head(const struct oq_pqcol *c, uint64_t nrows,
			uint8_t out[OQ_PQ_HEAD_MAX])
{
	if (!c->dict)
		return 0;
	out[0] = (uint8_t)oq_pqcol_bits(c);
	return 1 + oq_varint_put(run_header(nrows), out + 1);
}

uint64_t oq_pqpage_body(const struct oq_pqcol *c, uint64_t nrows)
{
	uint8_t head[OQ_PQ_HEAD_MAX];

	return oq_pqpage_head(c, nrows, head) + oq_pqpage_rows_bytes(c, nrows);
}

uint64_t oq_pqpage_levels(const struct oq_pqcol *c, uint64_t n)
{
	uint64_t block = 4 + oq_varint_len(run_header(n)) + groups_of_8(n);

	switch (c->nest) {
	case OQ_PQ_FLAT:
		return 0;
	case OQ_PQ_NULLABLE:
		return block;
	case OQ_PQ_LIST:
		return 2 * block;
	}
	return 0;
}

uint64_t oq_pqpage_dict(const struct oq_pqcol *c)
{
	uint64_t n = 4 * (uint64_t)c->ndict;

	for (uint32_t i = 0; i < c->ndict; i++)
		n += strlen(c->dict[i]);
	return n;
}

void oq_pqpage_span(const struct oq_pqcol *c, uint64_t nrows, uint64_t off,
		    uint64_t len, struct oq_pqspan *s)
{
	uint8_t bytes[OQ_PQ_HEAD_MAX];
	unsigned head = oq_pqpage_head(c, nrows, bytes);
	unsigned bits = oq_pqcol_bits(c);
	/* What rows come in: one by one, or eight at a time. */
	uint64_t rows = bits ? 8 : 1;
	uint64_t unit = bits ? bits : oq_pqcol_width(c);
	uint64_t last;

	*s = (struct oq_pqspan){ 0 };
	if (off < head) {
		s->head_off = off;
		s->head_len = oq_min_u64(len, head - off);
		off += s->head_len;
		len -= s->head_len;
	}
	if (!len)
		return;
	last = (off - head + len - 1) / unit * rows;
	s->first = (off - head) / unit * rows;
	s->skip = (off - head) % unit;
	s->nrows = oq_min_u64(last + rows, nrows) - s->first;
}

/* ---- headers ---- */

/* Numbers of the fields of PageHeader, and other numbers of the format. */
enum { TYPE = 1, UNCOMPRESSED, COMPRESSED, DATA_HEADER = 5, DICT_HEADER = 7 };
enum { DATA_PAGE = 0, DICTIONARY_PAGE = 2 };
enum { PLAIN = 0, RLE = 3, RLE_DICTIONARY = 8 };

static void open_header(int type, uint64_t body, struct oq_thrift *t)
{
	oq_thrift_i32(t, TYPE, type);
	oq_thrift_i32(t, UNCOMPRESSED, (int32_t)body);
	oq_thrift_i32(t, COMPRESSED, (int32_t)body);
}

void oq_pqpage_put(const struct oq_pqcol *c, uint64_t nvalues, uint64_t body,
		   struct oq_thrift *t)
{
	open_header(DATA_PAGE, body, t);
	oq_thrift_open(t, DATA_HEADER);
	oq_thrift_i32(t, 1, (int32_t)nvalues);
	oq_thrift_i32(t, 2, c->dict ? RLE_DICTIONARY : PLAIN);
	oq_thrift_i32(t, 3, RLE);
	oq_thrift_i32(t, 4, RLE);
	oq_thrift_close(t);
	oq_thrift_close(t);
}

void oq_pqpage_put_dict(const struct oq_pqcol *c, uint64_t body,
			struct oq_thrift *t)
{
	open_header(DICTIONARY_PAGE, body, t);
	oq_thrift_open(t, DICT_HEADER);
	oq_thrift_i32(t, 1, (int32_t)c->ndict);
	oq_thrift_i32(t, 2, PLAIN);
	oq_thrift_close(t);
	oq_thrift_close(t);
}

unsigned oq_pqpage_bytes(const struct oq_pqcol *c, uint64_t nvalues,
			 uint64_t body)
{
	struct oq_thrift t = { 0 };

	oq_pqpage_put(c, nvalues, body, &t);
	return (unsigned)t.nbytes;
}

unsigned oq_pqpage_dict_bytes(const struct oq_pqcol *c, uint64_t body)
{
	struct oq_thrift t = { 0 };

	oq_pqpage_put_dict(c, body, &t);
	return (unsigned)t.nbytes;
}
