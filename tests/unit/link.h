/* SPDX-License-Identifier: MIT */
/* link.h - reads as of a link that is as slow as it is told
 *
 * Takes the place of the C library's pread() in the test's whole program.
 * Each read takes 'pace_us' microseconds, and 'mib_us' for each megabyte.
 */
#ifndef TESTS_LINK_H
#define TESTS_LINK_H

#include <sys/syscall.h>
#include <unistd.h>

#include "tests/unit/test.h"

static unsigned pace_us, mib_us;
/* How it passes; a test may put something else here. */
static int (*pace)(useconds_t us) = usleep;

ssize_t pread64(int fd, void *buf, size_t n, off64_t off)
{
	pace(pace_us + (useconds_t)(mib_us * n >> 20));
	return syscall(SYS_pread64, fd, buf, n, off);
}

/* What it is called where a compiler sees how much room there is. */
#if __USE_FORTIFY_LEVEL > 0
ssize_t __pread64_chk(int fd, void *buf, size_t n, off64_t off, size_t room)
{
	assert_true(n <= room);
	return pread64(fd, buf, n, off);
}
#endif

#endif
