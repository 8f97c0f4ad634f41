/* SPDX-License-Identifier: MIT */
/* name.h - HDF5 link names as file names, and the views behind them
 *
 * A file name is the link's name, escaped, and the suffix of a view:
 *
 *	link "lon"   ->  lon.bin  lon.csv  lon.npy   lon.meta.json
 *	link "a/b%"  ->  a%2Fb%25.csv
 *
 * Escaped as %XX (upper case) are '/', '%', bytes below 0x20, 0x7f, an empty
 * name (as "%"), and the dots of a whole name "." or "..".  Everything else,
 * UTF-8 or not, stays.  A file name that would pass 255 bytes is cut (at a
 * whole UTF-8 character and a whole escape) and ends in "%~" and 16 hex
 * digits of a hash of the link's name, before the suffix; "%~" occurs in no
 * other name.
 */
#ifndef OQ_NAME_H
#define OQ_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"

#define OQ_NAME_MAX 255

/* The escaped name alone, as a path component of a directory or a link's text;
 * not cut. */
void oq_name_escape(const char *link, size_t n, struct oq_buf *out);

/* The whole file name, cut where too long, with a NUL behind it.  Returns its
 * length. */
size_t oq_name_file(const char *link, size_t n, const char *suffix,
		    char out[OQ_NAME_MAX + 1]);

/* The hash that a cut name ends in: 64-bit FNV-1a of the link's name. */
uint64_t oq_name_hash(const char *link, size_t n);

/* Undo oq_name_escape(): append the link's name.  Returns 0, or -ENOENT where
 * no link name can have this escaped form (bad or needless escape, cut). */
int oq_name_unescape(const char *name, size_t n, struct oq_buf *out);

#endif
