/* SPDX-License-Identifier: MIT */
/* super.h - the datastores that are open, and the readers that serve them
 *
 * A *store* is one generation of one datastore file: its path below the source
 * and its identity (dev, ino, ctime, mtime, size).  By itself it keeps nothing
 * open.  A reader is started when the store is asked something; it ends when it
 * was idle for a while or when there are too many readers, and is started again
 * when needed.
 *
 *	          ask                 answer
 *	absent ---------> starting ---------> ready <---.
 *	  ^                   |               |   |     | answer
 *	  | idle, evicted     |               |   `-----'
 *	  +-------------------(---------------+
 *	  |                   |               |
 *	  |         refuses   v  dies, hangs, |  lies: killed, reaped
 *	  +-- a pause ------- * <-------------'
 *	                      |  3rd time without an answer in between
 *	                      v
 *	                 quarantined (EIO) until the identity changes
 *
 *	any state -- file replaced, rewritten, deleted --> retired (ESTALE)
 *
 * Pauses.  A reader that *refuses* its file (it is no HDF5 file, its superblock
 * is damaged) would refuse it again.  So its reason answers everything that is
 * asked within a second, then two, four, up to 32, before another reader is
 * started. After more than three *deaths* within a minute of one another, the
 * next start waits 10 ms, then 20, up to a second.  Three deaths without an
 * answer in between (the last within a minute and a deadline of the one before)
 * put the store into quarantine.  A SIGKILL from outside does not count as a
 * death.
 *
 * Requests.  When a reader dies by itself (an exit, a signal that it caused)
 * with one request in hand, that request fails with -EIO.  With several, each
 * is asked again alone, and the one on which the next reader dies fails with
 * -EIO.  When a reader was killed from outside (SIGKILL, the OOM killer), all
 * are asked again once, alone.  When a reader is hung (judge.h), the oldest
 * request fails with -ETIMEDOUT; when it lied, the request that it lied about,
 * if that is known, fails with -EPROTO.  The others are asked again once,
 * alone.
 *
 * Seats.  At most 'nreaders' readers run.  When another store needs one, the
 * least recently used reader without requests is told to end; one that is
 * ending may still be there when the next one starts.  When all are busy, the
 * one that has run longest (at least a quarter of a second) gets no further
 * requests and ends when it has answered those in hand, so that five long
 * copies with four readers all make progress.  A reader that is ending in this
 * way and has not finished in four times the deadline is killed, and its
 * requests are asked again once, alone.  A request that waits for a seat fails
 * with -ETIMEDOUT only if no seat was given to anybody for five times the
 * deadline.  Both times are by a clock that stands still while a reader, or we
 * ourselves, get no processor.
 *
 * Any thread may call anything here.  No lock is held while waiting.
 */
#ifndef OQFS_SUPER_H
#define OQFS_SUPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "fs/base/log.h"
#include "fs/base/opts.h"
#include "fs/base/wait.h"
#include "fs/source/identity.h"
#include "fs/source/roots.h"
#include "lib/base/err.h"
#include "lib/ipc/readeropts.h"
#include "lib/ipc/wire.h"

struct oqfs_super;
struct oqfs_store;

struct oqfs_super_opts {
	const struct oqfs_roots *roots; /* borrowed */

	unsigned nreaders; /* how many may run at once; > 0 */
	/* For each reader; but the cache is for all of them together, and the
	 * memory is what each may have besides it. */
	struct oq_reader_opts reader;
	unsigned timeout_ms; /* of a request without a sign of life; > 0 */
	unsigned idle_ms; /* a reader without requests ends after this time */
	bool watch;	  /* ask the kernel to report writes; else only poll */
	bool zygote;	  /* fork readers instead of executing each */
	bool keep_stderr; /* readers share our stderr; else /dev/null */
	struct oqfs_log *log;
};

/* Fill in '*so' from the command line's options. */
void oqfs_super_take_opts(const struct oqfs_opts *o,
			  struct oqfs_super_opts *so);

int oqfs_super_new(const struct oqfs_super_opts *o, struct oqfs_super **out,
		   struct oq_err *err);
