/* SPDX-License-Identifier: MIT */
/* nursery.h - the process that readers are forked from
 *
 * What every reader does before it looks at its datastore (exec, link, set
 * libhdf5 up, compile the seccomp program) takes several times as long as
 * listing a small datastore.  The nursery has done it once, never sees a
 * datastore itself, and forks a reader for each order:
 *
 *	front                              nursery
 *	  |  one byte; file, shm, socket --> |  fork
 *	  | <----- its pid, or -errno        |
 *
 * The reader is the front's own child (CLONE_PARENT), as if the front had
 * started it, and shuts itself in as any other.  Readers of one nursery have
 * the same layout of memory: who takes one over knows where things are in the
 * others, but has no way to any of them.
 *
 * Started by the front as `oqfs --nursery` with the words of reader.h, and one
 * descriptor, the socket.
 */
#ifndef OQ_NURSERY_H
#define OQ_NURSERY_H

/* The whole life of a nursery, and of the readers it becomes; returns its exit
 * status. */
int oq_nursery_main(int argc, char **argv);

#endif
