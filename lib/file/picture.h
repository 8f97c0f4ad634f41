/* SPDX-License-Identifier: MIT */
/* picture.h - arrays that are pictures, as png
 *
 * An H x W x 3 or x 4 array of uint8 (the engine's `png/` group) and datasets
 * that follow the HDF5 Image specification: 8-bit grey scale, true colour
 * (pixel or plane interlaced), indexed with a palette.  Compression does not
 * depend on libpng's heuristics, so the same pixels always make the same bytes
 * and a size that was told stays true.
 */
#ifndef OQ_PICTURE_H
#define OQ_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/data/env.h"
#include "lib/data/source.h"
#include "lib/file/file.h"
#include "lib/hdf5/h5.h"

/* Larger arrays are not shown as pictures. */
#define OQ_PICTURE_MAX_BYTES ((uint64_t)64 << 20)

struct oq_picture {
	uint32_t width, height;
	unsigned samples; /* 1 grey or indexed, 3 RGB, 4 RGBA */
	bool planes;	  /* stored colour by colour, not pixel by pixel */
	bool white_is_zero;
	unsigned ncolours; /* > 0: indexed */
	uint8_t palette[256][3];
};

/* Main thread: whether a dataset is a picture, and how to read it.  False for
 * NULL.  Attributes are read only if shape and type allow a picture. */
bool oq_picture_of(const struct oq_env *env, struct oq_h5_dset *d,
		   struct oq_picture *p);

/* Main thread: the picture as png.  Takes over 'src', also on failure. */
int oq_picture_open(struct oq_source *src, const struct oq_picture *p,
		    struct oq_file **out, struct oq_err *err);

#endif
