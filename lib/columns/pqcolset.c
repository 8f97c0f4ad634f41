/* SPDX-License-Identifier: MIT */
/* pqcolset.c - the columns of a table as those of a Parquet file */

#include "lib/columns/pqcolset.h"

#include <stdlib.h>

void *oq_pqcolumns_own(struct oq_pqcolumns *c, void *p)
{
	void **more = NULL;

	if (p && !(c->nowned & (c->nowned + 1)))
		more = reallocarray(c->owned, 2 * c->nowned + 2,
				    sizeof(*c->owned));
	else if (p)
		more = c->owned;
	if (!more) {
		free(p);
		return NULL;
	}
	c->owned = more;
	c->owned[c->nowned++] = p;
	return p;
}

void oq_pqcolumns_free(struct oq_pqcolumns *c)
{
	for (size_t i = 0; i < c->nowned; i++)
		free(c->owned[i]);
	free(c->owned);
	free(c->cols);
	free(c->origins);
	free(c->parts);
	*c = (struct oq_pqcolumns){ 0 };
}
