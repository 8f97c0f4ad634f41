/* SPDX-License-Identifier: MIT */
/* h5root.c - facts about the root group, looked up once and kept */

#include <stdlib.h>
#include <string.h>

#include "lib/hdf5/h5int.h"

/* Look a fact up and keep it.  NULL for lack of memory: then the next call
 * looks again. */
static struct oq_h5_fact *keep(struct oq_h5 *h, const char *name, bool is_text)
{
	struct oq_h5_fact *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->name = name;
	f->is_text = is_text;
	f->addr = OQ_NO_ADDR;
	if (is_text)
		f->text = oq_h5_attr_text(h, h->root, name);
	else
		f->addr = oq_h5_find(h, h->root, name);
	f->next = h->facts;
	h->facts = f;
	return f;
}

static const struct oq_h5_fact *know(struct oq_h5 *h, const char *name,
				     bool is_text)
{
	const struct oq_h5_fact *f = h->facts;

	while (f && (f->is_text != is_text || strcmp(f->name, name)))
		f = f->next;
	return f ? f : keep(h, name, is_text);
}

uint64_t oq_h5_root_find(struct oq_h5 *h, const char *name)
{
	const struct oq_h5_fact *f = know(h, name, false);

	return f ? f->addr : OQ_NO_ADDR;
}

const char *oq_h5_root_text(struct oq_h5 *h, const char *name)
{
	const struct oq_h5_fact *f = know(h, name, true);

	return f ? f->text : NULL;
}
