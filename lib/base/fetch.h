/* SPDX-License-Identifier: MIT */
/* fetch.h - bytes of the datastore's file, all of them or an error */
#ifndef OQ_FETCH_H
#define OQ_FETCH_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/base/preadn.h"

/* Read exactly 'n' bytes at 'off'.  Returns 0, or -EIO where the file ends
 * before that or cannot be read.  Any thread. */
static inline int oq_fetch(int fd, void *out, size_t n, uint64_t off,
			   struct oq_err *err)
{
	ssize_t got;

	if (off > INT64_MAX || n > INT64_MAX - off)
		return oq_err_set(err, -EIO, "an address is out of range");
	got = oq_preadn(fd, out, n, off);
	if (got < 0)
		return oq_err_set(err, -EIO, "read the file: errno %d",
				  (int)-got);
	if ((size_t)got < n)
		return oq_err_set(err, -EIO, "the file ends before its data");
	return 0;
}

#endif
