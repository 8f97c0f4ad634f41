/* SPDX-License-Identifier: MIT */
/* stored.h - files that a datastore holds: gzip bytes in a scalar opaque
 *
 * The engine's `input/` group has the user's input files in this form. They
 * are shown under their own names, decompressed.
 */
#ifndef OQ_STORED_H
#define OQ_STORED_H

#include <stdbool.h>

#include "lib/data/env.h"
#include "lib/hdf5/h5.h"
#include "lib/view/file.h"

/* Main thread: whether the dataset holds a gzip file. */
bool oq_stored_is(const struct oq_env *env, struct oq_h5_dset *d);

/* Its content, decompressed as it is read, in bounded memory.  Takes over
 * 'src', also on failure. */
int oq_stored_open(const struct oq_env *env, struct oq_source *src,
		   struct oq_file **out, struct oq_err *err);

#endif
