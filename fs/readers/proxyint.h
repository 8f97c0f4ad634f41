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
	bool abandoned;		    /* its asker went away */
	uint64_t seq;		    /* order of sending */
	uint32_t id;
	enum oq_op op;
	uint32_t len;	    /* bytes lent */
	int64_t since;	    /* when it was sent */
	int64_t alive;	    /* when there was the last sign of life */
	int64_t spent_from; /* what the reader's clock said then */
	uint64_t work;	    /* what of its work was done at ... */
	bool unseen;	    /* ... the first look after that */
	unsigned prolonged; /* so often since, for work alone */
	uint64_t nprogress; /* signs of life without an answer */
	struct oq_reply reply;
	int lost; /* -errno or OQFS_ASK_AGAIN */
};

struct oqfs_proxy {
	atomic_uint refs;	  /* A: the opener, the monitor, each answer */
	struct oqfs_proxy_opts o; /* I */
	struct oq_shm shm;	  /* I */
	int sock;		  /* I */
	int wake_fd;		  /* I: eventfd, out of a sleep without end */
	int file_fd, theirs_fd, shm_fd; /* T: until the reader is started */

	pthread_mutex_t lock;
	pthread_cond_t freed; /* L: a slot; or the end is near */
	struct oqfs_slot slots[OQ_SHM_SLOTS];
	uint64_t seq;			 /* L */
	unsigned in_hand;		 /* L: slots that are SENT */
	bool asleep;			 /* L: the monitor, without deadline */
	bool closing;			 /* L: no more requests */
	enum oqfs_end how;		 /* L: the first cause of its end */
	int refusal;			 /* L: the status it refused with */
	const struct oqfs_slot *culprit; /* L: HUNG, LIED: on which */
	int64_t kill_at;		 /* L: the term for an orderly end */
	int64_t term_from, term_spent;	 /* L: of both clocks, its beginning */
	int64_t killed_at;		 /* L: by us */
	int64_t spent;	       /* L: the reader's own clock: judge.h */
	bool unseen;	       /* L: 'look' is from before it had to work */
	bool starves;	       /* L: it gets no processor */
	struct oqfs_look look; /* L: the last; its time is that of the start
				  of work until there is one */
	pid_t pid;	       /* L */
	bool is_ours;	       /* L: started, and its number not yet free */
	int line_fd;	       /* T: lifeline.h */
	struct oq_err why;     /* L: for those who lost a request */
	bool heard;	       /* T: there was a first message */
	int64_t told;	       /* T: when progress was last told */
	bool deaf;	       /* T: the socket is of no more use */
	bool unread;	       /* T: it ended before it had read all of ours */
};

/* monitor.c: the monitor's whole life; 'arg' is a referenced proxy. */
void *oqfs_monitor(void *arg);

/* ---- slots.c ---- */

/* Close and free all of it, half made or not; nobody else may know of it. */
void oqfs_proxy_free(struct oqfs_proxy *p);

/* The slot may be taken again; wakes one who waits for one. */
void oqfs_slot_free_locked(struct oqfs_slot *s);

/* clock.c.  There was a sign of life for this request; for the one that was
 * sent as number 'seq', and so for all after it. */
void oqfs_slot_renew_locked(struct oqfs_slot *s, int64_t now);
void oqfs_proxy_renew_locked(struct oqfs_proxy *p, uint64_t seq, int64_t now);
/* It is to end by itself; see that it does. */
void oqfs_proxy_set_term_locked(struct oqfs_proxy *p);
/* Look at it, and kill it if its time is over. */
void oqfs_clock_check(struct oqfs_proxy *p);
/* Was it killed, and does not end for as long as a timeout? */
bool oqfs_clock_gives_up(struct oqfs_proxy *p);
/* How long the monitor may sleep, -1: until something comes. */
int oqfs_clock_sleep_ms(struct oqfs_proxy *p, bool *was_busy);

/* Kill it; 'how' counts if it is the first cause. */
void oqfs_proxy_kill_locked(struct oqfs_proxy *p, enum oqfs_end how);

#endif
