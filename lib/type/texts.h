/* SPDX-License-Identifier: MIT */
/* texts.h - a long list of short texts in one block of memory
 *
 * The labels of an axis may be millions: a list of them is one allocation,
 * the pointers first, then the bytes.  It is collected under a budget, since
 * how many there are and how long is for the file to say.
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
	uint64_t n;	   /* how many */
	uint64_t left;	   /* bytes that they and their pointers may take yet */
	bool bad;	   /* one of them is no text, or the budget is spent */
};

/* Add a text.  One with a NUL inside makes the list bad. */
void oq_texts_put(struct oq_texts *t, const char *s, size_t n);

/* Add a value as text: strings as they are but unpadded, numbers and enums as
 * in a csv. Compounds, arrays, sequences and references make the list bad. */
void oq_texts_put_value(struct oq_texts *t, const struct oq_dtype *type,
			const void *elem);

/* The list, to be given to free(), or NULL where it is bad or memory ran out.
 * Either way the next may be collected, from what is left of the budget. */
char **oq_texts_take(struct oq_texts *t);

/* The same of exactly 'n', the missing ones empty.  NULL, too, where there is
 * none or there are more. */
char **oq_texts_take_n(struct oq_texts *t, uint64_t n);

#endif
