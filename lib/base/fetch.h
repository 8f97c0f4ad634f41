/* SPDX-License-Identifier: MIT */
/* fetch.h - bytes of the datastore's file, all of them or an error */
#ifndef OQ_FETCH_H
#define OQ_FETCH_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include "lib/base/err.h"

/* Read exactly 'n' bytes at 'off'.  Returns 0, or -EIO where the file ends
 * before that or cannot be read.  Any thread. */
static inline int oq_fetch(int fd, void *out, size_t n, uint64_t off,
			   struct oq_err *err)
{
	uint8_t *to = out;

	if (off > INT64_MAX || n > INT64_MAX - off)
		return oq_err_set(err, -EIO, "an address is out of range");
	while (n) {
		ssize_t got = pread(fd, to, n, (off_t)off);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return oq_err_set(err, -EIO, "read the file: errno %d",
					  errno);
		if (got == 0)
			return oq_err_set(err, -EIO,
					  "the file ends before its data");
		to += got;
		off += (uint64_t)got;
		n -= (size_t)got;
	}
	return 0;
}

#endif
