/* SPDX-License-Identifier: MIT */
/* textfile.h - a text of rows as a file: measured once, rendered by the block
 *
 *	head      as it is
 *	block 0   rows [0, block_rows)      where each begins and ends is known
 *	block 1   ...                       once all were measured, in parallel
 *
 * The first request measures all blocks.  A read renders the blocks that it
 * touches; the cache keeps them, and the following ones are rendered ahead.
 */
#ifndef OQ_TEXTFILE_H
#define OQ_TEXTFILE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/file/file.h"

/* What the text is made of: the first member of a structure of its maker's.
 * The functions are called by workers. */
struct oq_text {
	struct oq_buf head; /* owned */
	uint64_t nrows;
	uint64_t block_rows; /* > 0 */
	uint64_t per_line;   /* "rows" in a line, for progress; 0 counts as 1 */
	size_t held;	     /* bytes of memory that it keeps, 'head' aside */
	/* Called before the first block, and again after a failure.  NULL:
	 * nothing to prepare. */
	int (*prepare)(struct oq_text *t, const struct oq_progress *p,
		       struct oq_err *err);
	/* Append the text of rows [first, first + n), the same each time. */
	int (*render)(struct oq_text *t, uint64_t first, size_t n,
		      struct oq_buf *out, struct oq_err *err);
	/* How many bytes that text has.  NULL: it is rendered to know. */
	int (*measure)(struct oq_text *t, uint64_t first, size_t n,
		       uint64_t *nbytes, struct oq_err *err);
	void (*close)(struct oq_text *t);
};

/* Main thread: open it.  Takes over 't', also on failure. */
int oq_textfile_open(const struct oq_env *env, struct oq_text *t,
		     struct oq_file **out, struct oq_err *err);

#endif
