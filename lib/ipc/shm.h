/* SPDX-License-Identifier: MIT */
/* shm.h - the memory that front and reader share, and its slots
 *
 * A memfd of OQ_SHM_SLOTS slots of OQ_SHM_SLOT_BYTES each, made by the front,
 * mapped by both.  It carries contents only: never a length, an offset or a
 * flag.  The front lends a slot with a request and has it back with the
 * reply; pages of a slot are only allocated once they are written.  The size
 * is sealed, so that neither side can make the other fault.
 *
 * Behind the slots is a counter that the reader increments as its work goes on.
 * The front uses it only to see that it has changed: a sign of life from
 * inside a long call, during which no message can be sent.
 */
#ifndef OQ_SHM_H
#define OQ_SHM_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"

#define OQ_SHM_SLOTS	  32
#define OQ_SHM_SLOT_BYTES ((size_t)1 << 20)

struct oq_shm {
	uint8_t *base; /* NULL when not mapped */
};

/* The front's side: make and map it.  '*fd' is the caller's to pass on and
 * close. */
int oq_shm_create(struct oq_shm *s, int *fd, struct oq_err *err);
/* The reader's side: map what it was given, after checking size and seals. */
int oq_shm_map(struct oq_shm *s, int fd, struct oq_err *err);
void oq_shm_unmap(struct oq_shm *s);

/* Where slot 'i' is; i < OQ_SHM_SLOTS. */
static inline uint8_t *oq_shm_slot(const struct oq_shm *s, uint32_t i)
{
	return s->base + (size_t)i * OQ_SHM_SLOT_BYTES;
}

/* The counter behind the slots. */
static inline atomic_uint_fast64_t *oq_shm_counter(const struct oq_shm *s)
{
	return (void *)oq_shm_slot(s, OQ_SHM_SLOTS);
}

/* Its value, as the front reads it. */
static inline uint64_t oq_shm_work(const struct oq_shm *s)
{
	return atomic_load_explicit(oq_shm_counter(s), memory_order_relaxed);
}

#endif
