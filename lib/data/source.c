/* SPDX-License-Identifier: MIT */
/* source.c - where the elements of a view come from: a dataset */

#include "lib/data/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/data/chunks.h"
#include "lib/data/stretch.h"
#include "lib/type/timeval.h"

struct dataset {
	struct oq_source base; /* first: a source is its dataset */
	const struct oq_env *env;
	struct oq_h5_dset *dset; /* owned; main thread only */
	const struct oq_dataset *info;
	struct oq_sel sel;
	struct oq_trail trail;	  /* OQ_CONTIGUOUS only */
	struct oq_chunks *chunks; /* owned, OQ_CHUNKED only */
};

/* Whether the elements are shown as they are in the file. */
static bool is_as_stored(const struct dataset *d)
{
	return d->info->as_stored || !oq_timeval_has(d->info->type);
}

static void turn(const struct dataset *d, void *elems, size_t n)
{
	if (!is_as_stored(d))
		oq_timeval_turn(d->info->type, elems, n);
}

static int read_plain(struct oq_source *s, uint64_t first, size_t n, void *out,
		      struct oq_err *err)
{
	struct dataset *d = (struct dataset *)s;
	size_t size = s->type->size;

	return oq_stretch_follow(d->env->stretches, &d->trail, d->env->fd, out,
				 n * size, s->file_off + first * size, err);
}

static int read_chunked(struct oq_source *s, uint64_t first, size_t n,
			void *out, struct oq_err *err)
{
	struct dataset *d = (struct dataset *)s;
	struct oq_run run = oq_run_of(&d->sel, first, n);
	struct oq_box box;
	uint8_t *to = out;
	int r = 0;

	while (r == 0 && oq_run_next(&run, &box)) {
		r = oq_chunks_read(d->chunks, &d->sel, &box, s->is_read_once,
				   to, err);
		to += box.nelems * s->type->size;
	}
	if (r == 0)
		turn(d, out, n);
	return r;
}

static void ahead_chunked(struct oq_source *s, uint64_t first, uint64_t n)
{
	struct dataset *d = (struct dataset *)s;
	struct oq_run run = oq_run_of(&d->sel, first, n);
	struct oq_box box;

	while (oq_run_next(&run, &box))
		oq_chunks_ahead(d->chunks, &d->sel, &box);
}

/* ---- through libhdf5 ---- */

/* A box as libhdf5 is asked for it: all steps forward. */
struct ask {
	struct dataset *d;
	uint64_t start[OQ_MAX_RANK], step[OQ_MAX_RANK], count[OQ_MAX_RANK];
	void *out;
	struct oq_err *err;
	int status;
};

static void read_box(void *arg)
{
	struct ask *a = arg;

	a->status = oq_h5_read(a->d->dset, a->start, a->step, a->count, a->out,
			       a->err);
}

/* Fill in 'a' for a box and say whether some axis must be turned round. */
static bool plan_box(const struct oq_sel *sel, const struct oq_box *box,
		     struct ask *a)
{
	bool turned = false;

	for (unsigned i = 0; i < sel->rank; i++) {
		const struct oq_sel_axis *x = &sel->axis[i];
		uint64_t at = x->start + box->first[i] * (uint64_t)x->step;

		a->count[i] = box->count[i];
		a->step[i] = (uint64_t)(x->step < 0 ? -x->step : x->step);
		a->start[i] = at;
		if (x->step < 0) {
			a->start[i] -= (box->count[i] - 1) * a->step[i];
			turned |= box->count[i] > 1;
		}
	}
	return turned;
}

static void turn_round(const struct oq_sel *sel, const struct oq_box *box,
		       size_t size, const uint8_t *src, uint8_t *dst)
{
	struct oq_copy c = { .rank = sel->rank, .elem_bytes = size };
	int64_t stride = (int64_t)size;

	for (unsigned i = sel->rank; i-- > 0;) {
		bool back = sel->axis[i].step < 0;

		c.n[i] = box->count[i];
		c.dst_stride[i] = stride;
		c.src_stride[i] = back ? -stride : stride;
		if (back)
			src += stride * (int64_t)(box->count[i] - 1);
		stride *= (int64_t)box->count[i];
	}
	oq_copy_run(&c, src, dst);
}

