/* SPDX-License-Identifier: MIT */
/* judge.h - whether a reader is hung
 *
 * A reader that gets no processor is not hung.  So a reader is not judged by
 * wall clock time but by a clock of its own, which runs as it uses its time:
 *
 *	what it did between two looks       how its clock ran
 *	it computed                         by the processor time it used
 *	it waited for a processor           not at all
 *	it slept, or was stopped            as the wall clock
 *	it waited for storage               a quarter as fast
 *	the kernel does not say             a quarter as fast, or computing
 *
 * A reader is hung when it has owed an answer for 'timeout' by that clock
 * without a sign of life.  Signs of life are messages, and work inside one long
 * call, which shows in the bytes it reads and the memory it fills.  Such work
 * prolongs a request a limited number of times, since an endless loop may read
 * and fill memory too.  A starving reader must end at last, so there is also a
 * limit by the wall clock.
 *
 * Plain arithmetic: nothing here looks at a process or a clock.
 */
#ifndef OQFS_JUDGE_H
#define OQFS_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

enum oqfs_activity {
	OQFS_ACTIVITY_UNKNOWN, /* the kernel does not tell us */
	OQFS_ACTIVITY_RUNS,    /* a thread has a processor, or waits for one */
	OQFS_ACTIVITY_READS,   /* no thread does, but one waits for storage */
	OQFS_ACTIVITY_STOPPED, /* by a signal or a debugger */
	OQFS_ACTIVITY_SLEEPS,
	OQFS_NACTIVITIES,
};

/* What a look at a process showed. */
struct oqfs_look {
	int64_t wall_ms; /* when: the monotonic clock */
	int64_t cpu_ms;	 /* processor time of all its threads since its start */
	uint64_t memory; /* bytes of memory first touched since its start */
	enum oqfs_activity activity;
};

/* How many milliseconds the process's own clock ran from one look to the next:
 * never more than the wall clock, and 0 where 'now' is before 'then'.  A sleep
 * counts at most 'most_ms', since a longer gap between looks means that we
 * ourselves got no processor. */
int64_t oqfs_judge_spent(const struct oqfs_look *then,
			 const struct oqfs_look *now, int64_t most_ms);

/* Whether it waited for a processor during most of the time between. */
bool oqfs_judge_starves(const struct oqfs_look *then,
			const struct oqfs_look *now);

/* How a request stands. */
struct oqfs_claim {
	int64_t spent_ms;   /* since the last sign of life, reader's clock */
	int64_t waited_ms;  /* since the last sign of life, wall clock */
	int64_t timeout_ms; /* > 0 */
	unsigned prolonged; /* how often it was prolonged */
	uint64_t worked;    /* bytes read and touched since then */
};

enum oqfs_verdict {
	OQFS_VERDICT_WAIT,
	OQFS_VERDICT_PROLONG, /* its time is over, but work goes on */
	OQFS_VERDICT_HUNG,    /* it used up its time without an answer */
	OQFS_VERDICT_STARVED, /* it did not get its time before the limit */
};

/* The limit for any request by the wall clock, in timeouts. */
#define OQFS_PATIENCE	   120
/* How often work inside one call may prolong a request. */
#define OQFS_MAX_PROLONGED 24
/* The least number of bytes in a timeout that counts as such work. */
#define OQFS_MIN_WORKED	   ((uint64_t)1 << 20)

enum oqfs_verdict oqfs_judge(const struct oqfs_claim *c);

/* What a reader does, in words for the log: "it computes". */
const char *oqfs_judge_word(enum oqfs_activity activity);

#endif
