/* SPDX-License-Identifier: MIT */
/* zygote.h - the process that readers are forked from
 *
 * What every reader does before it looks at its datastore (exec, link, set
 * libhdf5 up, compile the seccomp program) takes several times as long as
 * listing a small datastore.  The zygote has done it once, never sees a
 * datastore itself, and forks a reader for each order:
 *
 *	front                              zygote
 *	  |  one byte; file, shm, socket --> |  fork
 *	  | <----- its pid, or -errno        |
 *
 * The reader is the front's own child (CLONE_PARENT), as if the front had
 * started it, and shuts itself in as any other.  Readers of one zygote have
 * the same layout of memory: who takes one over knows where things are in the
 * others, but has no way to any of them.
 *
 * Started by the front as `oqfs --zygote` with the words of readeropts.h, and
 * one descriptor, the socket.
 */
#ifndef OQ_ZYGOTE_H
#define OQ_ZYGOTE_H

/* The whole life of a zygote, and of the readers it becomes; returns its exit
 * status. */
int oq_zygote_main(int argc, char **argv);

#endif
