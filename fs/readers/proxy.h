/* SPDX-License-Identifier: MIT */
/* proxy.h - our end of one running reader
 *
 * A proxy is one reader process from its start to its reaping.  A thread of
 * its own, the *monitor*, starts it, receives its replies, wakes who waits for
 * them, watches the deadlines, and reaps it.
 *
 *	asker                    monitor                     reader
 *	  | takes a free slot                                  |
 *	  | request -----------------------------------------> |
 *	  |                        | <------------------ reply |
 *	  | <-- "slot answered" -- | (checked)                 |
 *	  | looks at the slot, gives it back                   |
 *
 * A request whose asker went away keeps its slot until the reader answers,
 * since the reader may still write there.
 *
 * A reader that is silent is *hung*, by a clock of its own that stands still
 * while it gets no processor (judge.h).  As it works its requests off in order,
 * a sign of life for one request is one for all that were sent after it; the
 * oldest request whose time is used up is the one it hangs on.  A reader that
 * says what cannot be is a *liar*.  Both are killed.  One that is killed and
 * does not end, as the kernel does not let it, is left behind.
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
	OQFS_END_DIED,	  /* of itself: a signal of its own making, an exit */
	OQFS_END_KILLED,  /* by a SIGKILL that was not ours */
	OQFS_END_HUNG,	  /* no sign of life; we killed it */
	OQFS_END_LIED,	  /* nonsense; we killed it */
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
	unsigned timeout_ms; /* of the reader's own clock */
	/* What it is told before it is asked anything (without id), and the
	 * descriptors that go with that; copied.  NULL: nothing. */
	const struct oq_request *first;
	int first_fds[OQ_MAX_PARENTS];
	size_t nfirst_fds;
	/* Called once, by the monitor, when the process is reaped or given up,
	 * and before the askers that are left are told. */
	void (*ended)(void *arg, const struct oqfs_ending *e);
	/* Called by the monitor at most every two seconds: how far the reader
	 * says it is with what lasts. */
	void (*progress)(void *arg, const char *how_far);
	void *arg;
};

/* Start a reader; requests can be sent at once.  Returns 0 and a reference,
 * or a negative errno; that the process could not be started is only known
 * to ended(), as a refusal. */
int oqfs_proxy_open(const struct oqfs_proxy_opts *o, struct oqfs_proxy **out,
		    struct oq_err *err);
struct oqfs_proxy *oqfs_proxy_get(struct oqfs_proxy *p);
void oqfs_proxy_put(struct oqfs_proxy *p); /* NULL is accepted */

/* End it: by closing its socket, and by a signal if it then takes long; or
 * by a signal at once, with a reason for those who lose a request (or NULL).
 * Neither waits. */
void oqfs_proxy_end(struct oqfs_proxy *p);
void oqfs_proxy_kill(struct oqfs_proxy *p, const char *why);

/* How much its cache may hold from now on.  Never blocks. */
void oqfs_proxy_set_cache(struct oqfs_proxy *p, size_t bytes);

/* False as soon as it is on its way out. */
bool oqfs_proxy_is_usable(struct oqfs_proxy *p);

/* Has it work to do and gets no processor? */
bool oqfs_proxy_starves(struct oqfs_proxy *p);

/* For the status text: its process and what it has in hand. */
pid_t oqfs_proxy_pid(struct oqfs_proxy *p, unsigned *in_hand);

/* What became of a request, beside a negative errno. */
enum {
	OQFS_ASK_AGAIN = 1, /* the reader is gone, perhaps because of it */
	OQFS_ASK_GONE = 2,  /* the reader is gone and never had it */
};

struct oqfs_reply {
	bool answered; /* by the reader, be it with an error */
	struct oq_reply reply;
	const uint8_t *bytes;
	void *slot; /* to be given back */
};

/* Send the request (without id and slot) and wait for its reply.  Returns 0,
 * a negative errno (the reader's, -EINTR, -ETIMEDOUT, -EPROTO, -EIO, -ENOMEM,
 * -ENAMETOOLONG) or one of the above; the reason is in 'err'.  After 0,
 * oqfs_proxy_done(out->slot) is owed. */
int oqfs_proxy_ask(struct oqfs_proxy *p, const struct oq_request *req,
		   struct oqfs_cancel *cancel, struct oqfs_reply *out,
		   struct oq_err *err);
void oqfs_proxy_done(void *slot);

#endif
