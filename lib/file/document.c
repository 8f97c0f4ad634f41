/* SPDX-License-Identifier: MIT */
/* document.c - a view that is all in memory */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/num.h"
#include "lib/file/file.h"

struct document {
	struct oq_file base; /* first: what the caller gets */
	struct oq_buf text;
};

static int document_size(struct oq_file *s, const struct oq_progress *p,
			 uint64_t *size, struct oq_err *err)
{
	(void)p;
	(void)err;
	*size = ((struct document *)s)->text.len;
	return 0;
}

static ssize_t document_read(struct oq_file *s, uint64_t off, size_t len,
			     uint8_t *out, struct oq_err *err)
{
	const struct oq_buf *text = &((struct document *)s)->text;

	(void)err;
	if (off >= text->len)
		return 0;
	len = oq_min_u64(len, text->len - off);
	memcpy(out, text->data + off, len);
	return (ssize_t)len;
}

static void document_close(struct oq_file *s)
{
	oq_buf_free(&((struct document *)s)->text);
	free(s);
}

int oq_document_open(struct oq_buf *text, struct oq_file **out,
		     struct oq_err *err)
{
	struct document *d = calloc(1, sizeof(*d));

	if (!d || oq_buf_failed(text)) {
		free(d);
		oq_buf_free(text);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	d->base.size = document_size;
	d->base.read = document_read;
	d->base.close = document_close;
	d->text = *text;
	d->base.held = text->room;
	*text = (struct oq_buf){ 0 };
	*out = &d->base;
	return 0;
}
