/* SPDX-License-Identifier: MIT */
/* map.h - pointers by a number
 *
 * A hash table with open addressing, for the objects of a file by their
 * addresses.  A file may choose them to collide, which costs time and nothing
 * else.  Not locked: the owner does, if it shares.
 */
#ifndef OQ_MAP_H
#define OQ_MAP_H

#include <stddef.h>
#include <stdint.h>

struct oq_map_slot {
	uint64_t key;
	void *value; /* NULL: free */
};

/* Zeroed before first use. */
struct oq_map {
	struct oq_map_slot *slots; /* owned */
	size_t n, size;		   /* 'size' is 0 or a power of two */
};

/* The value, or NULL where there is none. */
void *oq_map_get(const struct oq_map *m, uint64_t key);

/* Keep 'value' (not NULL) under a key.  Returns 1; 0 where the key has a value
 * already, which stays; or -ENOMEM. */
int oq_map_put(struct oq_map *m, uint64_t key, void *value)
	__attribute__((warn_unused_result));

/* Release the table, after 'each' (NULL: nothing) for every value in it; the
 * map is then empty and usable again. */
void oq_map_free(struct oq_map *m, void (*each)(void *value));

#endif
