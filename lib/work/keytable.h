/* SPDX-License-Identifier: MIT */
/* keytable.h - a hash table of things by their owner's number and an index
 *
 * The chains go through the things themselves; the table owns none of them.
 * Not locked: the caller does that.
 */
#ifndef OQ_KEYTABLE_H
#define OQ_KEYTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first member of a thing; constant while it is in a table. */
struct oq_keyed {
	uint64_t owner, index;
	struct oq_keyed *next; /* the table's */
};

/* The fields are for reading only. */
struct oq_keytable {
	struct oq_keyed **chains;
	size_t nchains; /* a power of two */
	size_t n;
};

/* An empty table.  False: no memory. */
bool oq_keytable_init(struct oq_keytable *t);
void oq_keytable_free(struct oq_keytable *t);

/* The thing with this key, or NULL. */
struct oq_keyed *oq_keytable_find(const struct oq_keytable *t, uint64_t owner,
				  uint64_t index);
/* Add a thing whose key is not in the table yet.  Cannot fail: where there is
 * no memory to grow, chains become longer. */
void oq_keytable_add(struct oq_keytable *t, struct oq_keyed *k);
void oq_keytable_remove(struct oq_keytable *t, const struct oq_keyed *k);

#endif
