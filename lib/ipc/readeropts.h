/* SPDX-License-Identifier: MIT */
/* readeropts.h - what a mount tells each of its readers
 *
 * Said on the reader's command line as "name=number", one word for each field:
 * a field here and a row in readeropts.c are all that an option needs on its
 * way from the front to a reader.  Pure.
 */
#ifndef OQ_READEROPTS_H
#define OQ_READEROPTS_H

#include <stdbool.h>
#include <stdint.h>

struct oq_reader_opts {
	uint64_t nthreads;     /* 1 .. 1024 */
	uint64_t cache_bytes;  /* decoded chunks and rows */
	uint64_t memory_bytes; /* of address space; 0: no limit */
	uint64_t csv_split; /* raw bytes; a larger csv is in parts; 0: never */
	uint64_t conventions; /* of other programs: 0 or 1 */
	uint64_t sandbox;     /* 0 or 1 */
};

#define OQ_READER_NOPTS	     6
#define OQ_READER_WORD_BYTES 48

/* The words, and an argv of them that ends in NULL. */
struct oq_reader_words {
	char text[OQ_READER_NOPTS][OQ_READER_WORD_BYTES];
	char *argv[OQ_READER_NOPTS + 1]; /* into 'text' */
};

void oq_reader_opts_encode(const struct oq_reader_opts *o,
			   struct oq_reader_words *w);

/* Take the words apart, in any order.  False, with '*o' untouched, unless each
 * option is there once, is known, and has a number within its bounds. */
bool oq_reader_opts_decode(int argc, char *const *argv,
			   struct oq_reader_opts *o);

#endif
