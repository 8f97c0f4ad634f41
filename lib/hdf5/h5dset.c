/* SPDX-License-Identifier: MIT */
/* h5dset.c - open a dataset and describe it */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/hdf5/h5int.h"

/* Registered filters that are met in the wild, for those that were stored
 * without a name. */
static const struct {
	int id;
	const char *name;
} known_filters[] = {
	{ 305, "lzo" },		{ 307, "bzip2" },
	{ 32000, "lzf" },	{ 32001, "blosc" },
	{ 32002, "mafisc" },	{ 32003, "snappy" },
	{ 32004, "lz4" },	{ 32008, "bitshuffle" },
	{ 32013, "zfp" },	{ 32014, "fpzip" },
	{ 32015, "zstd" },	{ 32017, "sz" },
	{ 32018, "fcidecomp" }, { 32019, "jpeg" },
	{ 32022, "bitgroom" },	{ 32023, "granular bitround" },
	{ 32024, "sz3" },	{ 32026, "blosc2" },
};

/* ---- extent ---- */

int oq_h5_shape(hid_t space, struct oq_h5_shape *s, struct oq_err *err)
{
	hsize_t dims[OQ_MAX_RANK] = { 0 }, maxdims[OQ_MAX_RANK] = { 0 };
	H5S_class_t cls = H5Sget_simple_extent_type(space);
	int rank = 0;

	*s = (struct oq_h5_shape){ .space = OQ_SCALAR, .nelems = 1 };
	if (cls == H5S_NULL) {
		s->space = OQ_NULLSPACE;
		s->nelems = 0;
		return 0;
	}
	if (cls == H5S_SIMPLE)
		rank = H5Sget_simple_extent_ndims(space);
	if (cls == H5S_NO_CLASS || rank < 0 || rank > OQ_MAX_RANK)
		return oq_h5_fail(err, "damaged dataspace");
	if (rank == 0)
		return 0;
	if (H5Sget_simple_extent_dims(space, dims, maxdims) < 0)
		return oq_h5_fail(err, NULL);
	s->space = OQ_SIMPLE;
	s->rank = (unsigned)rank;
	for (int i = 0; i < rank; i++) {
		s->dims[i] = dims[i];
		s->maxdims[i] =
			maxdims[i] == H5S_UNLIMITED ? OQ_UNLIMITED : maxdims[i];
	}
	if (oq_product_overflows(s->dims, s->rank, &s->nelems))
		return oq_err_set(err, -EOVERFLOW,
				  "more elements than can be counted");
	return 0;
}

static int get_extent(struct oq_h5_dset *d, struct oq_err *err)
{
	struct oq_dataset *i = &d->info;
	struct oq_h5_shape s;
	int r;

	d->space = H5Dget_space(d->id);
	if (d->space < 0)
		return oq_h5_fail(err, NULL);
	r = oq_h5_shape(d->space, &s, err);
	if (r)
		return r;
	i->space = s.space;
	i->rank = s.rank;
	memcpy(i->dims, s.dims, sizeof(i->dims));
	memcpy(i->maxdims, s.maxdims, sizeof(i->maxdims));
	i->nelems = s.nelems;
	if (oq_mul_overflows(i->nelems, i->type->size, &i->nbytes) ||
	    i->nbytes > INT64_MAX)
		return oq_err_set(err, -EOVERFLOW,
				  "more bytes than a file can have");
	return 0;
}

/* ---- storage ---- */

/* Remember why the data cannot be read; the first reason stays. */
static void refuse(struct oq_dataset *i, int code, const struct oq_err *why)
{
	if (i->refused)
		return;
	i->refused = code;
	i->why = *why;
}

/* Where the data of a contiguous dataset begin; OQ_NO_ADDR for one that is
 * stored otherwise, elsewhere or not at all. */
static uint64_t find_data(const struct oq_h5_dset *d)
{
	haddr_t off = H5Dget_offset(d->id);

	oq_h5_forget();
	/* 1.14 adds the user block to "none" as well. */
	if (off == HADDR_UNDEF || off - d->h->sb.base == HADDR_UNDEF)
		return OQ_NO_ADDR;
	return off;
}

