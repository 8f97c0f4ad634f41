/* SPDX-License-Identifier: MIT */
/* optval.h - the values of options
 *
 * Each takes the whole word and returns 0 or -EINVAL.  Any thread.
 */
#ifndef OQFS_OPTVAL_H
#define OQFS_OPTVAL_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"

/* Bytes: digits, and K, M, G or T at most. */
int oqfs_optval_size(const char *s, uint64_t *out);
/* A number from 1 to 'most', times 'scale'. */
int oqfs_optval_count(const char *s, uint64_t most, unsigned scale,
		      unsigned *out);
/* Names of views, separated by ':' or ','.  '*out' has a bit for each
 * oq_view_kind. */
int oqfs_optval_views(const char *s, uint32_t *out);
/* Append the words of these views, with 'between' between them. */
void oqfs_optval_view_words(uint32_t views, char between, struct oq_buf *out);
/* One of two words. */
int oqfs_optval_either(const char *s, const char *yes, const char *no,
		       bool *out);

#endif
