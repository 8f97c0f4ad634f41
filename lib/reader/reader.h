/* SPDX-License-Identifier: MIT */
/* reader.h - the child process that reads one datastore
 *
 * The front starts it as `oqfs --reader` with the words of readeropts.h and the
 * three descriptors of wire.h, which also describes the requests.  It ends when
 * the front closes the socket.
 */
#ifndef OQ_READER_H
#define OQ_READER_H

#include "lib/ipc/readeropts.h"
#include "lib/reader/sandbox.h"

/* A reader's options, and what was prepared for it. */
struct oq_reader {
	struct oq_reader_opts opts;
	struct oq_sandbox_program *program; /* compiled before; NULL: not */
};

/* Serve the three descriptors until the socket is closed, then exit. */
_Noreturn void oq_reader_run(const struct oq_reader *r);

/* The whole life of a reader; returns its exit status. 'argv' are the words
 * after "--reader".  0: the front closed the socket.  1: it could not start
 * (the first reply, with id 0, says why). */
int oq_reader_main(int argc, char **argv);

#endif
