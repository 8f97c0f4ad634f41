/* SPDX-License-Identifier: MIT */
/* store.c - one open datastore, as a tree of views: the library's face */

#include "lib/reader/store.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/num.h"
#include "lib/data/stretch.h"
#include "lib/engine/calc.h"
#include "lib/reader/entry.h"
#include "lib/reader/xattr.h"
#include "lib/view/open.h"
#include "lib/view/subject.h"
#include "lib/work/quiesce.h"

struct oq_store {
	struct oq_env env;
	struct oq_filecache *opened;
	struct oq_calc calc;
	bool calc_is_read;
	atomic_bool is_calm; /* or has been waited for */
	/* The group listed last: a long listing is asked for in pieces. */
	struct oq_listing listing;
};

static int open_env(const struct oq_store_opts *o, struct oq_env *e,
		    struct oq_err *err)
{
	int r;

	e->fd = o->fd;
	e->nthreads = (unsigned)o->reader.nthreads;
	e->csv_split = o->reader.csv_split;
	e->errands = oq_errands_new();
	if (!e->errands)
		return oq_err_set(err, -ENOMEM, "no memory for errands");
	r = oq_pool_new(e->nthreads, &e->pool, err);
	if (!r && o->seal)
		r = o->seal(err);
	if (!r)
		r = oq_h5_open(o->fd, &e->h5, err);
	if (!r)
		r = oq_h5_set_name(e->h5, o->path, err);
	if (r < 0)
		return r;
	oq_h5_count_reads(e->h5, o->nread);
	e->cache = oq_cache_new(o->reader.cache_bytes, e->pool);
	if (!e->cache)
		return oq_err_set(err, -ENOMEM, "no memory");
	/* What a writer changes must not come out of an older copy. */
	if (!oq_h5_is_swmr(e->h5))
		e->stretches =
			oq_stretches_new(o->fd, oq_h5_is_far(e->h5),
					 oq_min_u64(o->reader.cache_bytes / 2,
						    OQ_STRETCHES_BYTES),
					 e->pool);
	return 0;
}

static void release(struct oq_store *s)
{
	oq_pool_free(s->env.pool);
	oq_stretches_free(s->env.stretches);
	oq_cache_free(s->env.cache);
	oq_errands_free(s->env.errands);
	oq_h5_close(s->env.h5);
	free(s);
}

int oq_store_open(const struct oq_store_opts *o, struct oq_store **out,
		  struct oq_err *err)
{
	struct oq_store *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return oq_err_set(err, -ENOMEM, "no memory");
	r = open_env(o, &s->env, err);
	if (r == 0) {
		s->opened = oq_filecache_new(&s->env);
		if (!s->opened)
			r = oq_err_set(err, -ENOMEM, "no memory");
	}
	if (r < 0) {
		release(s);
		return r;
	}
	/* A writer that lets others read (SWMR) keeps to an order. */
	atomic_init(&s->is_calm, oq_h5_is_swmr(s->env.h5));
	*out = s;
	return 0;
}

const struct oq_env *oq_store_env(const struct oq_store *s)
{
	return &s->env;
}

int oq_store_list(struct oq_store *s, const struct oq_list_spec *spec,
		  struct oq_buf *out, uint64_t *next, struct oq_err *err)
{
	uint64_t addr = oq_subject_address(&s->env, spec->group);
	int r = 0;

	if (spec->from == 0 || !s->listing.data.data ||
	    s->listing.group != addr)
		r = oq_listing_read(&s->env, addr, spec->progress, &s->listing,
				    err);
	if (r < 0)
		return r;
	return oq_listing_put(&s->listing, spec->from, spec->room, out, next,
			      err);
}

/* What the calculation says, if this is the root. */
static const struct oq_calc *calc_of(struct oq_store *s, uint64_t addr)
{
	if (addr != oq_h5_root(s->env.h5))
		return NULL;
	if (!s->calc_is_read)
		oq_calc_read(&s->env, &s->calc);
	s->calc_is_read = true;
	return &s->calc;
}

int oq_store_xlist(struct oq_store *s, uint64_t object, struct oq_buf *out,
		   struct oq_err *err)
{
	uint64_t addr = oq_subject_address(&s->env, object);

	return oq_xattr_list(&s->env, addr, calc_of(s, addr), out, err);
}

int oq_store_xget(struct oq_store *s, uint64_t object, const char *name,
		  struct oq_buf *out, struct oq_err *err)
{
	uint64_t addr = oq_subject_address(&s->env, object);

	return oq_xattr_get(&s->env, addr, calc_of(s, addr), name, out, err);
}

void oq_store_quiesce(struct oq_store *s)
{
	if (atomic_load(&s->is_calm))
		return;
	oq_quiesce_wait(s->env.fd, oq_h5_is_unsettled(s->env.h5)
					   ? OQ_CALM_LONG_MS
					   : OQ_CALM_MS);
	atomic_store(&s->is_calm, true);
}

int oq_store_xcheck(struct oq_store *s, uint64_t object, struct oq_err *err)
{
	return oq_xattr_check(&s->env, oq_subject_address(&s->env, object),
			      err);
}

int oq_store_view(struct oq_store *s, const struct oq_request *key,
		  struct oq_cached_file **out, struct oq_err *err)
{
	struct oq_cached_file *o = oq_filecache_find(s->opened, key);
	struct oq_file *shown;
	int r;

	if (!o) {
		r = oq_open_view(&s->env, key,
				 oq_filecache_labels(s->opened, key->object),
				 &shown, err);
		if (r < 0)
			return r;
		o = oq_filecache_add(s->opened, key, shown);
	}
	if (!o)
		return oq_err_set(err, -ENOMEM, "no memory");
	*out = o;
	return 0;
}
