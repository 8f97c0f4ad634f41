/* SPDX-License-Identifier: MIT */
/* system.c - what the system around us is and lacks */

#include "fs/base/system.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/base/cleanup.h"

/* LANDLOCK_CREATE_RULESET_VERSION, which older headers do not have. */
#define ASK_VERSION 1

bool oqfs_system_has_openat2(void)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC,
				.resolve = RESOLVE_BENEATH };
	OQ_CLOSE int fd =
		(int)syscall(SYS_openat2, AT_FDCWD, ".", &how, sizeof(how));

	return fd >= 0 || (errno != ENOSYS && errno != EPERM);
}

bool oqfs_system_has_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION) >= 1;
}

bool oqfs_system_can_close(void)
{
	/* No descriptor has this number. */
	return syscall(SYS_close_range, ~0U, ~0U, 0) == 0 ||
	       access("/proc/self/fd", R_OK | X_OK) == 0;
}

const char *oqfs_system_self(void)
{
	static const char self[] = "/proc/self/exe";
	const char *given = (const char *)getauxval(AT_EXECFN);

	return access(self, F_OK) && given ? given : self;
}

const char *oqfs_system_null(int *flags)
{
	static const char null[] = "/dev/null";
	bool is_there = access(null, R_OK | W_OK) == 0;

	*flags = is_there ? O_RDWR : O_RDONLY | O_DIRECTORY;
	return is_there ? null : "/";
}

#ifdef OQFS_STATIC
/* What else libc asks for users, libraries of this machine, do not fit us. */
static char *home_of(uid_t uid)
{
	FILE *users = fopen("/etc/passwd", "re");
	const struct passwd *user;
	char *home = NULL;

	while (users && !home && (user = fgetpwent(users)))
		if (user->pw_uid == uid)
			home = strdup(user->pw_dir);
	if (users)
		fclose(users);
	return home;
}
#else
static char *home_of(uid_t uid)
{
	const struct passwd *user = getpwuid(uid);

	return user ? strdup(user->pw_dir) : NULL;
}
#endif

char *oqfs_system_home(void)
{
	const char *home = getenv("HOME");

	return home ? strdup(home) : home_of(getuid());
}
