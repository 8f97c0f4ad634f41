/* SPDX-License-Identifier: MIT */
/* quiesce.c - wait until a file has been left alone for a while */

#include "lib/work/quiesce.h"

#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

static int64_t ns_of(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void oq_quiesce_wait(int fd, int ms)
{
	int64_t calm = ms * INT64_C(1000000);
	struct timespec now, rest = { 0 };
	struct stat st;
	int64_t age = 0;

	/* fstat() may be refused: see size.h. */
	if (fstat(fd, &st) == 0) {
		clock_gettime(CLOCK_REALTIME, &now);
		age = ns_of(now) - ns_of(st.st_mtim);
	}
	if (age >= calm)
		return;
	rest.tv_nsec = (long)(age > 0 ? calm - age : calm);
	while (nanosleep(&rest, &rest) && errno == EINTR)
		;
}
