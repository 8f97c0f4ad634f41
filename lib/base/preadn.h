/* SPDX-License-Identifier: MIT */
/* preadn.h - pread(2) until it is done */
#ifndef OQ_PREADN_H
#define OQ_PREADN_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

/* Read 'n' bytes from 'off' (which fits an off_t) on, or fewer where the file
 * ends.  Returns how many, or a negative errno. */
static inline ssize_t oq_preadn(int fd, void *buf, size_t n, uint64_t off)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = pread(fd, (char *)buf + got, n - got,
				  (off_t)(off + got));

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			break;
		got += (size_t)r;
	}
	return (ssize_t)got;
}

#endif
