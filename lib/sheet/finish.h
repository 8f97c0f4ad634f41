/* SPDX-License-Identifier: MIT */
/* finish.h - a sheet that is complete: its head, and how it is read */
#ifndef OQ_FINISH_H
#define OQ_FINISH_H

#include "lib/sheet/sheet.h"

/* Nothing more is added: make the head.  Returns 0; -EIO where its parts do
 * not fit one another; -ENOMEM. */
int oq_sheet_finish(struct oq_sheet *s, struct oq_err *err);

#endif
