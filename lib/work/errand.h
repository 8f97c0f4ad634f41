/* SPDX-License-Identifier: MIT */
/* errand.h - what a worker asks the main thread to do for it
 *
 * libhdf5 is called by the reader's main thread only.  A worker that needs it
 * sends an errand and waits; the main thread runs errands, in order, between
 * requests.  An errand reads a bounded amount, so that the others wait
 * milliseconds.  The main thread itself may send one: it is then run at once.
 */
#ifndef OQ_ERRAND_H
#define OQ_ERRAND_H

struct oq_errands;

/* Called by the thread that will run the errands.  NULL: no memory or no
 * descriptor. */
struct oq_errands *oq_errands_new(void);
void oq_errands_free(struct oq_errands *e);

/* A descriptor that poll() says is readable while errands are waiting. */
int oq_errands_fd(const struct oq_errands *e);

/* Main thread: run the errands sent before the call; those sent during it wait
 * for the next call. */
void oq_errands_run(struct oq_errands *e);

/* Any thread: have 'fn(arg)' called by the main thread and wait for it. */
void oq_errand_send(struct oq_errands *e, void (*fn)(void *arg), void *arg);

#endif
