/* SPDX-License-Identifier: MIT */
/* pickle.h - lists of names out of Python's pickles
 *
 * PyTables stores attributes that are no numbers or strings as pickles of
 * protocol 0.  Here texts, integers, lists (tuples too) and dictionaries are
 * made of them and nothing else: no name is looked up, nothing is called or
 * built.  What else there may be (a class, what a call would give, a float) is
 * an OQ_PICKLED_OTHER, so that what stands beside it can still be read.
 *
 * One value may be in several places, and even in itself.
 */
#ifndef OQ_PICKLE_H
#define OQ_PICKLE_H

#include <stddef.h>
#include <stdint.h>

enum oq_pickled_kind {
	OQ_PICKLED_OTHER,
	OQ_PICKLED_NONE,
	OQ_PICKLED_INT,
	OQ_PICKLED_TEXT,
	OQ_PICKLED_LIST,
	OQ_PICKLED_DICT,
};

struct oq_pickled {
	enum oq_pickled_kind kind;
	int64_t number;
	char *text; /* owned; UTF-8, of an integer its digits; no NUL inside */
	size_t n, room; /* of items; a dictionary's are keys and values */
	struct oq_pickled **items;
	struct oq_pickled *next; /* that was made before */
};

/* Read a pickle of 'n' bytes.  '*all' (NULL before) is to be freed in any case.
 * NULL where it is none, is of another protocol, or there is no memory. */
const struct oq_pickled *oq_pickle_read(const char *s, size_t n,
					struct oq_pickled **all);
void oq_pickle_free(struct oq_pickled *all);

/* What a key of a dictionary has, or NULL. */
const struct oq_pickled *oq_pickled_get(const struct oq_pickled *dict,
					const char *key);

#endif