static void check_contiguous(struct oq_h5_dset *d)
{
	struct oq_dataset *i = &d->info;
	struct oq_err why;
	uint64_t end;

	/* Elements with pointers or references may have another width in the
	 * file, so 'nbytes' says nothing of their storage. */
	if (oq_dtype_has_pointers(i->type) || oq_dtype_has_refs(i->type))
		return;
	if (oq_h5_dset_storage(d) < i->nbytes ||
	    oq_add_overflows(i->file_off, i->nbytes, &end) || end > INT64_MAX)
		refuse(i,
		       oq_err_set(&why, -EIO,
				  "less storage than the dataset needs"),
		       &why);
}

static int get_chunked(struct oq_h5_dset *d, hid_t dcpl, struct oq_err *err)
{
	struct oq_dataset *i = &d->info;
	hsize_t chunk[OQ_MAX_RANK] = { 0 };
	unsigned opts = 0;
	struct oq_err why;
	uint64_t n, bytes;
	int rank = H5Pget_chunk(dcpl, OQ_MAX_RANK, chunk);

	if (rank < 0 || (unsigned)rank != i->rank)
		return oq_h5_fail(err, "damaged chunk shape");
	for (int k = 0; k < rank; k++) {
		i->chunk[k] = chunk[k];
		if (chunk[k] == 0)
			return oq_err_set(err, -EIO, "a chunk of no elements");
	}
	if (H5Pget_chunk_opts(dcpl, &opts) < 0)
		return oq_h5_fail(err, NULL);
	d->plain_edges = opts & H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS;
	if (oq_product_overflows(i->chunk, i->rank, &n) ||
	    oq_mul_overflows(n, i->type->size, &bytes) ||
	    bytes > OQ_MAX_CHUNK_BYTES)
		refuse(i, oq_err_set(&why, -EIO, "a chunk of more than 1 GiB"),
		       &why);
	return 0;
}

static void refuse_external(struct oq_dataset *i, hid_t dcpl)
{
	struct oq_err why;

	/* libhdf5 would open whatever path the file names. */
	if (H5Pget_external_count(dcpl) != 0)
		refuse(i,
		       oq_err_set(&why, -EOPNOTSUPP,
				  "its data are in external files"),
		       &why);
	oq_h5_forget();
}

static int get_layout(struct oq_h5_dset *d, hid_t dcpl, struct oq_err *err)
{
	struct oq_dataset *i = &d->info;

	switch (H5Pget_layout(dcpl)) {
	case H5D_COMPACT:
		i->layout = OQ_COMPACT;
		return 0;
	case H5D_CONTIGUOUS:
		i->layout = OQ_CONTIGUOUS;
		refuse_external(i, dcpl);
		return 0;
	case H5D_CHUNKED:
		i->layout = OQ_CHUNKED;
		return get_chunked(d, dcpl, err);
	case H5D_VIRTUAL:
		i->layout = OQ_VIRTUAL;
		return 0;
	case H5D_LAYOUT_ERROR:
	case H5D_NLAYOUTS:
		break;
	}
	return oq_h5_fail(err, "unknown layout");
}

/* ---- filters ---- */

static void name_filter(struct oq_filter_info *f)
{
	size_t n = sizeof(known_filters) / sizeof(known_filters[0]);

	for (size_t i = 0; i < n && !*f->name; i++)
		if (known_filters[i].id == f->id)
			strcpy(f->name, known_filters[i].name);
}

static int get_filters(struct oq_dataset *i, hid_t dcpl, struct oq_err *err)
{
	int n = H5Pget_nfilters(dcpl);

	if (n < 0 || n > OQ_MAX_FILTERS)
		return oq_h5_fail(err, "damaged filter pipeline");
	if (!n)
		return 0;
	i->filters = calloc((unsigned)n, sizeof(*i->filters));
	if (!i->filters)
		return oq_err_set(err, -ENOMEM, "out of memory");
	for (unsigned k = 0; k < (unsigned)n; k++) {
		struct oq_filter_info *f = &i->filters[k];
		unsigned params[64] = { 0 }, config = 0;

		f->nparams = 64;
		f->id = H5Pget_filter2(dcpl, k, &f->flags, &f->nparams, params,
				       sizeof(f->name), f->name, &config);
		if (f->id < 0)
			return oq_h5_fail(err, NULL);
		f->name[sizeof(f->name) - 1] = '\0';
		for (size_t j = 0; j < 64 && j < f->nparams; j++)
			f->params[j] = params[j];
		name_filter(f);
	}
	i->nfilters = (size_t)n;
	oq_h5_forget();
	return 0;
}

