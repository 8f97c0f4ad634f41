/* SPDX-License-Identifier: MIT */
/* meaning.h - opens datasets with the types that conventions give them
 *
 * Main thread only.
 */
#ifndef OQ_MEANING_H
#define OQ_MEANING_H

#include <stdbool.h>

#include "lib/hdf5/h5.h"

/* As oq_h5_dset_open().  With 'conventions', the dataset's description has the
 * type that a convention gives the elements, if their bytes are the same in
 * both: MATLAB's logical. */
int oq_meaning_open(struct oq_h5 *h5, bool conventions, uint64_t addr,
		    struct oq_h5_dset **out, struct oq_err *err);

#endif
