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
#include "lib/hdf5/h5blocks.h"
#include "lib/reader/entry.h"
#include "lib/reader/xattr.h"
#include "lib/view/open.h"
#include "lib/view/subject.h"
#include "lib/work/quiesce.h"

/* The extended attribute of the directory of exports. */
#define LEFT_OUT "oqfs.export"

struct oq_store {
	struct oq_env env;
	struct oq_filecache *opened;
	struct oq_exportdir *exports;	  /* NULL until it is asked for */
	const struct oq_exportdir *given; /* the same, if the front spoke of it
					     before there was anything else */
	struct oq_calc calc;
	bool calc_is_read;
	atomic_bool is_calm; /* or has been waited for */
	/* The group listed last: a long listing is asked for in pieces. */
	struct oq_listing listing;
};

static size_t read_stretch(void *ctx, void *out, uint64_t number)
{
	return oq_stretch_spread(ctx, out, number);
}

/* Metadata of a far file come by the same reads as its chunks. */
static void spread_metadata(const struct oq_env *e)
{
	const struct oq_h5_spread s = { e->stretches, OQ_STRETCH_BYTES,
					read_stretch };

	if (e->stretches && oq_h5_is_far(e->h5))
		oq_h5_spread(e->h5, &s);
}

static int open_env(const struct oq_store_opts *o, struct oq_env *e,
		    struct oq_err *err)
{
	int r;

	e->fd = o->fd;
	e->nthreads = (unsigned)o->reader.nthreads;
	e->csv_split = o->reader.csv_split;
	e->conventions = o->reader.conventions;
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
	if (!oq_h5_is_swmr(e->h5)) {
		e->stretches =
			oq_stretches_new(o->fd, oq_h5_is_far(e->h5),
					 oq_min_u64(o->reader.cache_bytes / 2,
						    OQ_STRETCHES_BYTES),
					 e->pool);
		spread_metadata(e);
	}
	return 0;
}

static void release(struct oq_store *s)
{
	/* From now on there is nobody who reads ahead. */
	if (s->env.h5)
		oq_h5_spread(s->env.h5, &(struct oq_h5_spread){ 0 });
	oq_pool_free(s->env.pool);
	oq_stretches_free(s->env.stretches);
	oq_cache_free(s->env.cache);
	oq_errands_free(s->env.errands);
	oq_exportdir_free(s->exports);
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

int oq_store_set_calc(struct oq_store *s, const struct oq_calc_spec *spec)
{
	if (s->exports)
		return -EPROTO;
	s->exports = oq_exportdir_new(&s->env, spec);
	s->given = s->exports;
	return s->exports ? 0 : -ENOMEM;
}

static int find_exports(struct oq_store *s, struct oq_err *err)
{
	if (!s->exports)
		s->exports = oq_exportdir_new(&s->env, NULL);
	return s->exports ? 0 : oq_err_set(err, -ENOMEM, "no memory");
}

static int read_listing(struct oq_store *s, const struct oq_list_spec *spec,
			uint64_t addr, struct oq_err *err)
{
	int r;

	if (addr != OQ_WIRE_EXPORT)
		return oq_listing_read(&s->env, addr, spec->progress,
				       &s->listing, err);
	r = find_exports(s, err);
	return r < 0 ? r : oq_exportdir_list(s->exports, &s->listing, err);
}

int oq_store_list(struct oq_store *s, const struct oq_list_spec *spec,
		  struct oq_buf *out, uint64_t *next, struct oq_err *err)
{
	uint64_t addr = oq_subject_address(&s->env, spec->group);
	int r = 0;

	if (spec->from == 0 || !s->listing.data.data ||
	    s->listing.group != addr)
		r = read_listing(s, spec, addr, err);
	if (r < 0)
		return r;
	return oq_listing_put(&s->listing, spec->from, spec->room, out, next,
			      err);
}

int oq_store_family(struct oq_store *s, const struct oq_list_spec *spec,
		    const struct oq_buf *names, struct oq_buf *out,
		    uint64_t *nlinks, struct oq_err *err)
{
	struct oq_listing l = { 0 };
	uint64_t next = 0;
	int r;

	if (spec->group == OQ_WIRE_EXPORT)
		return oq_err_set(err, -EOPNOTSUPP, "no group");
	r = oq_listing_family(&s->env, oq_subject_address(&s->env, spec->group),
			      spec->progress, names, &l, nlinks, err);
	if (r == 0)
		r = oq_listing_put(&l, 0, spec->room, out, &next, err);
	if (r == 0 && next)
		r = oq_err_set(err, -E2BIG, "too long an answer");
	oq_listing_free(&l);
	return r;
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

	if (object == OQ_WIRE_EXPORT) {
		oq_buf_put(out, LEFT_OUT, sizeof(LEFT_OUT));
		return 0;
	}
	return oq_xattr_list(&s->env, addr, calc_of(s, addr), out, err);
}

static int get_left_out(struct oq_store *s, const char *name,
			struct oq_buf *out, struct oq_err *err)
{
	int r = strcmp(name, LEFT_OUT) ? -ENODATA : find_exports(s, err);

	if (r == 0)
		r = oq_exportdir_left_out(s->exports, out, err);
	if (r == 0 && oq_buf_failed(out))
		r = oq_err_set(err, -ENOMEM, "no memory");
	if (r == 0 && out->len > OQ_XATTR_MAX_VALUE)
		r = oq_err_set(err, -E2BIG,
			       "longer than an extended attribute can be");
	return r;
}

int oq_store_xget(struct oq_store *s, uint64_t object, const char *name,
		  struct oq_buf *out, struct oq_err *err)
{
	uint64_t addr = oq_subject_address(&s->env, object);

	if (object == OQ_WIRE_EXPORT)
		return get_left_out(s, name, out, err);
	return oq_xattr_get(&s->env, addr, calc_of(s, addr), name, out, err);
}

void oq_store_quiesce(struct oq_store *s)
{
	if (atomic_load(&s->is_calm))
		return;
	oq_quiesce_wait(s->env.fd, oq_h5_is_unsettled(s->env.h5)
					   ? OQ_QUIESCE_LONG_MS
					   : OQ_QUIESCE_MS);
	oq_exportdir_quiesce(s->given);
	atomic_store(&s->is_calm, true);
}

int oq_store_xcheck(struct oq_store *s, uint64_t object, struct oq_err *err)
{
	if (object == OQ_WIRE_EXPORT)
		return 0;
	return oq_xattr_check(&s->env, oq_subject_address(&s->env, object),
			      err);
}

static int open_file(struct oq_store *s, const struct oq_request *key,
		     struct oq_file **out, struct oq_err *err)
{
	int r;

	if (key->object != OQ_WIRE_EXPORT)
		return oq_open_view(&s->env, key,
				    oq_filecache_labels(s->opened, key->object),
				    out, err);
	r = find_exports(s, err);
	return r < 0 ? r : oq_exportdir_open(s->exports, key, out, err);
}

int oq_store_view(struct oq_store *s, const struct oq_request *key,
		  struct oq_cached_file **out, struct oq_err *err)
{
	struct oq_cached_file *o = oq_filecache_find(s->opened, key);
	struct oq_file *file;
	int r;

	if (!o) {
		r = open_file(s, key, &file, err);
		if (r < 0)
			return r;
		o = oq_filecache_add(s->opened, key, file);
	}
	if (!o)
		return oq_err_set(err, -ENOMEM, "no memory");
	*out = o;
	return 0;
}
