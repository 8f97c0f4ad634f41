/* SPDX-License-Identifier: MIT */
/* finish.h - a sheet that is complete: its head, and how it is read */
#ifndef OQ_FINISH_H
#define OQ_FINISH_H

#include "lib/sheet/sheet.h"

/* Main thread, once, when the sheet has all its columns: make the head, and set
 * the functions of its oq_export.  Returns 0; -EIO where its parts differ in
 * rows; -ENOMEM. */
int oq_sheet_finish(struct oq_sheet *s, struct oq_err *err);

#endif
