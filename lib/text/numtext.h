/* SPDX-License-Identifier: MIT */
/* numtext.h - numbers as the shortest text that reads back to the same bits
 *
 * The text is Python's repr of the value, of the stored width: "0.1",
 * "1e-05", "1e+16", "3.0", "-0.0", "nan", "inf", "-inf".  Of the shortest
 * texts the one nearest to the exact value is taken.  No locale, no
 * allocation, no NUL at the end.
 *
 * Numbers come by the million, so the work is done on many at once, in steps:
 * a processor can then have several of them in hand, since none waits to know
 * where the one before it ends.  What goes in is an array of words, with the
 * integer (sign extended if it has a sign) or the bits of the float in the
 * lower part; what comes out, an array of cells, to be strung together.
 */
#ifndef OQ_NUMTEXT_H
#define OQ_NUMTEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define OQ_NUMTEXT_MAX 40

/* One number as text. */
struct oq_cell {
	char text[30];
	uint8_t start, len; /* where in it */
};

/* Put a cell's text at 'out[OQ_NUMTEXT_MAX]', scribbling over what it does
 * not need of it.  Of an array of cells one more must exist than is used: a
 * copy of one size, past the end of the text, is cheaper than an exact one. */
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
size_t oq_i64_text(char *out, int64_t v);
size_t oq_u64_len(uint64_t v);

#endif
