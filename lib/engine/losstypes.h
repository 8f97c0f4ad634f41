/* SPDX-License-Identifier: MIT */
/* losstypes.h - the names of losses: of a calculation, and by number */
#ifndef OQ_LOSSTYPES_H
#define OQ_LOSSTYPES_H

#include "lib/engine/calculation.h"

/* Fill in 'losses': the loss types whose arrays a calculation writes, in
 * their order.  Returns 0 or -ENOMEM. */
int oq_losstypes_list(struct oq_calculation *c);

/* The name for a `loss_id` of a table: before 3.13 one of the calculation's
 * own, from then on of the engine's list.  NULL where there is none. */
const char *oq_losstype_name(const struct oq_calculation *c, uint64_t loss_id);
/* How many there are. */
uint64_t oq_losstype_count(const struct oq_calculation *c);

/* Whether a column of a table is a loss or another consequence. */
bool oq_losstype_is_consequence(const char *column);

#endif
