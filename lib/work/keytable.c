/* SPDX-License-Identifier: MIT */
/* keytable.c - things found by an owner's number and an index */

#include "lib/work/keytable.h"

#include <stdlib.h>

#define FIRST_CHAINS 256

bool oq_keytable_init(struct oq_keytable *t)
{
	*t = (struct oq_keytable){ .nchains = FIRST_CHAINS };
	t->chains = calloc(t->nchains, sizeof(*t->chains));
	return t->chains != NULL;
}

void oq_keytable_free(struct oq_keytable *t)
{
	free(t->chains);
	*t = (struct oq_keytable){ 0 };
}

static size_t chain(const struct oq_keytable *t, uint64_t owner, uint64_t index)
{
	uint64_t h = (owner * 0x9e3779b97f4a7c15u) ^ index;

	h *= 0xbf58476d1ce4e5b9u;
	return (size_t)(h ^ (h >> 29)) & (t->nchains - 1);
}

struct oq_keyed *oq_keytable_find(const struct oq_keytable *t, uint64_t owner,
				  uint64_t index)
{
	struct oq_keyed *k = t->chains[chain(t, owner, index)];

	while (k && (k->owner != owner || k->index != index))
		k = k->next;
	return k;
}

static void put(struct oq_keytable *t, struct oq_keyed *k)
{
	size_t i = chain(t, k->owner, k->index);

	k->next = t->chains[i];
	t->chains[i] = k;
}

/* Best effort: without memory only the chains get longer. */
static void grow(struct oq_keytable *t)
{
	size_t old_n = t->nchains;
	struct oq_keyed **old = t->chains;
	struct oq_keyed **chains = calloc(old_n * 2, sizeof(*chains));

	if (!chains)
		return;
	t->chains = chains;
	t->nchains = old_n * 2;
	for (size_t i = 0; i < old_n; i++) {
		for (struct oq_keyed *k = old[i], *next; k; k = next) {
			next = k->next;
			put(t, k);
		}
	}
	free(old);
}

void oq_keytable_add(struct oq_keytable *t, struct oq_keyed *k)
{
	if (t->n >= t->nchains)
		grow(t);
	put(t, k);
	t->n++;
}

void oq_keytable_remove(struct oq_keytable *t, const struct oq_keyed *k)
{
	struct oq_keyed **p = &t->chains[chain(t, k->owner, k->index)];

	while (*p != k)
		p = &(*p)->next;
	*p = k->next;
	t->n--;
}
