/* SPDX-License-Identifier: MIT */
/* texts.h - a long list of short texts in one block of memory
 *
 * An axis may have millions of labels, so a list of texts is one allocation:
 * the pointers first, then the bytes.  The texts are collected under a budget,
 * since the file says how many there are and how long.  One thread at a time.
 */
#ifndef OQ_TEXTS_H
#define OQ_TEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/type/dtype.h"

struct oq_texts {
	struct oq_buf buf; /* so far, each with a NUL behind it */
	uint64_t n;	   /* how many texts */
	uint64_t left; /* of the budget: bytes of texts, NULs and pointers */
	bool bad;      /* one of them is no text, or the budget is spent */
};

/* Add a text.  One with a NUL inside makes the list bad. */
void oq_texts_put(struct oq_texts *t, const char *s, size_t n);

/* Add a value as text: strings as they are but unpadded, numbers and enums as
 * in a csv. Compounds, arrays, sequences and references make the list bad. */
void oq_texts_put_value(struct oq_texts *t, const struct oq_dtype *type,
			const void *elem);

/* The list, which the caller gives to free(); NULL where it is bad or empty, or
 * memory ran out.  't' is empty then, and the next list may be collected with
 * the rest of the budget. */
char **oq_texts_take(struct oq_texts *t);

/* The same for a list of exactly 'n' texts: if there are fewer, empty ones are
 * added.  NULL also where there are more. */
char **oq_texts_take_n(struct oq_texts *t, uint64_t n);

#endif
