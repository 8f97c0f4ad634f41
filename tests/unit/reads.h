/* SPDX-License-Identifier: MIT */
/* reads.h - a file of some bytes, and how often this process read */
#ifndef TESTS_READS_H
#define TESTS_READS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/test.h"

/* A new file without a name; the caller's, for close(2). */
static inline int file_of(const uint8_t *bytes, size_t n)
{
	char path[] = "/tmp/oqfs-reads-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	assert_int_equal(write(fd, bytes, n), n);
	return fd;
}

/* How many read(2)s and the like this process has made, but for those of
 * looking. */
static inline unsigned long nreads(void)
{
	static unsigned long looks;
	FILE *f = fopen("/proc/self/io", "re");
	unsigned long n = 0;
	char line[64];

	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		(void)sscanf(line, "syscr: %lu", &n);
	fclose(f);
	/* The end of file is one more. */
	return n - 2 * looks++;
}

#endif
