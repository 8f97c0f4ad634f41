/* SPDX-License-Identifier: MIT */
/* view.h - the size and the bytes of a VIEW node
 *
 * The reader is asked for the size and place once; the node remembers them.
 * Bytes that stand in the datastore file as they are, are read from the file;
 * the others come from the reader.  Why something failed is kept (reasons.h).
 * Any thread; all but oqfs_view_size() may wait for a reader.
 */
#ifndef OQFS_VIEW_H
#define OQFS_VIEW_H

#include "fs/tree/front.h"

/* The size of a view and the place of its bytes.  The reader may have to
 * measure a whole csv for it.  Returns 0 or a negative errno with the reason.
 */
int oqfs_view_measure(struct oqfs_front *f, struct oqfs_node *n,
		      struct oqfs_cancel *cancel, struct oqfs_extent *e,
		      struct oq_err *err);

/* Whether this negative errno means that an object exists but cannot be read.
 * Its file then is like a refused one: of size 0, without the right for others
 * to read it, and it does not open. */
bool oqfs_view_is_troubled(int r);

/* The size of a view if it is known without asking the reader; else false. */
bool oqfs_view_size(struct oqfs_front *f, const struct oqfs_node *n,
		    uint64_t *size);

/* Ask why a view is refused, as its entry says.  Returns a negative errno,
 * never 0, with the reason. */
int oqfs_view_refusal(struct oqfs_front *f, struct oqfs_node *n,
		      struct oqfs_cancel *cancel, struct oq_err *err);

/* Bytes that were read, in memory shared with the reader or in one of the
 * front's buffers: valid until oqfs_bytes_done(). */
struct oqfs_bytes {
	const void *data;
	size_t len;
	struct oqfs_buffer *buffer; /* or NULL */
	bool is_lent;
	struct oqfs_answer answer;
};

/* Read the bytes [off, off + len), fewer only at the end of the view.  Returns
 * 0, and oqfs_bytes_done() is to follow; or a negative errno with the reason,
 * and there is nothing to be done with '*out'. */
int oqfs_view_read(struct oqfs_front *f, struct oqfs_node *n, uint64_t off,
		   size_t len, struct oqfs_cancel *cancel,
		   struct oqfs_bytes *out, struct oq_err *err);
void oqfs_bytes_done(struct oqfs_front *f, struct oqfs_bytes *b);

#endif
