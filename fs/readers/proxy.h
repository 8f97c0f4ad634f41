/* SPDX-License-Identifier: MIT */
/* proxy.h - the front's end of one running reader
 *
 * A proxy is one reader process from its start to its reaping.  It has a thread
 * of its own, the *monitor*, which starts the reader, receives its replies,
 * wakes the askers that wait for them, watches the deadlines, and reaps it.
 *
 *	asker                    monitor                     reader
 *	  | takes a free slot                                  |
 *	  | request -----------------------------------------> |
 *	  |                        | <------------------ reply |
 *	  | <-- "slot answered" -- | (checked)                 |
 *	  | looks at the slot, gives it back                   |
 *
 * A request whose asker has gone keeps its slot until the reader answers, since
 * the reader may still write there.
 *
 * A reader that is silent too long is *hung*, by a clock of its own that stands
 * still while it gets no processor (judge.h).  It works off requests in order,
 * so a sign of life for one request counts for all that were sent after it.
 * The oldest request whose time is used up is the one that it hangs on.  A
 * reader that says what cannot be true is a *liar*.  Both are killed.  A reader
 * that is killed but cannot end, because the kernel is stuck in it, is left
 * behind.
 */
#ifndef OQFS_PROXY_H
#define OQFS_PROXY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "fs/base/wait.h"
#include "fs/readers/spawn.h"
#include "lib/base/err.h"
#include "lib/ipc/wire.h"

struct oqfs_proxy;

enum oqfs_end {
	OQFS_END_OPEN,	  /* it has not ended */
	OQFS_END_DIED,	  /* it exited, or died of a signal it caused */
	OQFS_END_KILLED,  /* it died of a SIGKILL that was not ours */
	OQFS_END_HUNG,	  /* it gave no sign of life; we killed it */
	OQFS_END_LIED,	  /* it sent nonsense; we killed it */
	OQFS_END_REFUSED, /* it said why it cannot serve this file */
	OQFS_END_WANTED,  /* we ended it */
};

struct oqfs_ending {
	enum oqfs_end how;
	int status;	   /* REFUSED: the negative errno it gave */
	unsigned in_hand;  /* requests that it had not answered */
	struct oq_err why; /* "reader 123 died of SIGSEGV" */
};

struct oqfs_proxy_opts {
	struct oqfs_spawn spawn;
	int file_fd;	     /* of the datastore; copied */
	uint64_t file_bytes; /* its size: no extent lies beyond */
	unsigned timeout_ms; /* by the reader's own clock */
	/* The first message to the reader (without id), which has no reply, and
	 * the descriptors that go with it; copied.  NULL: none. */
	const struct oq_request *first;
	int first_fds[OQ_MAX_SOURCES];
	size_t nfirst_fds;
	/* Called once, by the monitor, when the process was reaped or given up,
	 * before the remaining askers are woken. */
	void (*ended)(void *arg, const struct oqfs_ending *e);
	/* Called by the monitor at most every two seconds, with the reader's
	 * words on how far a long request is. */
	void (*progress)(void *arg, const char *how_far);
	void *arg;
};

/* Start a reader; requests can be sent at once.  Returns 0 and a reference, or
 * a negative errno.  If the process itself cannot be started, ended() hears of
 * that, as a refusal. */
int oqfs_proxy_open(const struct oqfs_proxy_opts *o, struct oqfs_proxy **out,
		    struct oq_err *err);
struct oqfs_proxy *oqfs_proxy_get(struct oqfs_proxy *p);
void oqfs_proxy_put(struct oqfs_proxy *p); /* NULL is accepted */

/* End the reader: close its socket, and kill it if it does not end soon.  Does
 * not wait. */
void oqfs_proxy_end(struct oqfs_proxy *p);
/* Kill the reader.  'why' (or NULL) is the reason for askers that lose their
 * request.  Does not wait. */
void oqfs_proxy_kill(struct oqfs_proxy *p, const char *why);

/* Tell the reader how many bytes its cache may hold.  Never blocks. */
void oqfs_proxy_set_cache(struct oqfs_proxy *p, size_t bytes);

/* Whether it takes requests: false as soon as it is to end. */
bool oqfs_proxy_is_usable(struct oqfs_proxy *p);

/* Whether it has work to do but gets no processor. */
bool oqfs_proxy_starves(struct oqfs_proxy *p);

/* For the status text: its process, and how many requests it has in hand. */
pid_t oqfs_proxy_pid(struct oqfs_proxy *p, unsigned *in_hand);

/* What oqfs_proxy_ask() may return besides 0 and negative errnos. */
enum {
	OQFS_ASK_AGAIN = 1, /* the reader is gone, perhaps by this request */
	OQFS_ASK_GONE = 2,  /* the reader is gone and never had the request */
};

struct oqfs_reply {
	bool answered; /* the reader replied, if only with an error */
	struct oq_reply reply;
	const uint8_t *bytes;
	void *slot; /* for oqfs_proxy_done() */
};

/* Send the request (without id and slot) and wait for its reply.  Returns 0,
 * a negative errno (the reader's, -EINTR, -ETIMEDOUT, -EPROTO, -EIO, -ENOMEM,
 * -ENAMETOOLONG) or OQFS_ASK_*; the reason is in 'err'.  After 0 the caller
 * must call oqfs_proxy_done(out->slot). */
int oqfs_proxy_ask(struct oqfs_proxy *p, const struct oq_request *req,
		   struct oqfs_cancel *cancel, struct oqfs_reply *out,
		   struct oq_err *err);
void oqfs_proxy_done(void *slot);

#endif
