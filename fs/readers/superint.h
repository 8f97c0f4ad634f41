/* SPDX-License-Identifier: MIT */
/* superint.h - private to super.c, stores.c, sched.c and ask.c */
#ifndef OQFS_SUPERINT_H
#define OQFS_SUPERINT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fs/base/wait.h"
#include "fs/readers/judge.h"
#include "fs/readers/proxy.h"
#include "fs/readers/super.h"
#include "fs/readers/zygote.h"
#include "fs/source/identity.h"
#include "fs/source/signature.h"
#include "fs/source/watch.h"

/* How the fields below are protected:
 *   I  set before sharing, never changed
 *   L  under the super's 'lock'
 *   A  atomic
 * A proxy's lock may be taken under the super's, never the other way round. */

/* A datastore's descriptor, counted, so that it is not closed while a thread
 * still reads from it. */
struct oqfs_file {
	int fd; /* I */
	struct oqfs_watched watched;
	unsigned refs; /* L */
	/* I: files of the store's parents, open as long as this one; the rest
	 * NULL */
	struct oqfs_file *parents[OQ_MAX_SOURCES];
};

/* A request that waits for a reader, on its thread's stack. */
struct oqfs_reader_wait {
	struct oqfs_reader_wait *next; /* L */
	bool wants; /* L: it waits for a seat, not for a start or an end */
};

/* Since the start, for the status text. */
struct oqfs_stats {
	uint64_t started, answered, evicted, died, killed, hung, lied, refused,
		retired, quarantined;
};

struct oqfs_super {
	struct oqfs_super_opts o; /* I */
	struct oqfs_spawn spawn;  /* I */
	struct oqfs_watch *watch; /* I: NULL: there is only polling */
	struct oqfs_zygote zygote;
	pthread_t poller; /* I */
	pthread_mutex_t lock;
	pthread_cond_t changed; /* L: a store's state; askers wait here */
	pthread_cond_t poke;	/* L: something to do for the poller */
	bool stop;		/* L */
	unsigned running; /* L: readers, from before the start to the reaping */
	unsigned leaving; /* L: those of them that were told to end */
	struct oqfs_reader_wait *first, **last; /* L: waiting, in order */
	int64_t drained; /* L: when a busy reader was last told to end */
	int64_t granted; /* L: when a seat was last given */
	int64_t clock;	 /* L: ms; it stands still while a reader starves */
	int64_t ticked;	 /* L: when it was last moved */
	int64_t granted_clock;	 /* L */
	unsigned nstores;	 /* L: not yet freed */
	struct oqfs_store *open; /* L: the stores with something open */
	unsigned round;		 /* L: of the poller */
	struct oqfs_stats n;	 /* L */
};

struct oqfs_store {
	struct oqfs_super *super; /* I */
	char *path;		  /* I */
	struct oqfs_identity id;  /* I */
	atomic_bool retired;	  /* A */
	atomic_bool live;	  /* A */
	bool has_calc;		  /* I: what its readers are told */
	uint64_t number;	  /* I: of the calculation */
	char *absent;		  /* I: owned */
	char *sources;		  /* I: owned: names of the parents, if these
				     are sources of virtual datasets */
	size_t sources_len;	  /* I */
	struct oqfs_store *parents[OQ_MAX_SOURCES]; /* I: one reference */
	unsigned nparents;			    /* I */
	bool has_session;	     /* L: of a live one, since its file was */
	struct oqfs_session session; /* L: first opened; then I */

	unsigned users; /* L: references of the outside */
	unsigned holds; /* L: one for all users, the reader's, the poller's */

	struct oqfs_store *next, **link; /* L: of 'open'; link NULL: not in */
	unsigned round;			 /* L */

	struct oqfs_file *file;	  /* L */
	struct oqfs_proxy *proxy; /* L */
	bool starting;		  /* L: a proxy is about to be put there */
	bool leaving;		  /* L: it was told to end */
	bool draining;		  /* L: it gets no new requests, then ends */
	int64_t drained;	  /* L: since when by the super's clock */
	unsigned asks;		  /* L: requests now with the proxy */
	size_t share;		  /* L: of the cache, as its reader knows */
	int64_t started, used;	  /* L: when */
	uint64_t answered;	  /* L */

	/* Turns: requests go side by side, except one that is suspected of
	 * having killed a reader. */
	unsigned sharing;     /* L */
	bool alone;	      /* L */
	unsigned wants_alone; /* L */

	unsigned streak;       /* L: deaths without an answer in between */
	unsigned deaths;       /* L: of late */
	int64_t died;	       /* L: when, the last time */
	int64_t not_before;    /* L: back-off */
	bool quarantined;      /* L; 'why' says what of */
	unsigned refusals;     /* L: in a row */
	int refusal;	       /* L: the status */
	int64_t refused_until; /* L: so long it stands; 'why' */
	struct oq_err why;     /* L */
};

const char *oqfs_store_label(const struct oqfs_store *st);

/* Whether a result of oqfs_roots_*() means that the path leads to no file any
 * more. */
bool oqfs_is_gone(int rc);

/* Returns 0, or the errno (with its reason) of a store that may not be asked
 * now: retired, in quarantine, refused. */
int oqfs_store_bar_locked(const struct oqfs_store *st, struct oq_err *err);

/* The open file of the store, opened if need be after a look at its
 * identity; the caller's until put. */
int oqfs_store_file(struct oqfs_store *st, struct oqfs_file **out,
		    struct oq_err *err);
/* The same if it is open already; else NULL. */
struct oqfs_file *oqfs_store_known_file(struct oqfs_store *st);
void oqfs_file_put(struct oqfs_super *s, struct oqfs_file *f);
/* Check that the open file still has the store's identity; else retire the
 * store and return -ESTALE. */
int oqfs_store_verify(struct oqfs_store *st, struct oqfs_file *f,
		      struct oq_err *err);

/* Check that the store's path still leads to the same file; else retire the
 * store and return false. */
bool oqfs_store_look(struct oqfs_store *st);

/* Note that the store was used just now. */
void oqfs_store_touch(struct oqfs_store *st);
/* Close the file if no reader runs and the store was not used since 'before'.
 */
void oqfs_store_close_idle(struct oqfs_store *st, int64_t before);

/* Put it on the list of those the poller looks after. */
void oqfs_store_list_locked(struct oqfs_store *st);
/* Give up a hold; '*st' may be gone then. */
void oqfs_store_release(struct oqfs_store *st);

/* sched.c: fill in 'spawn' from the options. */
void oqfs_sched_plan(struct oqfs_super *s);
/* A referenced reader of the store that will take a request, started
 * if need be, and counted as in use; or a negative errno. */
int oqfs_reader_acquire(struct oqfs_store *st, const struct oqfs_file *f,
			struct oqfs_cancel *cancel, struct oqfs_proxy **out,
			struct oq_err *err);
void oqfs_reader_release(struct oqfs_store *st, struct oqfs_proxy *p,
			 bool answered);
/* End the store's reader if nothing is asked of it since 'before'. */
void oqfs_sched_end_idle(struct oqfs_store *st, int64_t before);

/* share.c: the cache budget is for all readers together. */

/* How many bytes each running reader may keep. */
size_t oqfs_share_locked(const struct oqfs_super *s);
/* Tell a store's reader its share. */
void oqfs_share_tell(struct oqfs_store *st);
/* Tell all readers their share, which is larger while they are few. */
void oqfs_share_tell_all_locked(struct oqfs_super *s);
/* Tell the readers that have more than their share, since there is one more. */
void oqfs_share_cut_locked(struct oqfs_super *s);

#endif
