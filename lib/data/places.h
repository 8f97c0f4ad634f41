/* SPDX-License-Identifier: MIT */
/* places.h - where the chunks of a dataset are in the file
 *
 * Read from HDF5's index once and constant from then on; any thread.
 */
#ifndef OQ_PLACES_H
#define OQ_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/array/slab.h"
#include "lib/base/err.h"
#include "lib/data/env.h"
#include "lib/hdf5/h5.h"

struct oq_place {
	uint64_t number; /* of the chunk; the sort key, so the first member */
	uint64_t file_off;
	uint64_t nbytes;
	uint32_t mask;	/* filters skipped when it was written */
	bool has_peers; /* enough others begin in the same stretch (stretch.h)
			   that it is worth reading whole */
};

/* A plain value; the fields are for reading only. */
struct oq_places {
	bool blind; /* the places are not known: libhdf5 must read */
	size_t n;
	struct oq_place *v; /* by number, ascending; owned */
};

/* Main thread.  Read the index of 'd', whose chunks lie on 'grid'.  Returns 0,
 * -EIO (it makes no sense) or -ENOMEM. */
int oq_places_read(const struct oq_env *env, struct oq_h5_dset *d,
		   const struct oq_grid *grid, struct oq_places *p,
		   struct oq_err *err);
void oq_places_free(struct oq_places *p);

/* A chunk's place; NULL where it was never written. */
const struct oq_place *oq_places_find(const struct oq_places *p,
				      uint64_t number);

#endif
