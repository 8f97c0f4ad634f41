/* SPDX-License-Identifier: MIT */
/* filter.h - undo a chunk's filter pipeline
 *
 * The pipelines that we undo ourselves, on any thread: deflate, shuffle,
 * fletcher32, szip, lzf, and of the registered filters bzip2, blosc, lz4,
 * bitshuffle and zstd; in any order, one compressor at most.  The bytes come
 * from a file and may be anything: the result is checked to be exactly as
 * long as a chunk is.
 */
#ifndef OQ_FILTER_H
#define OQ_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"

#define OQ_FILTER_MAX 32

/* HDF5's numbers: from its specification, and those that it registered. */
enum oq_filter_id {
	OQ_FILTER_DEFLATE = 1,
	OQ_FILTER_SHUFFLE = 2,
	OQ_FILTER_FLETCHER32 = 3,
	OQ_FILTER_SZIP = 4,
	OQ_FILTER_BZIP2 = 307,
	OQ_FILTER_LZF = 32000,
	OQ_FILTER_BLOSC = 32001,
	OQ_FILTER_LZ4 = 32004,
	OQ_FILTER_BITSHUFFLE = 32008,
	OQ_FILTER_ZSTD = 32015,
};

/* One filter of a pipeline, as HDF5 numbers and parameterises it. */
struct oq_filter {
	int id;
	size_t nparams;
	uint32_t params[8]; /* the first ones; others are not needed */
};

struct oq_pipeline {
	size_t nfilters;
	struct oq_filter filters[OQ_FILTER_MAX];
};

/* Whether every filter of the pipeline is one of ours, with parameters that
 * make sense for chunks of 'chunk_bytes'. */
bool oq_pipeline_is_ours(const struct oq_pipeline *p, size_t chunk_bytes);

/* Undo the pipeline on the 'n' bytes at 'raw': 'chunk_bytes' bytes go to
 * 'out'.  Bit i of 'mask' says that filter i was left out when the chunk was
 * written.  Returns 0, -EIO (damaged, with the reason) or -ENOMEM. */
int oq_pipeline_undo(const struct oq_pipeline *p, uint32_t mask,
		     const uint8_t *raw, size_t n, uint8_t *out,
		     size_t chunk_bytes, struct oq_err *err);

/* ---- one filter alone ----
 *
 * For the reads that only libhdf5 does: of filters that it does not have, and
 * whose bytes tell how many they become. */

/* How many bytes the 'n' at 'in' say that they become.  0, -EIO (damaged) or
 * -EOPNOTSUPP (another filter, or parameters that make no sense). */
int oq_filter_length(const struct oq_filter *f, const uint8_t *in, size_t n,
		     uint64_t *out_bytes);

/* Undo it to exactly as many.  0, -EIO, -ENOMEM or -EOPNOTSUPP. */
int oq_filter_undo(const struct oq_filter *f, const uint8_t *in, size_t n,
		   uint8_t *out, size_t out_bytes);

#endif
