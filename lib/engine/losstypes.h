/* SPDX-License-Identifier: MIT */
/* losstypes.h - the names of losses: of a calculation, and by number
 *
 * Main thread for the first; the others are for any thread.
 */
#ifndef OQ_LOSSTYPES_H
#define OQ_LOSSTYPES_H

#include "lib/engine/calculation.h"

/* Fill in 'losses' of a calculation: the loss types that its arrays have, in
 * their order.  Returns 0 or -ENOMEM. */
int oq_losstypes_list(struct oq_calculation *c);

/* The name of a `loss_id` in a table.  Before 3.13 it numbers the calculation's
 * own loss types, since then the engine's.  NULL where there is none. */
const char *oq_losstype_name(const struct oq_calculation *c, uint64_t loss_id);
/* How many numbers have a name. */
uint64_t oq_losstype_count(const struct oq_calculation *c);

/* Whether a column of a table is a loss or another consequence. */
bool oq_losstype_is_consequence(const char *column);

#endif
