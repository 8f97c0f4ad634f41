/* SPDX-License-Identifier: MIT */
/* judge.c - has a reader used up its time? */

#include "fs/readers/judge.h"

#include <stddef.h>

/* Waiting for storage may take so many times longer than sleeping. */
#define SLOW 4

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t wall_between(const struct oqfs_look *then,
			    const struct oqfs_look *now)
{
	return most(now->wall_ms - then->wall_ms, 0);
}

static int64_t cpu_between(const struct oqfs_look *then,
			   const struct oqfs_look *now)
{
	return most(now->cpu_ms - then->cpu_ms, 0);
}

int64_t oqfs_judge_spent(const struct oqfs_look *then,
			 const struct oqfs_look *now, int64_t most_ms)
{
	int64_t wall = wall_between(then, now);
	/* Several threads use more processor time than goes by. */
	int64_t cpu = least(cpu_between(then, now), wall);
	int64_t rest = least(wall, most_ms);

	switch (now->activity) {
	case OQFS_ACTIVITY_RUNS:
	case OQFS_NACTIVITIES:
		return cpu;
	case OQFS_ACTIVITY_UNKNOWN:
	case OQFS_ACTIVITY_READS:
		return most(cpu, rest / SLOW);
	case OQFS_ACTIVITY_STOPPED:
	case OQFS_ACTIVITY_SLEEPS:
		break;
	}
	return most(cpu, rest);
}

bool oqfs_judge_starves(const struct oqfs_look *then,
			const struct oqfs_look *now)
{
	return now->activity == OQFS_ACTIVITY_RUNS &&
	       cpu_between(then, now) < wall_between(then, now) / 2;
}

enum oqfs_verdict oqfs_judge(const struct oqfs_claim *c)
{
	if (c->spent_ms < c->timeout_ms)
		return c->waited_ms / OQFS_PATIENCE < c->timeout_ms
			       ? OQFS_VERDICT_WAIT
			       : OQFS_VERDICT_STARVED;
	return c->worked >= OQFS_MIN_WORKED && c->prolonged < OQFS_MAX_PROLONGED
		       ? OQFS_VERDICT_PROLONG
		       : OQFS_VERDICT_HUNG;
}

const char *oqfs_judge_word(enum oqfs_activity activity)
{
	static const char *const words[OQFS_NACTIVITIES] = {
		[OQFS_ACTIVITY_UNKNOWN] = "nobody knows what it does",
		[OQFS_ACTIVITY_RUNS] = "it computes",
		[OQFS_ACTIVITY_READS] = "it waits for storage",
		[OQFS_ACTIVITY_STOPPED] = "it was stopped",
		[OQFS_ACTIVITY_SLEEPS] = "it sleeps",
	};

	return activity < OQFS_NACTIVITIES ? words[activity] : words[0];
}
