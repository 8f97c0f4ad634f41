/* SPDX-License-Identifier: MIT */
/* lookup3.h - the checksum of HDF5's metadata
 *
 * Bob Jenkins' hash of that name, started from zero.  Pure.
 */
#ifndef OQ_LOOKUP3_H
#define OQ_LOOKUP3_H

#include <stddef.h>
#include <stdint.h>

uint32_t oq_lookup3(const void *data, size_t len);

#endif
