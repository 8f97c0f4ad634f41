/* SPDX-License-Identifier: MIT */
/* tune.h - let the kernel read ahead by whole requests
 *
 * The kernel offers 128 KiB of read-ahead and lets libfuse only lower it; its
 * sysfs file takes more, from root.  Best effort: nothing depends on it.
 */
#ifndef OQFS_TUNE_H
#define OQFS_TUNE_H

#include "fs/tree/front.h"

/* Let the mount read ahead 1 MiB from now on, if we may; the first call does
 * it, later ones do nothing.  Any thread; to be called once the kernel has
 * begun to send requests; sends none itself. */
void oqfs_tune(struct oqfs_front *f);

#endif
