/* SPDX-License-Identifier: MIT */
/* offer.h - which views an object has, and what is known of them beforehand
 *
 * Main thread, all of it.
 */
#ifndef OQ_OFFER_H
#define OQ_OFFER_H

#include <stdint.h>

#include "lib/view/view.h"

/* As in struct oq_entry (wire.h). */
struct oq_offer {
	uint32_t views, listed;
	int refused;
	uint64_t bytes[OQ_NVIEWS]; /* OQ_WIRE_UNKNOWN where it must be asked */
	uint64_t rows, part_rows;
};

/* Ask all views. */
void oq_offer_make(const struct oq_subject *s, struct oq_offer *o);

/* The offer of something whose data cannot be had, for whatever reason: what a
 * dataset usually has. */
void oq_offer_of_refused(int why, struct oq_offer *o);

#endif
