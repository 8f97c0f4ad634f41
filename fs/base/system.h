/* SPDX-License-Identifier: MIT */
/* system.h - what the system around us is and lacks
 *
 * What is asked of the kernel is asked anew each time.  Any thread.
 */
#ifndef OQFS_SYSTEM_H
#define OQFS_SYSTEM_H

#include <stdbool.h>

/* Can paths be kept below a directory?  From Linux 5.6 on; some containers do
 * not let it through. */
bool oqfs_system_has_openat2(void);
/* From Linux 5.13 on, if it was built and booted with it. */
bool oqfs_system_has_landlock(void);

/* Can a new process be given no descriptors but its own?  From Linux 5.9 on, or
 * where there is /proc. */
bool oqfs_system_can_close(void);

/* What to execute for another process of ours: this binary, also where another
 * one has been installed since.  Without /proc it is the path by which we were
 * started, relative to where that was.  Static. */
const char *oqfs_system_self(void);

/* What to open where nothing is to be read or written, and how: /dev/null, or
 * where there is none a directory, which cannot be written either. */
const char *oqfs_system_null(int *flags);

/* The home directory by $HOME, or of our user by the table of users.  The
 * caller's to free; NULL where there is none. */
char *oqfs_system_home(void);

#endif