/* Whether a filter was applied to any chunk.  A writer leaves an optional
 * filter out where it fails or gains nothing. */
struct use {
	unsigned mask;
	bool found;
};

static int note_use(void *ctx, const struct oq_h5_chunk *c)
{
	struct use *u = ctx;

	u->found = !(c->filter_mask & u->mask);
	return u->found ? -ECANCELED : 0;
}

void oq_h5_pipeline(const struct oq_dataset *i, struct oq_pipeline *p)
{
	p->nfilters = i->nfilters;
	for (size_t k = 0; k < i->nfilters; k++) {
		struct oq_filter *f = &p->filters[k];

		f->id = i->filters[k].id;
		f->nparams = oq_min_u64(i->filters[k].nparams, 8);
		memcpy(f->params, i->filters[k].params, sizeof(f->params));
	}
}

/* Whether we decode the chunks ourselves once their places are known: then
 * libhdf5 need not have the filters. */
static bool is_ours(const struct oq_dataset *i)
{
	uint64_t bytes = i->type->size;
	struct oq_pipeline p;

	if (i->layout != OQ_CHUNKED || i->refused ||
	    oq_dtype_has_pointers(i->type) || oq_dtype_has_refs(i->type))
		return false;
	for (unsigned k = 0; k < i->rank; k++)
		bytes *= i->chunk[k]; /* not refused: no overflow */
	oq_h5_pipeline(i, &p);
	return oq_pipeline_is_ours(&p, bytes);
}

static void refuse_missing_filters(struct oq_h5_dset *d)
{
	struct oq_dataset *i = &d->info;
	bool ours = is_ours(i);

	for (size_t k = 0; k < i->nfilters && !i->refused; k++) {
		const struct oq_filter_info *f = &i->filters[k];
		struct use u = { .mask = 1u << k };
		struct oq_err why;

		if (H5Zfilter_avail(f->id) > 0)
			continue;
		if (oq_h5_chunks(d, note_use, &u, NULL) == -EOPNOTSUPP ||
		    (u.found && !ours))
			refuse(i,
			       oq_err_set(&why, -EIO,
					  "needs the filter %d (%s)", f->id,
					  *f->name ? f->name : "no name"),
			       &why);
	}
	oq_h5_forget();
}

/* ---- fill value ---- */

static int get_fill(struct oq_h5_dset *d, hid_t dcpl, struct oq_err *err)
{
	struct oq_dataset *i = &d->info;
	H5D_fill_value_t defined;
	H5D_fill_time_t time;
	OQ_FREE void *fill = NULL;

	if (H5Pfill_value_defined(dcpl, &defined) < 0 ||
	    H5Pget_fill_time(dcpl, &time) < 0)
		return oq_h5_fail(err, NULL);
	i->has_fill = defined == H5D_FILL_VALUE_USER_DEFINED;
	/* A value that is never written is not read either. */
	if (!i->has_fill || time == H5D_FILL_TIME_NEVER ||
	    oq_dtype_has_pointers(i->type))
		return 0;
	fill = calloc(1, i->type->size);
	if (!fill)
		return oq_err_set(err, -ENOMEM, "out of memory");
	if (H5Pget_fill_value(dcpl, d->type, fill) < 0)
		return oq_h5_fail(err, NULL);
	i->fill = oq_steal(&fill);
	return 0;
}

/* ---- the whole ---- */

/* Looking for an attribute by name costs as much as all else that a listing
 * wants to know; most small datasets have none. */
