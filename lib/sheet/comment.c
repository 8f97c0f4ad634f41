/* SPDX-License-Identifier: MIT */
/* comment.c - the usual items of the comment line */

#include <string.h>

#include "lib/engine/pytext.h"
#include "lib/sheet/kinds.h"

static void put_time(const struct oq_calculation *c, const char *key,
		     const char *otherwise, struct oq_buf *out)
{
	oq_comment_key(out, key);
	if (otherwise && !oq_param_is_set(c, key))
		key = otherwise;
	oq_py_put_json(oq_param(c, key), out);
}

static void put_item(const struct oq_calculation *c,
		     const struct oq_exportfile *f, const char *word, size_t n,
		     struct oq_buf *out)
{
	if (n == 2 && memcmp(word, "md", n) == 0) {
		oq_buf_puts(out, c->metadata);
	} else if (n == 4 && memcmp(word, "kind", n) == 0) {
		oq_comment_key(out, "kind");
		oq_py_put_text(f->label, out);
	} else if (n == 3 && memcmp(word, "inv", n) == 0) {
		put_time(c, "investigation_time", NULL, out);
	} else if (n == 4 && memcmp(word, "rinv", n) == 0) {
		put_time(c, "risk_investigation_time", "investigation_time",
			 out);
	} else if (n == 3 && memcmp(word, "imt", n) == 0) {
		oq_comment_key(out, "imt");
		oq_py_put_text(c->imts.name[f->imt], out);
	}
}

void oq_sheet_set_comment(struct oq_sheet *s, const struct oq_calculation *c,
			  const struct oq_exportfile *f, const char *words)
{
	while (*words) {
		size_t n = strcspn(words, " ");

		put_item(c, f, words, n, &s->comment);
		words += n + strspn(words + n, " ");
	}
}
