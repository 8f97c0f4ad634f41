/* SPDX-License-Identifier: MIT */
/* h5mask.h - private to h5hide.c and h5mask.c: bytes that a driver reads as
 * others, and the names of the attributes that are hidden so
 *
 * Main thread.
 */
#ifndef OQ_H5MASK_H
#define OQ_H5MASK_H

#include "lib/hdf5/h5int.h"

struct oq_h5_patch {
	uint64_t off;
	uint8_t from, to;
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
	bool failed; /* for memory, or there are too many */
};

/* The byte at 'off' of the file, which is at 'byte' here, is to be 'to'. */
void oq_h5_hidden_change(struct oq_h5_hidden *g, uint64_t off, uint8_t *byte,
			 uint8_t to);
/* An attribute of an object is hidden. */
void oq_h5_hidden_keep(struct oq_h5_hidden *g, uint64_t object,
		       const uint8_t *name, size_t len);
/* After changes, before they are applied. */
void oq_h5_hidden_sort(struct oq_h5_hidden *g);

#endif
