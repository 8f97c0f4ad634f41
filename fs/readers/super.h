/* SPDX-License-Identifier: MIT */
/* super.h - the datastores that are open, and the readers that serve them
 *
 * A *store* is one generation of one datastore file: its path below the
 * source and its identity (dev, ino, ctime, mtime, size).  It needs nothing
 * open: a reader is started when something is asked of it, ends when it has
 * been idle or when there are too many, and is started again when needed.
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
 * The pauses.  What a reader *refuses* (it is no HDF5 file, its superblock is
 * damaged) it would refuse again: its reason is the answer to all that is
 * asked within a second, then two, four, up to 32, before another is started.
 * After more than three *deaths* within a minute of one another, the next
 * start waits for 10 ms, then 20, up to a second.  Three deaths with no answer
 * in between (the last within a minute and a deadline of the one before) are
 * the quarantine; a SIGKILL from outside is nobody's fault and not counted.
 *
 * The requests.  When a reader dies of itself (a signal of its own making, an
 * exit) with one request in hand, that request is -EIO; with several, each is
 * asked again alone, and the one on which the successor dies is -EIO.  When it
 * was killed from outside (SIGKILL, the OOM killer) all are asked again once,
 * alone.  Without a sign of life within its time (judge.h) it is hung: the
 * oldest request is -ETIMEDOUT, and when it lied, the one it lied on (if that
 * can be told) is -EPROTO; the others are asked again once, alone.
 *
 * The seats.  At most 'nreaders' readers run.  When another store needs one,
 * the least recently used reader with nobody waiting on it is told to end (one
 * such may be there still when the next one starts).  When all are
 * busy, the one that has run longest (at least a quarter of a second) gets no
 * further requests and ends when it has answered those it has; so that five
 * long copies with four readers all go on.  When all are on their way out like
 * that, who has not finished in four times the deadline is killed, and its
 * requests are asked again once, alone.  Only when no seat at all was given for
 * five times the deadline is a request that waits for one -ETIMEDOUT.  Both by
 * a clock that stands still while a reader, or we, get no processor.
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

	unsigned nreaders; /* at most so many at once; > 0 */
	/* What each is told; but the cache is that of all, which they share,
	 * and the memory is what each may have beyond it. */
	struct oq_reader_opts reader;
	unsigned timeout_ms; /* without answer or progress; > 0 */
	unsigned idle_ms;    /* a reader ends after so long without a request */
	bool watch;	  /* ask the kernel to tell of writes; else only look */
	bool zygote;	  /* fork readers instead of starting each */
	bool keep_stderr; /* of readers; else it is /dev/null */
	struct oqfs_log *log;
};

/* Take from the command line what it says of readers. */
void oqfs_super_take_opts(const struct oqfs_opts *o,
			  struct oqfs_super_opts *so);

int oqfs_super_new(const struct oqfs_super_opts *o, struct oqfs_super **out,
		   struct oq_err *err);
/* Ends every reader and waits for them; every store must have been put. */
void oqfs_super_free(struct oqfs_super *s);

/* A store for the file at 'path' (relative to the source) with this identity;
 * one reference, the caller's.  Opens nothing.  NULL for no memory. */
struct oqfs_store *oqfs_store_new(struct oqfs_super *s, const char *path,
				  const struct oqfs_identity *id);
struct oqfs_store *oqfs_store_get(struct oqfs_store *st);
/* The last one ends the reader.  NULL is accepted. */
void oqfs_store_put(struct oqfs_store *st);

/* The file is no longer what it was: end the reader, close everything; every
 * later ask is -ESTALE.  The super calls this itself within a second of a
 * change to the file of a store that has something open (it polls); whoever
 * watches the directory may call it sooner. */
void oqfs_store_retire(struct oqfs_store *st);
bool oqfs_store_is_retired(const struct oqfs_store *st);
/* Its writer is at work and lets others read (SWMR): it may grow and its times
 * may pass without its being another, as long as the same writer goes on
 * writing; shrinking, deletion and replacement still count.  To be said before
 * anything is asked. */
void oqfs_store_set_live(struct oqfs_store *st);
/* What its readers are to be told of the calculation (OQ_OP_CALC in wire.h),
 * with the stores of those it was made from.  They are held, their files are
 * open while its own is, and once one of them is no longer what it was, this
 * one is retired too.  To be said before anything is asked.  0 or -ENOMEM. */
struct oqfs_calc {
	uint64_t number;
	struct oqfs_store *parents[OQ_MAX_PARENTS];
	unsigned nparents;
	const char *absent;
};
int oqfs_store_set_calc(struct oqfs_store *st, const struct oqfs_calc *c);
/* Can its file be what 'now' says? */
bool oqfs_store_may_be(const struct oqfs_store *st, const struct stat *now);
const struct oqfs_identity *oqfs_store_identity(const struct oqfs_store *st);
const char *oqfs_store_path(const struct oqfs_store *st);

/* An answer; 'bytes' (reply.nbytes of them) is in shared memory that the
 * reader could still write to: copy before looking, or hand it to the kernel
 * as contents.  Valid until oqfs_answer_done(). */
struct oqfs_answer {
	struct oq_reply reply;
	const uint8_t *bytes;
	void *ticket; /* private */
};

/* Ask the store's reader and wait.  'req' without id and slot: those are
 * filled in; of 'len' no more than a slot holds is asked for.  Returns 0 and
 * the answer (which is to be given back with oqfs_answer_done()), or the
 * negative errno of the reply or of the supervision:
 * -EIO, -EOPNOTSUPP, -ENOENT, -EACCES (the file cannot be opened), -ESTALE
 * (its identity is another), -EINTR (cancelled), -ETIMEDOUT, -EPROTO, -ENOMEM,
 * with the reason in 'err' (nothing is then to be given back).  The reason is
 * not logged here; deaths of readers are.  'cancel' may be NULL. */
int oqfs_store_ask(struct oqfs_store *st, const struct oq_request *req,
		   struct oqfs_cancel *cancel, struct oqfs_answer *out,
		   struct oq_err *err);
void oqfs_answer_done(struct oqfs_answer *a);

/* Read bytes of the file itself (for views whose bytes are the file's own):
 * exactly 'len' or a negative errno (-EIO at an early end of file, -ESTALE). */
int oqfs_store_pread(struct oqfs_store *st, void *buf, size_t len, uint64_t off,
		     struct oq_err *err);

/* A few lines of text on readers, states and counts since the start, for
 * people. */
void oqfs_super_put_status(struct oqfs_super *s, struct oq_buf *out);

#endif
