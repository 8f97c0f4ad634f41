/* SPDX-License-Identifier: MIT */
/* zygote.h - the process that readers are forked from
 *
 * What a reader does before it looks at its datastore (exec, link, set libhdf5
 * up, compile the seccomp filter) takes several times as long as listing a
 * small datastore.  The zygote does it once, and forks a reader for each
 * request of the front.  It never sees a datastore itself.
 *
 *	front                              zygote
 *	  |  one byte; file, shm, socket --> |  fork
 *	  | <----- its pid, or -errno        |
 *
 * The reader is the front's own child (CLONE_PARENT), as if the front had
 * started it, and enters its sandbox like any other.  All readers of one zygote
 * have the same memory layout: an attacker who has taken over one of them knows
 * the addresses in the others, but cannot reach them.
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
