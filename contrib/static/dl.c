/* SPDX-License-Identifier: MIT */
/* dl.c - a static program loads no libraries
 *
 * Linked into it in the place of libc's: libhdf5 has a way to load plugins,
 * which we never let it go, and what it loaded would bring a second libc.
 */
#include <dlfcn.h>
#include <stddef.h>

void *dlopen(const char *path, int flags)
{
	(void)path, (void)flags;
	return NULL;
}

void *dlsym(void *restrict handle, const char *restrict name)
{
	(void)handle, (void)name;
	return NULL;
}

char *dlerror(void)
{
	static char text[] = "a static program loads no libraries";

	return text;
}

int dlclose(void *handle)
{
	(void)handle;
	return -1;
}
