/* SPDX-License-Identifier: MIT */
/* reader.h - the child process that reads one datastore
 *
 * Started by the front as `oqfs --reader THREADS CACHE_BYTES MEMORY_BYTES
 * CSV_SPLIT SANDBOX` with the three descriptors of wire.h; see there for
 * what it is asked.  It ends when the socket does.
 */
#ifndef OQ_READER_H
#define OQ_READER_H

#include <stdbool.h>

#include "lib/reader/sandbox.h"

/* What a reader is told, and what it need not do itself. */
struct oq_reader {
	unsigned long long nthreads, cache_bytes, memory_bytes, csv_split;
	bool sandbox;
	struct oq_sandbox_program *program; /* NULL: none */
};

bool oq_reader_parse(int argc, char **argv, struct oq_reader *r);
_Noreturn void oq_reader_run(const struct oq_reader *r);

/* The whole life of a reader; returns its exit status. 'argv' are the words
 * after "--reader".  0: the front closed the socket.  1: it could not start
 * (the first reply, with id 0, says why). */
int oq_reader_main(int argc, char **argv);

#endif
