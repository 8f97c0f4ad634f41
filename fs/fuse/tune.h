/* SPDX-License-Identifier: MIT */
/* tune.h - let the kernel read ahead by whole requests
 *
 * The kernel reads 128 KiB ahead, and libfuse can only lower that.  Root can
 * raise it through sysfs.  Best effort: nothing depends on it.
 */
#ifndef OQFS_TUNE_H
#define OQFS_TUNE_H

#include "fs/tree/front.h"

/* Set the mount's read-ahead to 1 MiB, if we may.  Only the first call does
 * something.  Any thread, once the kernel has begun to send requests; it causes
 * none itself. */
void oqfs_tune(struct oqfs_front *f);

#endif
