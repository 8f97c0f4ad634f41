/* SPDX-License-Identifier: MIT */
/* szip.h - undo HDF5's szip filter
 *
 * Through libaec itself and not through its imitation of szlib: that one
 * divides by parameters it was not given, and where a stream ends early it
 * hands out memory that was never written.
 */
#ifndef OQ_SZIP_H
#define OQ_SZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the filter's four parameters, as HDF5 stores them, make sense: option
 * mask, pixels a block, bits a pixel, pixels a scan line. */
bool oq_szip_is_sane(const uint32_t *params);

/* Decode the 'n' bytes at 'in' to exactly 'out_bytes' bytes; the parameters
 * are sane.  Returns 0, -EIO (damaged) or -ENOMEM. */
int oq_szip_undo(const uint32_t *params, const uint8_t *in, size_t n,
		 uint8_t *out, size_t out_bytes);

#endif