static int read_one_box(struct dataset *d, const struct oq_box *box,
			uint8_t *out, struct oq_err *err)
{
	struct ask a = { .d = d, .out = out, .err = err };
	size_t size = d->base.type->size;
	OQ_FREE uint8_t *forward = NULL;

	if (plan_box(&d->sel, box, &a)) {
		forward = malloc(box->nelems * size);
		if (!forward)
			return oq_err_set(err, -ENOMEM, "no memory for a box");
		a.out = forward;
	}
	oq_errand_send(d->env->errands, read_box, &a);
	if (a.status == 0 && forward)
		turn_round(&d->sel, box, size, forward, out);
	return a.status;
}

static int read_by_h5(struct oq_source *s, uint64_t first, size_t n, void *out,
		      struct oq_err *err)
{
	struct dataset *d = (struct dataset *)s;
	struct oq_run run = oq_run_of(&d->sel, first, n);
	struct oq_box box;
	size_t done = 0;
	int r = 0;

	while (r == 0 && oq_run_next(&run, &box)) {
		r = read_one_box(d, &box, (uint8_t *)out + done * s->type->size,
				 err);
		if (r == 0)
			done += box.nelems;
	}
	if (r < 0)
		oq_source_release(s, out, done);
	else
		turn(d, out, n);
	return r;
}

struct reclaim {
	struct dataset *d;
	void *elems;
	size_t n;
};

static void reclaim(void *arg)
{
	struct reclaim *r = arg;

	oq_h5_reclaim(r->d->dset, r->elems, r->n);
}

static void release(struct oq_source *s, void *elems, size_t n)
{
	struct reclaim r = { (struct dataset *)s, elems, n };

	oq_errand_send(r.d->env->errands, reclaim, &r);
}

/* ---- open, close ---- */

static void close_h5(void *dset)
{
	oq_h5_dset_close(dset);
}

static void close_dataset(struct oq_source *s)
{
	struct dataset *d = (struct dataset *)s;

	oq_chunks_close(d->chunks);
	if (d->dset)
		oq_errand_send(d->env->errands, close_h5, d->dset);
	free(d);
}

/* Reads through libhdf5 are of this many bytes or so: long enough to be worth
 * an errand, short enough that other errands wait milliseconds. */
#define H5_BLOCK_BYTES ((size_t)1 << 20)

static int choose_way(struct dataset *d, struct oq_err *err)
{
	const struct oq_dataset *info = d->info;
	struct oq_source *s = &d->base;

	s->read = read_by_h5;
	s->block_bytes = H5_BLOCK_BYTES;
	if (oq_dtype_has_pointers(info->type)) {
		s->has_pointers = !info->skips_pointers;
		s->release = release;
		return 0;
	}
	if (info->layout == OQ_CONTIGUOUS && info->file_off != OQ_NO_ADDR &&
	    !oq_dtype_has_refs(info->type) && is_as_stored(d) &&
	    oq_sel_is_all(&d->sel, info->dims)) {
		s->file_off = info->file_off;
		s->read = read_plain;
	} else if (info->layout == OQ_CHUNKED && info->nelems) {
		int r = oq_chunks_open(d->env, d->dset, &d->chunks, err);

		if (r < 0)
			return r;
		s->read = read_chunked;
		s->ahead = ahead_chunked;
		s->block_bytes = oq_chunks_bytes(d->chunks);
	}
	return 0;
}

int oq_source_open(const struct oq_env *env, struct oq_h5_dset *dset,
		   const struct oq_sel *sel, struct oq_source **out,
		   struct oq_err *err)
{
	const struct oq_dataset *info = oq_h5_dset_info(dset);
	struct dataset *d;
	int r = 0;

	if (info->refused)
		return oq_err_set(err, info->refused, "%s", info->why.text);
	d = calloc(1, sizeof(*d));
	if (!d)
		return oq_err_set(err, -ENOMEM, "no memory");
	d->env = env;
	d->info = info;
	d->base.close = close_dataset;
	d->base.type = info->type;
	d->base.file_off = OQ_NO_ADDR;
	if (sel)
		d->sel = *sel;
	else
		r = oq_sel_init_all(&d->sel, info->rank, info->dims);
	d->base.nelems = info->space == OQ_NULLSPACE ? 0 : d->sel.nelems;
	d->dset = dset;
	if (r == 0)
		r = choose_way(d, err);
	if (r < 0) {
		free(d); /* its chunks were not made, and 'dset' is not ours */
		return r;
	}
	*out = &d->base;
	return 0;
}
