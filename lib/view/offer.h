/* SPDX-License-Identifier: MIT */
/* offer.h - which views an object has, and what is known before they are opened
 *
 * Main thread only.
 */
#ifndef OQ_OFFER_H
#define OQ_OFFER_H

#include <stdint.h>

#include "lib/view/view.h"

/* The fields of the same names in struct oq_entry (wire.h). */
struct oq_offer {
	uint32_t views, listed;
	int refused;
	uint64_t bytes[OQ_NVIEWS]; /* OQ_WIRE_UNKNOWN where it must be asked */
	uint64_t rows, part_rows;
};

/* Ask every kind of view whether the subject has it. */
void oq_offer_make(const struct oq_subject *subject, struct oq_offer *o);

/* The offer of an object whose data cannot be read, 'why' being -errno: the
 * views that a dataset usually has. */
void oq_offer_of_refused(int why, struct oq_offer *o);

#endif
