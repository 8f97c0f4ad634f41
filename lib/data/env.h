/* SPDX-License-Identifier: MIT */
/* env.h - what all parts of a reader share: the file, threads, the cache
 *
 * A reader has one of these, made by store.c before any thread starts and never
 * changed, so any thread may read it. */
#ifndef OQ_ENV_H
#define OQ_ENV_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/hdf5/h5.h"
#include "lib/work/cache.h"
#include "lib/work/errand.h"
#include "lib/work/pool.h"

struct oq_stretches;

struct oq_env {
	int fd;		  /* the datastore's file; borrowed */
	struct oq_h5 *h5; /* main thread only */
	struct oq_errands *errands;
	struct oq_pool *pool;
	struct oq_cache *cache;
	struct oq_stretches *stretches; /* NULL: none, see stretch.h */
	unsigned nthreads;		/* of the pool */
	bool conventions;		/* also those of other programs */
	uint64_t csv_split; /* raw bytes; larger ones are in parts; 0: never */
};

#endif
