/* SPDX-License-Identifier: MIT */
/* map.c - pointers by a number */

#include "lib/base/map.h"

#include <errno.h>
#include <stdlib.h>

#define FIRST_SIZE 256

/* Where the key is, or would be; there is a free slot in any case. */
static struct oq_map_slot *slot_of(const struct oq_map *m, uint64_t key)
{
	size_t i = (size_t)((key * 0x9e3779b97f4a7c15u) >> 32);

	for (i &= m->size - 1; m->slots[i].value; i = (i + 1) & (m->size - 1))
		if (m->slots[i].key == key)
			break;
	return &m->slots[i];
}

/* At most half of the slots are taken. */
static int make_room(struct oq_map *m)
{
	struct oq_map more = { .n = m->n };

	if (m->size && m->n < m->size / 2)
		return 0;
	more.size = m->size ? 2 * m->size : FIRST_SIZE;
	more.slots = calloc(more.size, sizeof(*more.slots));
	if (!more.slots)
		return -ENOMEM;
	for (size_t i = 0; i < m->size; i++)
		if (m->slots[i].value)
			*slot_of(&more, m->slots[i].key) = m->slots[i];
	free(m->slots);
	*m = more;
	return 0;
}

void *oq_map_get(const struct oq_map *m, uint64_t key)
{
	return m->size ? slot_of(m, key)->value : NULL;
}

int oq_map_put(struct oq_map *m, uint64_t key, void *value)
{
	struct oq_map_slot *s;

	if (make_room(m))
		return -ENOMEM;
	s = slot_of(m, key);
	if (s->value)
		return 0;
	*s = (struct oq_map_slot){ key, value };
	m->n++;
	return 1;
}

void oq_map_free(struct oq_map *m, void (*each)(void *value))
{
	for (size_t i = 0; each && i < m->size; i++)
		if (m->slots[i].value)
			each(m->slots[i].value);
	free(m->slots);
	*m = (struct oq_map){ 0 };
}
