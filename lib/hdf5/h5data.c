/* SPDX-License-Identifier: MIT */
/* h5data.c - read boxes of a dataset, and its chunk index */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/grow.h"
#include "lib/base/num.h"
#include "lib/hdf5/h5int.h"

/* ---- variable-length parts ---- */

static bool note_part(struct oq_h5_parts *s, void *p)
{
	if (oq_grow(&s->v, &s->room, s->n, sizeof(*s->v)))
		return false;
	s->v[s->n++] = p;
	return true;
}

void *oq_h5_part_alloc(size_t size, void *ctx)
{
	struct oq_h5_parts *s = ctx;
	void *p;

	if (size > OQ_H5_MAX_PARTS - s->bytes) {
		/* libhdf5 would speak of a lack of memory, which it is not. */
		(void)H5Epush2(H5E_DEFAULT, __FILE__, __func__, __LINE__,
			       H5E_ERR_CLS, H5E_DATATYPE, H5E_BADVALUE,
			       "more than a gigabyte of variable length");
		return NULL;
	}
	/* Zeroed: where a stored length is a lie, no old memory shows. */
	p = calloc(1, size ? size : 1);
	if (p && !note_part(s, p)) {
		free(p);
		return NULL;
	}
	s->bytes += size;
	return p;
}

void oq_h5_part_free(void *p, void *ctx)
{
	struct oq_h5_parts *s = ctx;

	if (!p)
		return;
	for (size_t i = s->n; i-- > 0;)
		if (s->v[i] == p) {
			s->v[i] = s->v[--s->n];
			break;
		}
	free(p);
}

/* Forget what a read allocated: after a success it belongs to the elements;
 * after a failure there are none, and it is freed here. */
static void settle_parts(struct oq_h5_parts *s, bool read_failed)
{
	for (size_t i = 0; read_failed && i < s->n; i++)
		free(s->v[i]);
	s->n = 0;
	s->bytes = 0;
}

static void free_element(const struct oq_dtype *t, char *elem)
{
	struct oq_vlen seq;
	char *text;

	switch (t->cls) {
	case OQ_VSTRING:
		memcpy(&text, elem, sizeof(text));
		free(text);
		break;
	case OQ_VLEN:
		memcpy(&seq, elem, sizeof(seq));
		if (seq.p)
			oq_h5_free_parts(t->base, seq.p, seq.len);
		free(seq.p);
		break;
	case OQ_COMPOUND:
		for (size_t i = 0; i < t->nmembers; i++)
			oq_h5_free_parts(t->members[i].type,
					 elem + t->members[i].offset, 1);
		break;
	case OQ_ARRAY:
		oq_h5_free_parts(t->base, elem, t->size / t->base->size);
		break;
	case OQ_MASKED:
		oq_h5_free_parts(t->base, elem, 1);
		break;
	case OQ_INT:
	case OQ_FLOAT:
	case OQ_TIME:
	case OQ_BITFIELD:
	case OQ_STRING:
	case OQ_OPAQUE:
	case OQ_ENUM:
	case OQ_OBJREF:
	case OQ_REGREF:
	case OQ_DATETIME:
	case OQ_TIMEDELTA:
		break;
	}
}

void oq_h5_free_parts(const struct oq_dtype *t, void *elems, uint64_t nelems)
{
	if (!oq_dtype_has_pointers(t))
		return;
	for (uint64_t i = 0; i < nelems; i++)
		free_element(t, (char *)elems + i * t->size);
}

void oq_h5_reclaim(struct oq_h5_dset *d, void *elems, uint64_t nelems)
{
	oq_h5_free_parts(d->info.type, elems, nelems);
}

static int drop_pointers(hid_t id, const struct oq_dtype *t, hid_t *out,
			 struct oq_err *err);

