/* SPDX-License-Identifier: MIT */
/* numtext.h - numbers as the shortest text that reads back to the same bits
 *
 * The text is Python's repr of the value, of the stored width: "0.1",
 * "1e-05", "1e+16", "3.0", "-0.0", "nan", "inf", "-inf".  Of the shortest
 * texts the one nearest to the exact value is taken.  No locale, no
 * allocation, no NUL at the end.  Each function returns how many bytes it
 * wrote, at most OQ_NUMTEXT_MAX, and may scribble over the whole of
 * 'out[OQ_NUMTEXT_MAX]'.
 */
#ifndef OQ_NUMTEXT_H
#define OQ_NUMTEXT_H

#include <stddef.h>
#include <stdint.h>

#define OQ_NUMTEXT_MAX 40

size_t oq_f64_text(char *out, double v);
size_t oq_f32_text(char *out, float v);
size_t oq_f16_text(char *out, uint16_t bits);
size_t oq_u64_text(char *out, uint64_t v);
size_t oq_i64_text(char *out, int64_t v);

/* The length of the same text, cheaper where that can be had. */
size_t oq_f64_len(double v);
size_t oq_f32_len(float v);
size_t oq_f16_len(uint16_t bits);
size_t oq_u64_len(uint64_t v);
size_t oq_i64_len(int64_t v);

#endif
