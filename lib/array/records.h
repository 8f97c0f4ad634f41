/* SPDX-License-Identifier: MIT */
/* records.h - where each byte of a view of fixed-width records comes from
 *
 * A bin, npy or txt view is one file: a header, then records that all have
 * the same width.  The place of any byte is therefore plain arithmetic, and a
 * read in the middle costs no more than a read at the start.
 *
 *	0           head_bytes                                   size
 *	|  header   | record 0 | record 1 | ... | record n-1 |
 *
 * Nothing here allocates, locks or calls HDF5.
 */
#ifndef OQ_RECORDS_H
#define OQ_RECORDS_H

#include <stddef.h>
#include <stdint.h>

/* The shape of a view.  A plain value: copy it freely, there is nothing to
 * release.  Only oq_records_init() may fill it in. */
struct oq_records {
	uint64_t head_bytes; /* npy or txt header; 0 for bin */
	uint64_t rec_bytes;  /* one record as shown, newline included; > 0 */
	uint64_t nrecs;	     /* may be 0 */
	uint64_t size;	     /* whole view in bytes; <= INT64_MAX */
};

/* What a byte range is made of: first some header, then some records. */
struct oq_span {
	uint64_t head_off; /* first header byte wanted */
	uint64_t head_len; /* header bytes wanted; 0 if none */
	uint64_t first;	   /* first record to produce */
	uint64_t nrecs;	   /* records to produce; 0 if none */
	uint64_t skip;	   /* bytes to drop from the front of record 'first' */
};

/* Set up '*v'.  Returns 0, -EINVAL (rec_bytes is 0) or -EOVERFLOW (the view
 * would be larger than a file can be); '*v' is untouched on error. */
int oq_records_init(struct oq_records *v, uint64_t head_bytes,
		    uint64_t rec_bytes, uint64_t nrecs);

/* Describe the bytes [off, off + len) in '*s', cut at the end of the view as
 * read(2) does.  Returns how many bytes that is: 0 at or past the end.
 * Cannot fail. */
size_t oq_records_span(const struct oq_records *v, uint64_t off, size_t len,
		       struct oq_span *s);

#endif