static int keep_member(hid_t kept, hid_t id, unsigned i,
		       const struct oq_member *m, struct oq_err *err)
{
	OQ_HID hid_t whole = H5Tget_member_type(id, i), rest = -1;
	int r;

	if (whole < 0)
		return oq_h5_fail(err, NULL);
	r = drop_pointers(whole, m->type, &rest, err);
	if (r || rest < 0)
		return r;
	return H5Tinsert(kept, m->name, m->offset, rest) < 0
		       ? oq_h5_fail(err, NULL)
		       : 0;
}

/* Make a type without the parts that have pointers; the other members keep
 * their offsets.  '*out' is -1 where nothing is left. */
static int drop_pointers(hid_t id, const struct oq_dtype *t, hid_t *out,
			 struct oq_err *err)
{
	bool whole = !oq_dtype_has_pointers(t);
	OQ_HID hid_t kept = -1;
	int r = 0;

	*out = -1;
	if (!whole && t->cls != OQ_COMPOUND)
		return 0;
	kept = whole ? H5Tcopy(id) : H5Tcreate(H5T_COMPOUND, t->size);
	if (kept < 0)
		return oq_h5_fail(err, NULL);
	for (size_t i = 0; !whole && i < t->nmembers && !r; i++)
		r = keep_member(kept, id, (unsigned)i, &t->members[i], err);
	if (!r && (whole || H5Tget_nmembers(kept) > 0)) {
		*out = kept;
		kept = -1;
	}
	return r;
}

void oq_h5_dset_show_as(struct oq_h5_dset *d, struct oq_dtype *t)
{
	oq_dtype_free(d->info.type);
	d->info.type = t;
}

void oq_h5_dset_as_stored(struct oq_h5_dset *d)
{
	d->info.as_stored = true;
}

int oq_h5_dset_skip_pointers(struct oq_h5_dset *d, struct oq_err *err)
{
	hid_t rest;
	int r;

	if (d->info.skips_pointers || !oq_dtype_has_pointers(d->info.type))
		return 0;
	r = drop_pointers(d->type, d->info.type, &rest, err);
	if (r)
		return r;
	oq_h5_drop(&d->type);
	d->type = rest;
	d->info.skips_pointers = true;
	return 0;
}

/* ---- boxes ---- */

static int select_box(struct oq_h5_dset *d, const uint64_t *start,
		      const uint64_t *step, const uint64_t *count,
		      struct oq_err *err)
{
	hsize_t s[OQ_MAX_RANK], t[OQ_MAX_RANK], c[OQ_MAX_RANK];

	for (unsigned i = 0; i < d->info.rank; i++) {
		s[i] = start[i];
		t[i] = step[i];
		c[i] = count[i];
	}
	if (H5Sselect_hyperslab(d->space, H5S_SELECT_SET, s, t, c, NULL) < 0)
		return oq_h5_fail(err, NULL);
	return 0;
}

static int read_selected(struct oq_h5_dset *d, uint64_t nelems, void *out,
			 struct oq_err *err)
{
	hsize_t n = nelems;
	OQ_HID hid_t mem = H5Screate_simple(1, &n, NULL);
	herr_t r;

	if (mem < 0)
		return oq_h5_fail(err, NULL);
	if (d->info.layout == OQ_VIRTUAL || d->info.nfilters) {
		int bad = oq_h5_check_selected(d->h, d->id, d->space, err);

		if (bad)
			return bad;
	}
	r = H5Dread(d->id, d->type, mem, d->space, d->h->dxpl, out);
	settle_parts(&d->h->parts, r < 0);
	return r < 0 ? oq_h5_fail(err, NULL) : 0;
}

int oq_h5_read(struct oq_h5_dset *d, const uint64_t *start,
	       const uint64_t *step, const uint64_t *count, void *out,
	       struct oq_err *err)
{
	const struct oq_dataset *i = &d->info;
	uint64_t nelems, nbytes;
	int r;

