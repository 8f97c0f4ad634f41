/* SPDX-License-Identifier: MIT */
/* split.h - a file name taken apart
 *
 *	gmf~1[0:10].csv    stem "gmf~1", of which "~1" may be a number; slice
 *	                   "[0:10]"; suffix ".csv", that of a view
 *
 * What a name may mean, not what it does: a link may be called "gmf~1", or
 * "gmf~1[0:10].csv", so there are several ways, and each function gives one
 * after the other.  Pure.
 */
#ifndef OQ_SPLIT_H
#define OQ_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/views.h"

/* Slice and suffix; longer ones are not looked for. */
#define OQ_SPLIT_MAX_TAIL 200

struct oq_split {
	const char *name; /* all of it */
	size_t stem_len;
	const char *tail; /* slice and suffix */
	enum oq_view_kind view;
	bool is_maybe; /* of what may have the name, and nothing else */
};

/* The next way to split the suffix of a view off 'name', from view '*v' on (0
 * at first); the bare name, of OQ_VIEW_FILE, is one.  False: no more. */
bool oq_split_suffix(const char *name, unsigned *v, struct oq_split *p);

/* Split off a suffix that stands behind a ']', which then ends the stem. */
bool oq_split_bracket(const char *name, struct oq_split *p);

/* The next way to split a slice off, whose ']' is before 'end': the longest
 * stem first.  '*at' (0 at first) remembers where its '[' is.  False: no
 * more. */
bool oq_split_slice(struct oq_split *p, size_t end, size_t *at);

/* The length of a stem without its "~N", or 0 where it ends in none. */
size_t oq_split_unnumbered(const char *stem, size_t len);

/* Does a suffix of a view end in this letter?  Few names end so, and the others
 * cannot be taken for one of another object. */
bool oq_split_ends(char c);

#endif
