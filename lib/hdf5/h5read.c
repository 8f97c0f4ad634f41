/* SPDX-License-Identifier: MIT */
/* h5read.c - bytes of the file itself, as metadata are read */

#include <errno.h>
#include <unistd.h>

#include "lib/base/num.h"
#include "lib/hdf5/h5blocks.h"
#include "lib/hdf5/h5int.h"

ssize_t oq_h5_read_some(struct oq_h5 *h, void *to, size_t n, uint64_t off)
{
	ssize_t got = 0;

	if (h->blocks && n <= OQ_H5_BLOCK_BYTES)
		got = oq_h5_blocks_read(h->blocks, to, n, off);
	return got > 0 ? got : pread(h->fd, to, n, (off_t)off);
}

bool oq_h5_fetch(struct oq_h5 *h, void *out, size_t n, uint64_t off)
{
	uint8_t *to = out;
	uint64_t end;

	if (oq_add_overflows(off, n, &end) || end > INT64_MAX)
		return false;
	while (n) {
		ssize_t got = oq_h5_read_some(h, to, n, off);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		to += got;
		off += (uint64_t)got;
		n -= (size_t)got;
	}
	return true;
}