	if (i->refused)
		return oq_err_set(err, i->refused, "%s", i->why.text);
	if (i->space == OQ_NULLSPACE)
		return 0;
	if (oq_product_overflows(count, i->rank, &nelems) ||
	    oq_mul_overflows(nelems, i->type->size, &nbytes) ||
	    nbytes > INT64_MAX)
		return oq_err_set(err, -EINVAL, "a box of too many elements");
	if (nelems == 0)
		return 0;
	if (i->rank) {
		r = select_box(d, start, step, count, err);
		if (r)
			return r;
	}
	/* What HDF5 leaves alone (unallocated chunks without a fill value,
	 * padding) is zero and never this process's old memory. */
	memset(out, 0, nbytes);
	return d->type < 0 ? 0 : read_selected(d, nelems, out, err);
}

/* ---- chunks ---- */

struct chunk_walk {
	const struct oq_h5_dset *d;
	int (*each)(void *ctx, const struct oq_h5_chunk *c);
	void *ctx;
	int ended;
};

static bool crosses_border(const struct oq_dataset *i, const hsize_t *offset)
{
	for (unsigned k = 0; k < i->rank; k++)
		if (offset[k] > i->dims[k] ||
		    i->dims[k] - offset[k] < i->chunk[k])
			return true;
	return false;
}

static int pass_chunk(const hsize_t *offset, unsigned filter_mask, haddr_t addr,
		      hsize_t size, void *arg)
{
	struct chunk_walk *w = arg;
	const struct oq_dataset *i = &w->d->info;
	uint64_t at[OQ_MAX_RANK];
	struct oq_h5_chunk c = {
		.offset = at,
		.filter_mask = filter_mask,
		.file_off = addr,
		.nbytes = size,
	};

#if !H5_VERSION_GE(1, 14, 4)
	c.file_off += w->d->h->sb.base; /* libhdf5 forgets it */
#endif
	for (unsigned k = 0; k < i->rank; k++)
		at[k] = offset[k];
	if (w->d->plain_edges && crosses_border(i, offset))
		c.filter_mask = UINT32_MAX;
	w->ended = w->each(w->ctx, &c);
	return w->ended ? H5_ITER_STOP : H5_ITER_CONT;
}

/* Whether two extents of an axis make equally many chunks. */
static bool same_chunks(uint64_t a, uint64_t b, uint64_t chunk)
{
	return b != OQ_UNLIMITED &&
	       a / chunk + (a % chunk != 0) == b / chunk + (b % chunk != 0);
}

/* Whether H5Dchunk_iter() tells the right places.  The fixed and the extensible
 * array index lay chunks out by the dataset's maximal extent, an unlimited axis
 * first; H5Dchunk_iter() counts through them by the current extent, with the
 * axes in their order (seen in 1.14.5).  Where these differ, it gives chunks
 * the places of others. */
static bool walk_is_sound(const struct oq_h5_dset *d)
{
	const struct oq_dataset *i = &d->info;
	H5D_chunk_index_t type;

	if (H5Dget_chunk_index_type(d->id, &type) < 0) {
		oq_h5_forget();
		return false;
	}
	if (type != H5D_CHUNK_IDX_FARRAY && type != H5D_CHUNK_IDX_EARRAY)
		return true;
	if (type == H5D_CHUNK_IDX_EARRAY && i->maxdims[0] != OQ_UNLIMITED)
		return false;
	for (unsigned k = 1; k < i->rank; k++)
		if (!same_chunks(i->dims[k], i->maxdims[k], i->chunk[k]))
			return false;
	return true;
}

int oq_h5_chunks(struct oq_h5_dset *d,
		 int (*each)(void *ctx, const struct oq_h5_chunk *c), void *ctx,
		 struct oq_err *err)
{
	struct chunk_walk w = { .d = d, .each = each, .ctx = ctx };

	if (d->info.layout != OQ_CHUNKED)
		return oq_err_set(err, -EINVAL, "not a chunked dataset");
	if (!walk_is_sound(d))
		return oq_err_set(err, -EOPNOTSUPP,
				  "HDF5 misplaces the chunks of this index");
	if (H5Dchunk_iter(d->id, H5P_DEFAULT, pass_chunk, &w) < 0)
		return oq_h5_fail(err, NULL);
	return w.ended;
}
