/* SPDX-License-Identifier: MIT */
/* workdir.h - a directory of its own for each test, which works in it
 *
 * For cmocka's setup and teardown; the state is the directory's path.
 */
#ifndef WORKDIR_H
#define WORKDIR_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline int setup(void **state)
{
	char *dir = strdup("/tmp/oqfs-test-XXXXXX");

	*state = dir;
	return dir && mkdtemp(dir) && chdir(dir) == 0 ? 0 : -1;
}

static inline int teardown(void **state)
{
	char *dir = *state, command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	free(dir);
	return chdir("/") || system(command);
}

#endif
