/* SPDX-License-Identifier: MIT */
/* pickle.h - lists of names out of Python's pickles
 *
 * PyTables stores attributes that are not numbers or strings as pickles of
 * protocol 0.  The reader makes texts, integers, lists (of tuples too) and
 * dictionaries of them, and nothing else: it looks no name up, calls nothing
 * and builds no object.  Any other value (a class, the result of a call, a
 * float) becomes an OQ_PICKLED_OTHER, so the values beside it can still be
 * read.
 *
 * A value may be an item of several others, and even of itself.  Pure.
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
	char *text; /* owned; UTF-8, or an integer's digits; no NUL inside */
	size_t n, room; /* of items; a dictionary has keys and values in turn */
	struct oq_pickled **items; /* owned array of borrowed values */
	struct oq_pickled *next;   /* owned: the value that was made before */
};

/* Read a pickle of 'n' bytes.  The result lives in '*all' (NULL before), which
 * the caller frees in any case.  NULL where the bytes are no pickle or one of
 * another protocol, or there is no memory. */
const struct oq_pickled *oq_pickle_read(const char *s, size_t n,
					struct oq_pickled **all);
void oq_pickle_free(struct oq_pickled *all);

/* The value of a text key in a dictionary; NULL where there is none, or 'dict'
 * is NULL or not a dictionary. */
const struct oq_pickled *oq_pickled_get(const struct oq_pickled *dict,
					const char *key);

#endif
