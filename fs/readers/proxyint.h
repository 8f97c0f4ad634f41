/* SPDX-License-Identifier: MIT */
/* proxyint.h - private to proxy.c (askers), monitor.c and clock.c (the monitor)
 * and slots.c (what both do) */
#ifndef OQFS_PROXYINT_H
#define OQFS_PROXYINT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "fs/readers/judge.h"
#include "fs/readers/proxy.h"
#include "lib/ipc/shm.h"

enum oqfs_slot_state {
	OQFS_SLOT_FREE,
	OQFS_SLOT_TAKEN,    /* the asker's, who has not sent it yet */
	OQFS_SLOT_SENT,	    /* in the reader's hands */
	OQFS_SLOT_ANSWERED, /* the asker's, until oqfs_proxy_done() */
	OQFS_SLOT_LOST,	    /* the reader is gone; 'lost' says what to do */
};

/* How the fields of both are protected:
 *   I  set before the proxy is shared, never changed
 *   L  under the proxy's 'lock'
 *   A  atomic
 *   T  only the monitor, once it runs */
struct oqfs_slot {
	struct oqfs_proxy *proxy;   /* I */
	uint32_t number;	    /* I */
	pthread_cond_t settled;	    /* L: no longer SENT */
	enum oqfs_slot_state state; /* L, and the next ones */
	bool abandoned;		    /* its asker has gone */
	uint64_t seq;		    /* order of sending */
	uint32_t id;
	enum oq_op op;
	uint32_t len;	    /* bytes lent */
	int64_t since;	    /* when it was sent */
	int64_t alive;	    /* when the last sign of life came */
	int64_t spent_from; /* the reader's clock at that time */
	uint64_t work;	    /* bytes worked at the first look after that */
	bool unseen;	    /* there was no such look yet */
	unsigned prolonged; /* how often since then */
	uint64_t nprogress; /* PROGRESS messages so far */
	struct oq_reply reply;
	int lost; /* -errno or OQFS_ASK_AGAIN */
};

struct oqfs_proxy {
	atomic_uint refs;	  /* A: the opener, the monitor, each answer */
	struct oqfs_proxy_opts o; /* I */
	struct oq_shm shm;	  /* I */
	int sock;		  /* I */
	int wake_fd;		  /* I: eventfd that wakes the monitor */
	int file_fd, theirs_fd, shm_fd; /* T: until the reader is started */

	pthread_mutex_t lock;
	pthread_cond_t freed; /* L: a slot is free, or 'closing' is set */
	struct oqfs_slot slots[OQ_SHM_SLOTS];
	uint64_t ntaken;   /* L: slots so far, for their ids */
	uint64_t nsent;	   /* L: requests so far */
	unsigned in_hand;  /* L: slots that are SENT */
	bool asleep;	   /* L: the monitor sleeps without limit */
	bool closing;	   /* L: no more requests */
	enum oqfs_end how; /* L: the first cause of its end */
	int refusal;	   /* L: the status it refused with */
	const struct oqfs_slot *culprit; /* L: HUNG, LIED: the request's slot */
	int64_t kill_at;	       /* L: when an orderly end must be over */
	int64_t term_from, term_spent; /* L: when it began, by both clocks */
	int64_t killed_at;	       /* L: when we killed it */
	int64_t spent;		       /* L: the reader's own clock: judge.h */
	bool unseen;	       /* L: 'look' is older than its present work */
	bool starves;	       /* L: it gets no processor */
	struct oqfs_look look; /* L: the last one; before the first, only its
				  time is set: when the work began */
	pid_t pid;	       /* L */
	bool is_ours;	       /* L: it was started and not yet reaped */
	int line_fd;	       /* T: lifeline.h */
	struct oq_err why;     /* L: for those who lost a request */
	bool heard;	       /* T: it has sent a message */
	int64_t told;	       /* T: when progress() was last called */
	bool deaf;	       /* T: nothing more comes from the socket */
	bool unread;	       /* T: it ended without reading all requests */
};

/* monitor.c: the monitor's whole life; 'arg' is a referenced proxy. */
void *oqfs_monitor(void *arg);

/* ---- slots.c ---- */

/* Close and free a proxy, which may be half-made and is known to nobody else.
 */
void oqfs_proxy_free(struct oqfs_proxy *p);

/* Make a slot free, and wake an asker that waits for one. */
void oqfs_slot_free_locked(struct oqfs_slot *s);

/* ---- clock.c ---- */

/* Note a sign of life for one request. */
void oqfs_slot_renew_locked(struct oqfs_slot *s, int64_t now);
/* Note a sign of life for request number 'seq' and all that were sent later. */
void oqfs_proxy_renew_locked(struct oqfs_proxy *p, uint64_t seq, int64_t now);
/* The reader was told to end: start the time within which it must. */
void oqfs_proxy_set_term_locked(struct oqfs_proxy *p);
/* Look at the reader, and kill it if it is hung. */
void oqfs_clock_check(struct oqfs_proxy *p);
/* Whether the reader was killed a timeout ago and has not ended, though it
 * could. */
bool oqfs_clock_gives_up(struct oqfs_proxy *p);
/* For how many milliseconds the monitor may sleep; -1: until a message comes.
 */
int oqfs_clock_sleep_ms(struct oqfs_proxy *p, bool *was_busy);

/* Kill the reader.  'how' is kept unless there was an earlier cause. */
void oqfs_proxy_kill_locked(struct oqfs_proxy *p, enum oqfs_end how);

#endif
