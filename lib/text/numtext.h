/* SPDX-License-Identifier: MIT */
/* numtext.h - numbers as the shortest text that reads back to the same bits
 *
 * The text is Python's repr of the value, of the stored width: "0.1",
 * "1e-05", "1e+16", "3.0", "-0.0", "nan", "inf", "-inf".  Of the shortest
 * texts the one nearest to the exact value is taken.  No locale, no
 * allocation, no NUL at the end.
 *
 * Numbers come by the million, so each function takes many: each number is
 * rendered into a cell of its own, and no number has to wait until the place
 * where the one before it ends is known, so a processor works on several at
 * the same time.  The input is an array of words, with the integer (sign
 * extended if it is signed) or the bits of the float in the lower part.  The
 * output is an array of cells, which the caller joins with oq_cell_put().
 */
#ifndef OQ_NUMTEXT_H
#define OQ_NUMTEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "lib/base/buf.h"

#define OQ_NUMTEXT_MAX 40

/* One number as text. */
struct oq_cell {
	char text[30];
	uint8_t start, len; /* where in it */
};

/* Copy a cell's text to 'out[OQ_NUMTEXT_MAX]' and return its end there.  A copy
 * of fixed size is cheaper than an exact one, so the rest of 'out' is
 * overwritten, and up to a cell is read behind 'c': an array of cells has one
 * more than is used. */
static inline char *oq_cell_put(char *out, const struct oq_cell *c)
{
	memcpy(out, c->text + c->start, sizeof(*c));
	return out + c->len;
}

void oq_f64_cells(const uint64_t *v, size_t n, struct oq_cell *out);
void oq_f32_cells(const uint64_t *v, size_t n, struct oq_cell *out);
void oq_f16_cells(const uint64_t *v, size_t n, struct oq_cell *out);
void oq_u64_cells(const uint64_t *v, size_t n, struct oq_cell *out);
void oq_i64_cells(const uint64_t *v, size_t n, struct oq_cell *out);

/* How long the same texts are together, without writing them. */
uint64_t oq_f64_lens(const uint64_t *v, size_t n);
uint64_t oq_f32_lens(const uint64_t *v, size_t n);
uint64_t oq_f16_lens(const uint64_t *v, size_t n);
uint64_t oq_u64_lens(const uint64_t *v, size_t n);
uint64_t oq_i64_lens(const uint64_t *v, size_t n);

/* A single one: returns how many bytes were written to 'out[OQ_NUMTEXT_MAX]',
 * any part of which may be scribbled over. */
size_t oq_f64_text(char *out, double v);
size_t oq_u64_text(char *out, uint64_t v);
/* The same, appended; a listing does so for each member of each compound. */
void oq_u64_put(uint64_t v, struct oq_buf *out);
size_t oq_i64_text(char *out, int64_t v);
size_t oq_u64_len(uint64_t v);

#endif