/* End all readers and wait for that; every store must have been put before. */
void oqfs_super_free(struct oqfs_super *s);

/* A store for the file at 'path' (relative to the source) with this identity;
 * one reference, the caller's.  Opens nothing.  NULL for no memory. */
struct oqfs_store *oqfs_store_new(struct oqfs_super *s, const char *path,
				  const struct oqfs_identity *id);
struct oqfs_store *oqfs_store_get(struct oqfs_store *st);
/* Give up a reference; the last one ends the reader.  NULL is accepted. */
void oqfs_store_put(struct oqfs_store *st);

/* The file is no longer the one with this identity: end the reader and close
 * everything; every later ask fails with -ESTALE.  The super polls the files of
 * stores that have something open and calls this within a second of a change;
 * others that notice a change may call it sooner. */
void oqfs_store_retire(struct oqfs_store *st);
bool oqfs_store_is_retired(const struct oqfs_store *st);
/* A SWMR writer is at work in the file: while the same writer goes on, the file
 * may grow and its times may change without being another generation.
 * Shrinking, deletion and replacement still retire it.  To be called before
 * anything is asked. */
void oqfs_store_set_live(struct oqfs_store *st);
/* What its readers are told of the calculation (OQ_OP_CALC in wire.h). */
struct oqfs_calc {
	uint64_t number;
	/* The stores of the calculations it was made from, nearest first. */
	struct oqfs_store *parents[OQ_MAX_PARENTS];
	unsigned nparents;
	const char *absent; /* why the next parent is missing */
};
/* Copy this; the parents are held.  Their files are open while this store's is,
 * and when one of them is retired, so is this store.  To be called before
 * anything is asked.  Returns 0 or -ENOMEM. */
int oqfs_store_set_calc(struct oqfs_store *st, const struct oqfs_calc *c);
/* The same, of a store whose virtual datasets take data from the files of
 * others, by the names in 'names', each with its NUL: at most OQ_MAX_SOURCES.
 * In place of the above. */
int oqfs_store_set_sources(struct oqfs_store *st, const char *names, size_t len,
			   struct oqfs_store *const *sources, unsigned n);
/* Whether a file whose status is 'now' can still be this store's. */
bool oqfs_store_may_be(const struct oqfs_store *st, const struct stat *now);
const struct oqfs_identity *oqfs_store_identity(const struct oqfs_store *st);
const char *oqfs_store_path(const struct oqfs_store *st);

/* An answer.  'bytes' (reply.nbytes of them) is in shared memory that the
 * reader could still write to: copy it before checking it, or hand it to the
 * kernel as a file's contents.  Valid until oqfs_answer_done(). */
struct oqfs_answer {
	struct oq_reply reply;
	const uint8_t *bytes;
	void *ticket; /* private */
};

/* Ask the store's reader and wait.  'req' needs no id and slot; its 'len' is
 * limited to what a slot holds.  Returns 0 and the answer, which must be given
 * back with oqfs_answer_done(); or a negative errno with the reason, and
 * nothing to give back: that of the reply, or -EACCES (the file cannot be
 * opened), -ESTALE (it has another identity), -EINTR (cancelled), -EIO,
 * -ETIMEDOUT, -EPROTO, -ENOMEM.  The reason is not logged here, but deaths of
 * readers are. 'cancel' may be NULL. */
int oqfs_store_ask(struct oqfs_store *st, const struct oq_request *req,
		   struct oqfs_cancel *cancel, struct oqfs_answer *out,
		   struct oq_err *err);
void oqfs_answer_done(struct oqfs_answer *a);

/* Read exactly 'len' bytes of the file itself, for views whose bytes are the
 * file's own.  Returns 0 or a negative errno (-EIO where the file ends before,
 * -ESTALE). */
int oqfs_store_pread(struct oqfs_store *st, void *buf, size_t len, uint64_t off,
		     struct oq_err *err);

/* Append a few lines for people on readers, their states, and counts since the
 * start. */
void oqfs_super_put_status(struct oqfs_super *s, struct oq_buf *out);

#endif
