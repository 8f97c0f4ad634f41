/* SPDX-License-Identifier: MIT */
/* h5mask.h - bytes of the file that the driver replaces, to hide attributes
 *
 * Private to h5hide.c, which finds what to hide, and h5mask.c, which keeps it.
 * Main thread only.
 */
#ifndef OQ_H5MASK_H
#define OQ_H5MASK_H

#include "lib/hdf5/h5int.h"

/* More is not kept of a file: its headers are damaged. */
#define OQ_MAX_HIDDEN	    50000
#define OQ_MAX_HIDDEN_BYTES ((size_t)4 << 20)

struct oq_h5_patch {
	uint64_t off;	  /* in the file */
	uint8_t from, to; /* the byte there, and what it is read as */
};

struct oq_h5_hidden_name {
	uint64_t object;
	char *name; /* owned */
};

struct oq_h5_hidden {
	struct oq_h5_patch *patches; /* sorted by 'off' */
	size_t npatches, patch_room;
	struct oq_h5_hidden_name *names;
	size_t nnames, name_room;
	size_t name_bytes; /* of all names, as they are in the file */
	bool failed;	   /* no memory, or too many */
};

/* Have the byte at 'off' of the file read as 'to'.  '*byte' is that byte in
 * memory, which is changed too. */
void oq_h5_hidden_change(struct oq_h5_hidden *g, uint64_t off, uint8_t *byte,
			 uint8_t to);
/* Note the name, 'len' bytes, of an attribute that is hidden from an object. */
void oq_h5_hidden_keep(struct oq_h5_hidden *g, uint64_t object,
		       const uint8_t *name, size_t len);
/* Sort the patches: needed after changes, before they are applied. */
void oq_h5_hidden_sort(struct oq_h5_hidden *g);

#endif
