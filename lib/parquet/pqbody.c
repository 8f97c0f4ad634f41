/* SPDX-License-Identifier: MIT */
/* pqbody.c - values as the bytes of a Parquet page */

#include "lib/parquet/pqbody.h"

#include <endian.h>
#include <string.h>

#include "lib/base/num.h"
#include "lib/parquet/thrift.h"

/* ---- numbers ---- */

/* The bits of a float of 2 bytes as those of one of 4: all of its values are
 * there, and a NaN keeps its bits. */
static uint32_t half_to_float(uint32_t h)
{
	uint32_t sign = (h & 0x8000) << 16, man = h & 0x3ff;
	uint32_t exp = h >> 10 & 0x1f;

	if (exp == 0x1f)
		return sign | 0x7f800000 | man << 13;
	if (exp)
		return sign | (exp + 112) << 23 | man << 13;
	if (!man)
		return sign;
	/* Below the normal ones of 2 bytes, not those of 4: shift the highest
	 * bit to where it is not written. */
	for (exp = 113; !(man & 0x400); exp--)
		man <<= 1;
	return sign | exp << 23 | (man & 0x3ff) << 13;
}

static void copy4(const struct oq_pqcells *c, size_t n, uint8_t *out)
{
	for (size_t i = 0; i < n; i++)
		memcpy(out + 4 * i, c->p + i * c->stride, 4);
}

static void copy8(const struct oq_pqcells *c, size_t n, uint8_t *out)
{
	for (size_t i = 0; i < n; i++)
		memcpy(out + 8 * i, c->p + i * c->stride, 8);
}

static void copy(const struct oq_pqcells *c, size_t n, uint8_t *out)
{
	if (c->stride == c->nbytes)
		memcpy(out, c->p, n * c->nbytes);
	else if (c->nbytes == 4)
		copy4(c, n, out);
	else if (c->nbytes == 8)
		copy8(c, n, out);
	else
		for (size_t i = 0; i < n; i++)
			memcpy(out + c->nbytes * i, c->p + i * c->stride,
			       c->nbytes);
}

static void store_4(const uint64_t *v, size_t n, uint8_t *out)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t le = htole32((uint32_t)v[i]);

		memcpy(out + 4 * i, &le, sizeof(le));
	}
}

static void store_8(const uint64_t *v, size_t n, uint8_t *out)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t le = htole64(v[i]);

		memcpy(out + 8 * i, &le, sizeof(le));
	}
}

void oq_pqbody_numbers(const struct oq_pqcol *c, const struct oq_pqcells *cells,
		       size_t n, uint8_t *out)
{
	bool is_half = c->type == OQ_PQ_FLOAT && cells->nbytes == 2;
	size_t width = oq_pqcol_width(c);
	uint64_t v[OQ_PQCELLS_BLOCK];

	if (c->type == OQ_PQ_FIXED ||
	    (cells->nbytes == width && !cells->is_big)) {
		copy(cells, n, out);
		return;
	}
	for (size_t at = 0, now; at < n; at += now) {
		now = oq_min_u64(n - at, OQ_PQCELLS_BLOCK);
		oq_pqcells_load(cells, at, now, v);
		for (size_t i = 0; is_half && i < now; i++)
			v[i] = half_to_float((uint16_t)v[i]);
		if (width == 4)
			store_4(v, now, out + 4 * at);
		else
			store_8(v, now, out + 8 * at);
	}
}

/* ---- bits ---- */

void oq_pqbody_bools(const struct oq_pqcells *cells, size_t n, uint8_t *out)
{
	uint64_t v[OQ_PQCELLS_BLOCK];

	memset(out, 0, (n + 7) / 8);
	for (size_t at = 0, now; at < n; at += now) {
		now = oq_min_u64(n - at, OQ_PQCELLS_BLOCK);
		oq_pqcells_load(cells, at, now, v);
		for (size_t i = 0; i < now; i++)
			out[(at + i) / 8] |=
				(uint8_t)((v[i] != 0) << ((at + i) % 8));
	}
}

void oq_pqbody_pack(const uint32_t *index, size_t n, unsigned bits,
		    uint8_t *out)
{
	size_t padded = (n + 7) / 8 * 8;
	uint64_t word = 0;
	unsigned have = 0;

	for (size_t i = 0; i < padded; i++) {
		word |= (uint64_t)(i < n ? index[i] : 0) << have;
		for (have += bits; have >= 8; have -= 8) {
			*out++ = (uint8_t)word;
			word >>= 8;
		}
	}
}

/* ---- levels ---- */

/* Bits on their way into a run. */
struct run {
	uint8_t *at;
	unsigned have;
};

static void add_bit(struct run *r, bool bit)
{
	*r->at |= (uint8_t)(bit << r->have);
	if (++r->have == 8) {
		r->have = 0;
		r->at++;
	}
}

/* Begin a block of 'n' levels of one bit: its length, then one run, which is
 * for the caller to fill.  Returns false where memory ran out. */
static bool begin_levels(uint64_t n, struct oq_buf *out, struct run *r)
{
	uint64_t groups = (n + 7) / 8, header = groups << 1 | 1;
	unsigned head = oq_varint_len(header);
	char *to;

	oq_buf_put_u32(out, (uint32_t)(head + groups));
	to = oq_buf_room(out, head + groups);
	if (!to)
		return false;
	r->at = (uint8_t *)to + oq_varint_put(header, (uint8_t *)to);
	r->have = 0;
	memset(r->at, 0, groups);
	out->len += head + groups;
	return true;
}

/* Whether a value is one of the same list as the value before. */
static void add_repeats(uint64_t len, struct run *r)
{
	add_bit(r, false);
	while (len-- > 1)
		add_bit(r, true);
}

/* Whether there is a value. */
static void add_values(uint64_t len, struct run *r)
{
	add_bit(r, len > 0);
	while (len-- > 1)
		add_bit(r, true);
}

void oq_pqbody_put_lists(const uint64_t *lens, size_t nrows, struct oq_buf *out)
{
	uint64_t n = 0;
	struct run r;

	for (size_t i = 0; i < nrows; i++)
		n += oq_max_u64(1, lens[i]);
	if (!begin_levels(n, out, &r))
		return;
	for (size_t i = 0; i < nrows; i++)
		add_repeats(lens[i], &r);
	if (!begin_levels(n, out, &r))
		return;
	for (size_t i = 0; i < nrows; i++)
		add_values(lens[i], &r);
}

void oq_pqbody_put_nulls(const bool *is_null, size_t nrows, struct oq_buf *out)
{
	struct run r;

	if (!begin_levels(nrows, out, &r))
		return;
	for (size_t i = 0; i < nrows; i++)
		add_bit(&r, !is_null[i]);
}