static void count_attrs(struct oq_h5_dset *d)
{
	H5O_info2_t o;

	d->info.has_attrs =
		H5Oget_info3(d->id, &o, H5O_INFO_NUM_ATTRS) < 0 || o.num_attrs;
	oq_h5_forget();
}

/* Fill in what only the creation properties tell.  libhdf5 is slow to copy
 * those, so a contiguous dataset goes without (get_contiguous()). */
static int get_properties(struct oq_h5_dset *d, struct oq_err *err)
{
	OQ_HID hid_t dcpl = H5Dget_create_plist(d->id);
	struct oq_err why;
	int r;

	if (dcpl < 0)
		return oq_h5_fail(err, NULL);
	/* Before the extent: asking for that may open the sources. */
	if (H5Pget_layout(dcpl) == H5D_VIRTUAL) {
		r = oq_h5_check_virtual(d->h, d->info.addr, dcpl, &why);
		if (r == -EOPNOTSUPP)
			refuse(&d->info, r, &why);
		else if (r)
			return oq_err_set(err, r, "%s", why.text);
	}
	r = get_extent(d, err);
	if (r)
		return r;
	r = get_layout(d, dcpl, err);
	if (!r)
		r = get_filters(&d->info, dcpl, err);
	if (!r)
		r = get_fill(d, dcpl, err);
	if (!r)
		refuse_missing_filters(d);
	return r;
}

/* A contiguous dataset that is in the file needs none of the creation
 * properties: it has no filters, and no part of it is the fill value. */
static int get_contiguous(struct oq_h5_dset *d, struct oq_err *err)
{
	int r = get_extent(d, err);

	d->info.layout = OQ_CONTIGUOUS;
	if (!r)
		check_contiguous(d);
	return r;
}

static int describe(struct oq_h5_dset *d, struct oq_err *err)
{
	int r;

	d->type = H5Dget_type(d->id);
	if (d->type < 0)
		return oq_h5_fail(err, NULL);
	r = oq_h5_type(d->h, d->type, &d->info.type, err);
	if (r)
		return r;
	d->info.file_off = find_data(d);
	if (d->info.file_off == OQ_NO_ADDR)
		r = get_properties(d, err);
	else
		r = get_contiguous(d, err);
	count_attrs(d);
	return r;
}

int oq_h5_dset_fill(struct oq_h5_dset *d, struct oq_err *err)
{
	OQ_HID hid_t dcpl = -1;

	if (d->info.file_off == OQ_NO_ADDR || d->info.has_fill)
		return 0;
	dcpl = H5Dget_create_plist(d->id);
	return dcpl < 0 ? oq_h5_fail(err, NULL) : get_fill(d, dcpl, err);
}

int oq_h5_dset_open(struct oq_h5 *h, uint64_t addr, struct oq_h5_dset **out,
		    struct oq_err *err)
{
	struct oq_h5_dset *d = calloc(1, sizeof(*d));
	int r;

	if (!d)
		return oq_err_set(err, -ENOMEM, "out of memory");
	d->h = h;
	d->type = d->space = -1;
	d->info.addr = addr;
	d->id = oq_h5_object(h, addr);
	if (d->id < 0)
		r = oq_h5_fail(err, NULL);
	else if (H5Iget_type(d->id) != H5I_DATASET)
		r = oq_err_set(err, -EIO, "not a dataset");
	else
		r = describe(d, err);
	if (r) {
		oq_h5_dset_close(d);
		return r;
	}
	*out = d;
	return 0;
}

void oq_h5_dset_close(struct oq_h5_dset *d)
{
	if (!d)
		return;
	oq_h5_drop(&d->space);
	oq_h5_drop(&d->type);
	oq_h5_drop(&d->id);
	oq_dtype_free(d->info.type);
	free(d->info.filters);
	free(d->info.fill);
	free(d);
}

const struct oq_dataset *oq_h5_dset_info(const struct oq_h5_dset *d)
{
	return &d->info;
}

uint64_t oq_h5_dset_storage(struct oq_h5_dset *d)
{
	uint64_t n = H5Dget_storage_size(d->id);

	oq_h5_forget();
	return n;
}
