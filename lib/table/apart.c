/* SPDX-License-Identifier: MIT */
/* apart.c - no two columns have the same name */

#include "lib/table/apart.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/name.h"

/* A set of texts, hashed; it is never more than half full. */
struct set {
	const char **slots;
	size_t mask;
};

static int set_init(struct set *s, size_t n)
{
	size_t room = 4;

	while (room < 2 * n)
		room *= 2;
	s->slots = calloc(room, sizeof(*s->slots));
	s->mask = room - 1;
	return s->slots ? 0 : -ENOMEM;
}

/* Where it is, or would be. */
static const char **find(const struct set *s, const char *name)
{
	size_t i = (size_t)oq_name_hash(name, strlen(name)) & s->mask;

	while (s->slots[i] && strcmp(s->slots[i], name) != 0)
		i = (i + 1) & s->mask;
	return &s->slots[i];
}

static int rename_column(const struct set *taken, char **name)
{
	char *other = NULL;

	for (unsigned k = 1;; k++) {
		if (asprintf(&other, "%s_%u", *name, k) < 0)
			return -ENOMEM;
		if (!*find(taken, other))
			break;
		free(other);
	}
	free(*name);
	*name = other;
	*find(taken, other) = other;
	return 0;
}

int oq_tell_apart(char **const *names, size_t n)
{
	OQ_FREE bool *is_second = calloc(n + 1, sizeof(*is_second));
	struct set taken = { 0 };
	int r = is_second ? set_init(&taken, n) : -ENOMEM;

	for (size_t i = 0; !r && i < n; i++) {
		const char **slot = find(&taken, *names[i]);

		is_second[i] = *slot != NULL;
		if (!*slot)
			*slot = *names[i];
	}
	for (size_t i = 0; !r && i < n; i++)
		if (is_second[i])
			r = rename_column(&taken, names[i]);
	free(taken.slots);
	return r;
}
