/* SPDX-License-Identifier: MIT */
/* system.h - what the system around us has
 *
 * Every call asks the kernel anew.  Any thread.
 */
#ifndef OQFS_SYSTEM_H
#define OQFS_SYSTEM_H

#include <stdbool.h>

/* Whether openat2() works, which keeps paths below a directory.  From Linux 5.6
 * on; some containers block it. */
bool oqfs_system_has_openat2(void);
/* Whether Landlock works: from Linux 5.13 on, in a kernel that was built and
 * booted with it. */
bool oqfs_system_has_landlock(void);

/* Whether a new process can be started without our descriptors: from Linux 5.9
 * on (close_range()), or where there is /proc. */
bool oqfs_system_can_close(void);

/* The path to execute for another process of ours.  With /proc that is this
 * very binary, even if another one was installed since.  Without /proc it is
 * the path by which we were started.  A static string. */
const char *oqfs_system_self(void);

/* The path to open instead of /dev/null, and its open flags: /dev/null itself,
 * or where there is none a directory, which cannot be read or written either.
 */
const char *oqfs_system_null(int *flags);

/* The home directory: $HOME, or our user's in the user database.  The caller
 * frees it.  NULL where there is none. */
char *oqfs_system_home(void);

#endif
