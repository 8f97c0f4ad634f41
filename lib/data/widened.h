/* SPDX-License-Identifier: MIT */
/* widened.h - a source whose numbers are those that NumPy has */
#ifndef OQ_WIDENED_H
#define OQ_WIDENED_H

#include "lib/base/err.h"
#include "lib/data/source.h"

/* The elements of 'src', which have no pointers, as widen.h has them: 'src'
 * itself where they are so already.  Takes over 'src', also on failure. */
int oq_widened_open(struct oq_source *src, struct oq_source **out,
		    struct oq_err *err);

#endif
