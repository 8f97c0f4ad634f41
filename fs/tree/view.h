/* SPDX-License-Identifier: MIT */
/* view.h - the size and the bytes of a VIEW node
 *
 * Asked of the reader once, then remembered by the node.  Bytes that are the
 * file's own are read from the file; the others come from the reader.  Why
 * something failed is kept: see reasons.h.  Any thread.
 */
#ifndef OQFS_VIEW_H
#define OQFS_VIEW_H

#include "fs/tree/front.h"

/* Size and place; measures a csv, which may take a while. */
int oqfs_view_measure(struct oqfs_front *f, struct oqfs_node *n,
		      struct oqfs_cancel *cancel, struct oqfs_extent *e,
		      struct oq_err *err);

/* Is this errno one of what is there and cannot be had?  Its file then is as
 * one that is refused: of size 0, not for others to read, and does not open. */
bool oqfs_view_is_troubled(int r);

/* Its size where nothing has to be asked for it. */
bool oqfs_view_size(struct oqfs_front *f, const struct oqfs_node *n,
		    uint64_t *size);

/* A view that its entry says is refused: ask why.  Returns the errno, never
 * 0, and the reason. */
int oqfs_view_refusal(struct oqfs_front *f, struct oqfs_node *n,
		      struct oqfs_cancel *cancel, struct oq_err *err);

/* Bytes that were read.  They are in memory shared with the reader, or in the
 * thread's own buffer: valid until oqfs_bytes_done(), and until this thread
 * reads again. */
struct oqfs_bytes {
	const void *data;
	size_t len;
	bool is_lent;
	struct oqfs_answer answer;
};

/* Bytes [off, off + len), fewer only at the end of the view. */
int oqfs_view_read(struct oqfs_front *f, struct oqfs_node *n, uint64_t off,
		   size_t len, struct oqfs_cancel *cancel,
		   struct oqfs_bytes *out, struct oq_err *err);
void oqfs_bytes_done(struct oqfs_bytes *b);

/* The thread's buffer, at least 'n' bytes; NULL for no memory. */
void *oqfs_scratch(struct oqfs_front *f, size_t n);
/* The destructor for the key. */
void oqfs_scratch_free(void *p);

#endif
