/* SPDX-License-Identifier: MIT */
/* readeropts.c - what a mount tells each of its readers */

#include "lib/ipc/readeropts.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT(field) offsetof(struct oq_reader_opts, field)

static const struct option {
	const char *name;
	size_t at;
	uint64_t least, most;
} table[] = {
	{ "threads", AT(nthreads), 1, 1024 },
	{ "cache", AT(cache_bytes), 0, SIZE_MAX },
	{ "memory", AT(memory_bytes), 0, SIZE_MAX },
	{ "csv_split", AT(csv_split), 0, UINT64_MAX },
	{ "conventions", AT(conventions), 0, 1 },
	{ "sandbox", AT(sandbox), 0, 1 },
};

_Static_assert(sizeof(table) / sizeof(table[0]) == OQ_READER_NOPTS &&
		       sizeof(struct oq_reader_opts) ==
			       OQ_READER_NOPTS * sizeof(uint64_t),
	       "each field has its row");

void oq_reader_opts_encode(const struct oq_reader_opts *o,
			   struct oq_reader_words *w)
{
	for (size_t i = 0; i < OQ_READER_NOPTS; i++) {
		uint64_t v;

		memcpy(&v, (const char *)o + table[i].at, sizeof(v));
		snprintf(w->text[i], sizeof(w->text[i]), "%s=%" PRIu64,
			 table[i].name, v);
		w->argv[i] = w->text[i];
	}
	w->argv[OQ_READER_NOPTS] = NULL;
}

/* The row of a word, and where its number begins; NULL: none. */
static const struct option *find(const char *word, const char **number)
{
	size_t n = strcspn(word, "=");

	*number = word + n + (word[n] == '=');
	for (size_t i = 0; i < OQ_READER_NOPTS; i++)
		if (strlen(table[i].name) == n &&
		    strncmp(table[i].name, word, n) == 0)
			return &table[i];
	return NULL;
}

static bool take(const char *word, struct oq_reader_opts *o, unsigned *had)
{
	const char *number;
	const struct option *is = find(word, &number);
	unsigned bit = is ? 1U << (is - table) : 0;
	char *end;
	uint64_t v;

	if (!is || *had & bit || *number < '0' || *number > '9')
		return false;
	errno = 0;
	v = strtoull(number, &end, 10);
	if (errno || *end || v < is->least || v > is->most)
		return false;
	memcpy((char *)o + is->at, &v, sizeof(v));
	*had |= bit;
	return true;
}

bool oq_reader_opts_decode(int argc, char *const *argv,
			   struct oq_reader_opts *o)
{
	struct oq_reader_opts got = { 0 };
	unsigned had = 0;

	for (int i = 0; i < argc; i++)
		if (!take(argv[i], &got, &had))
			return false;
	if (had != (1U << OQ_READER_NOPTS) - 1)
		return false;
	*o = got;
	return true;
}
