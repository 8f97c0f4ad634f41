/* SPDX-License-Identifier: MIT */
/* keytable.h - things found by an owner's number and an index
 *
 * A hash table with chains through the things themselves; it owns none of them.
 * Not for several threads at once: its user has the lock.
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

/* False for no memory. */
bool oq_keytable_init(struct oq_keytable *t);
void oq_keytable_free(struct oq_keytable *t);

/* NULL where there is none. */
struct oq_keyed *oq_keytable_find(const struct oq_keytable *t, uint64_t owner,
				  uint64_t index);
/* No other with its key may be there.  Cannot fail. */
void oq_keytable_add(struct oq_keytable *t, struct oq_keyed *k);
void oq_keytable_remove(struct oq_keytable *t, const struct oq_keyed *k);

#endif
