/* SPDX-License-Identifier: MIT */
/* gate.h - how many requests may wait for readers at the same time
 *
 * A request that waits for a reader keeps one of libfuse's threads, of which
 * there are so many and no more; when all of them wait, nobody hears the
 * kernel: no other request, and no interrupt either.  So a store has so many
 * *places*, all stores together have some fewer than there are threads, and
 * who finds none is put aside without a thread, to be taken up by whoever
 * leaves.
 *
 *	enter --- a place ---> inside --- leave ---> the first who may enter now
 *	   |                                ^
 *	   '---- none ---> wait ------------'
 *
 * Any thread.  'whose' only tells the stores apart; nothing is looked at there.
 */
#ifndef OQFS_GATE_H
#define OQFS_GATE_H

#include <stdbool.h>

/* One who waits, embedded in what is put aside. */
struct oqfs_queued {
	struct oqfs_queued *next;
	const void *whose;
	bool is_waiting, is_withdrawn;
};

struct oqfs_gate;

/* Places of each store, and of all. NULL for no memory. */
struct oqfs_gate *oqfs_gate_new(unsigned each, unsigned all);
void oqfs_gate_free(struct oqfs_gate *g);

/* Returns whether there was a place. */
bool oqfs_gate_enter(struct oqfs_gate *g, const void *whose);

/* Put it aside.  Returns 0 if it waits: it may be gone then, run by another
 * thread; 1 if there was a place after all; -EINTR if it was withdrawn. */
int oqfs_gate_wait(struct oqfs_gate *g, struct oqfs_queued *t,
		   const void *whose);

/* Take it back.  Returns whether it was waiting: then it is the caller's again.
 * If it has not come to wait yet, it will not. */
bool oqfs_gate_withdraw(struct oqfs_gate *g, struct oqfs_queued *t);

/* One of this store is done.  Returns the next who has waited and is inside
 * now, for the caller to run; or NULL. */
struct oqfs_queued *oqfs_gate_leave(struct oqfs_gate *g, const void *whose);

#endif
