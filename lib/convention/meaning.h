/* SPDX-License-Identifier: MIT */
/* meaning.h - datasets with the types that the conventions of others give them
 *
 * Main thread only.
 */
#ifndef OQ_MEANING_H
#define OQ_MEANING_H

#include <stdbool.h>

#include "lib/hdf5/h5.h"

/* As oq_h5_dset_open().  If conventions count, 'type' of its description is
 * what its elements mean where their bytes are the same: MATLAB's logical. */
int oq_meaning_open(struct oq_h5 *h5, bool conventions, uint64_t addr,
		    struct oq_h5_dset **out, struct oq_err *err);

#endif
