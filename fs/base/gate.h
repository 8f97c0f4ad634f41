/* SPDX-License-Identifier: MIT */
/* gate.h - how many requests may wait for readers at the same time
 *
 * A request that waits for a reader occupies one of libfuse's threads, whose
 * number is limited.  If all of them waited, nobody would hear the kernel: no
 * other request, and no interrupt either.  So each store has a number of
 * *places*, and all stores together have fewer places than there are threads.
 * A request that finds no place is put aside without a thread.  A thread that
 * leaves its place takes up the next such request.
 *
 *	enter --- a place ---> inside --- leave ---> the first who may enter now
 *	   |                                ^
 *	   '---- none ---> wait ------------'
 *
 * Any thread.  The pointer 'whose' only tells stores apart; it is not followed.
 */
#ifndef OQFS_GATE_H
#define OQFS_GATE_H

#include <stdbool.h>

/* Embedded in a request that can be put aside; zeroed before first use. */
struct oqfs_queued {
	struct oqfs_queued *next;
	const void *whose;
	bool is_waiting, is_withdrawn;
};

struct oqfs_gate;

/* A gate with 'each' places for each store and 'all' for all of them together.
 * NULL: no memory. */
struct oqfs_gate *oqfs_gate_new(unsigned each, unsigned all);
void oqfs_gate_free(struct oqfs_gate *g);

/* Take a place.  False: there is none. */
bool oqfs_gate_enter(struct oqfs_gate *g, const void *whose);

/* Put a request aside.  Returns 0 if it waits now: another thread may already
 * have run and freed it; 1 if it took a place after all; -EINTR if it was
 * withdrawn before. */
int oqfs_gate_wait(struct oqfs_gate *g, struct oqfs_queued *t,
		   const void *whose);

/* Take a request back.  Returns whether it was waiting: then it is the caller's
 * again.  If it was not, a later oqfs_gate_wait() for it returns -EINTR. */
bool oqfs_gate_withdraw(struct oqfs_gate *g, struct oqfs_queued *t);

/* Give up a place of this store.  Returns a request that was waiting and has a
 * place now, for the caller to run; or NULL. */
struct oqfs_queued *oqfs_gate_leave(struct oqfs_gate *g, const void *whose);

#endif
