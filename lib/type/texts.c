/* SPDX-License-Identifier: MIT */
/* texts.c - a long list of short texts in one block of memory */

#include "lib/type/texts.h"

#include <stdlib.h>
#include <string.h>

#include "lib/type/value.h"

/* The text from 'start' to the end of the buffer is complete. */
static void end_text(struct oq_texts *t, size_t start)
{
	size_t len = t->buf.len - start;
	uint64_t cost = len + 1 + sizeof(char *);

	if (oq_buf_failed(&t->buf) || cost > t->left ||
	    (len && memchr(t->buf.data + start, '\0', len))) {
		t->bad = true;
		return;
	}
	t->left -= cost;
	oq_buf_putc(&t->buf, '\0');
	t->n++;
}

void oq_texts_put(struct oq_texts *t, const char *s, size_t n)
{
	size_t start = t->buf.len;

	if (t->bad || n > t->left) {
		t->bad = true;
		return;
	}
	oq_buf_put(&t->buf, s, n);
	end_text(t, start);
}

static void put_number(struct oq_texts *t, const struct oq_dtype *type,
		       const void *elem)
{
	size_t start = t->buf.len;

	if (t->bad)
		return;
	oq_value_put_csv(type, elem, NULL, &t->buf);
	/* The name of an enum's member may be anything, and then is quoted. */
	if (t->buf.len > start && t->buf.data[start] == '"')
		t->bad = true;
	else
		end_text(t, start);
}

void oq_texts_put_value(struct oq_texts *t, const struct oq_dtype *type,
			const void *elem)
{
	const char *s;
	size_t n = 0;

	switch (type->cls) {
	case OQ_STRING:
	case OQ_VSTRING:
		s = oq_value_str(type, elem, &n);
		oq_texts_put(t, s ? s : "", s ? n : 0);
		return;
	case OQ_INT:
	case OQ_FLOAT:
	case OQ_TIME:
	case OQ_BITFIELD:
	case OQ_ENUM:
	case OQ_DATETIME:
	case OQ_TIMEDELTA:
		put_number(t, type, elem);
		return;
	case OQ_OPAQUE:
	case OQ_COMPOUND:
	case OQ_ARRAY:
	case OQ_VLEN:
	case OQ_OBJREF:
	case OQ_REGREF:
	case OQ_MASKED:
		break;
	}
	t->bad = true;
}

static char **in_one_block(const struct oq_texts *t)
{
	/* No overflow: the budget bounds both. */
	char **list = malloc(t->n * sizeof(*list) + t->buf.len);
	char *text;

	if (!list)
		return NULL;
	text = (char *)(list + t->n);
	memcpy(text, t->buf.data, t->buf.len);
	for (uint64_t i = 0; i < t->n; i++) {
		list[i] = text;
		text += strlen(text) + 1;
	}
	return list;
}

char **oq_texts_take(struct oq_texts *t)
{
	char **list = NULL;

	if (!t->bad && !oq_buf_failed(&t->buf) && t->n)
		list = in_one_block(t);
	oq_buf_free(&t->buf);
	t->n = 0;
	t->bad = false;
	return list;
}

char **oq_texts_take_n(struct oq_texts *t, uint64_t n)
{
	t->bad |= t->n == 0 || t->n > n;
	while (!t->bad && t->n < n)
		oq_texts_put(t, "", 0);
	return oq_texts_take(t);
}
