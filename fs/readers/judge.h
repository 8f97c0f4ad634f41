/* SPDX-License-Identifier: MIT */
/* judge.h - has a reader used up its time?
 *
 * A reader that gets no processor is not hung, so it is not judged by the
 * clock on the wall but by a clock of its own, which goes as it uses its time:
 *
 *	between two looks it ...            its clock goes
 *	computes                            by the processor time it used
 *	waits for a processor               not at all
 *	sleeps, or is stopped               as the wall's
 *	waits for storage                   a quarter as fast
 *	does what nobody tells of           a quarter as fast, or computes
 *
 * Who owes an answer for 'timeout' of that clock without a sign of life is
 * hung.  Signs of life are messages, and work that goes on inside one long
 * call, which can be seen by what it reads and by the memory that it fills.
 * The latter prolong a request so and so often, since a loop may do that too.
 * And as even one that starves must end, there is a limit by the wall's clock.
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
	OQFS_ACTIVITY_READS,   /* none does, one waits for storage */
	OQFS_ACTIVITY_STOPPED, /* by a signal or a debugger */
	OQFS_ACTIVITY_SLEEPS,
	OQFS_NACTIVITIES,
};

/* What was seen of a process. */
struct oqfs_look {
	int64_t wall_ms; /* when */
	int64_t cpu_ms;	 /* that all its threads ever used */
	uint64_t memory; /* bytes that they ever touched for the first time */
	enum oqfs_activity activity;
};

/* By how much its clock goes from one look to the next.  Of a sleep no more
 * counts than 'most_ms': beyond that it was the observer who got no processor.
 * 0 where the looks are in disorder.  Never more than the wall's. */
int64_t oqfs_judge_spent(const struct oqfs_look *then,
			 const struct oqfs_look *now, int64_t most_ms);

/* Did it wait for a processor for the better part of the time between? */
bool oqfs_judge_starves(const struct oqfs_look *then,
			const struct oqfs_look *now);

/* How a request stands. */
struct oqfs_claim {
	int64_t spent_ms;   /* of its reader's clock since a sign of life */
	int64_t waited_ms;  /* of the wall's since then */
	int64_t timeout_ms; /* > 0 */
	unsigned prolonged; /* so often, for the work that went on */
	uint64_t worked;    /* bytes that it read and touched since then */
};

enum oqfs_verdict {
	OQFS_VERDICT_WAIT,
	OQFS_VERDICT_PROLONG, /* its time is over, but work goes on */
	OQFS_VERDICT_HUNG,    /* it has used up its time */
	OQFS_VERDICT_STARVED, /* it never got it */
};

/* So many timeouts of the wall are the limit of all that waits. */
#define OQFS_PATIENCE	   120
/* So often work inside one call prolongs a request. */
#define OQFS_MAX_PROLONGED 24
/* With less than this it would not be worth the time that it takes. */
#define OQFS_MIN_WORKED	   ((uint64_t)1 << 20)

enum oqfs_verdict oqfs_judge(const struct oqfs_claim *c);

/* For people: what a reader does; "it computes". */
const char *oqfs_judge_word(enum oqfs_activity activity);

#endif
