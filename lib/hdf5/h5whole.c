/* SPDX-License-Identifier: MIT */
/* h5whole.c - whether chunks that libhdf5 decodes become whole chunks
 *
 * Where a damaged chunk decodes to fewer bytes than a chunk has, libhdf5 takes
 * what its memory held before for the rest, without an error (seen in 1.14.6
 * with deflate).  So what it is about to decode is decoded here first, by
 * functions that check the length.  Each chunk once as long as the handle
 * lives, and only with filters that are ours; libhdf5 keeps the others alone.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/codec/filter.h"
#include "lib/hdf5/h5int.h"

/* Whole chunks that are remembered; beyond, all are forgotten. */
#define MAX_KNOWN ((size_t)1 << 20)

struct whole {
	struct oq_h5 *h;
	struct oq_err *err;
	hid_t id;
	unsigned long file; /* HDF5's number of it */
	unsigned rank;
	hsize_t dims[H5S_MAX_RANK], chunk[H5S_MAX_RANK];
	hsize_t first[H5S_MAX_RANK], last[H5S_MAX_RANK]; /* elements */
	bool plain_edges;
	size_t chunk_bytes;
	struct oq_pipeline pipeline;
	uint8_t *raw, *plain; /* owned */
	size_t room;	      /* of 'raw' */
};

/* ---- the dataset ---- */

static bool get_pipeline(hid_t dcpl, struct oq_pipeline *p)
{
	int n = H5Pget_nfilters(dcpl);

	if (n <= 0 || n > OQ_FILTER_MAX)
		return false;
	p->nfilters = (size_t)n;
	for (unsigned i = 0; i < (unsigned)n; i++) {
		struct oq_filter *f = &p->filters[i];
		unsigned flags, config, params[8] = { 0 };

		f->nparams = 8;
		f->id = H5Pget_filter2(dcpl, i, &flags, &f->nparams, params, 0,
				       NULL, &config);
		if (f->id < 0)
			return false;
		f->nparams = oq_min_u64(f->nparams, 8);
		for (size_t k = 0; k < 8; k++)
			f->params[k] = params[k];
	}
	return true;
}

/* How many bytes all pointers in 'type' take in memory beyond those of what is
 * stored for them; negative: fewer; OTHER: not known.  Stored is, for a
 * sequence, its length (4 bytes), the address of a heap and the number of an
 * object in it (4); for an object reference, its address; for a region
 * reference, an object in a heap.  libhdf5 moves a compound's members by the
 * difference. */
#define OTHER INT64_MIN

static int64_t extra_bytes(hid_t type, size_t addr_bytes);

static int64_t members_extra(hid_t type, size_t addr_bytes)
{
	int n = H5Tget_nmembers(type);
	int64_t sum = 0;

	for (unsigned i = 0; n > 0 && i < (unsigned)n; i++) {
		OQ_HID hid_t member = H5Tget_member_type(type, i);
		int64_t more = extra_bytes(member, addr_bytes);

		if (more == OTHER)
			return OTHER;
		sum += more;
	}
	return n < 0 ? OTHER : sum;
}

static int64_t items_extra(hid_t type, size_t addr_bytes)
{
	OQ_HID hid_t item = H5Tget_super(type);
	int64_t more = extra_bytes(item, addr_bytes);
	size_t bytes = H5Tget_size(item);

	if (more == OTHER || !bytes)
		return OTHER;
	return more * (int64_t)(H5Tget_size(type) / bytes);
}

static int64_t reference_bytes(hid_t type, size_t addr_bytes)
{
	if (H5Tequal(type, H5T_STD_REF_OBJ) > 0)
		return (int64_t)addr_bytes;
	return H5Tequal(type, H5T_STD_REF_DSETREG) > 0 ? (int64_t)addr_bytes + 4
						       : OTHER;
}

static int64_t extra_bytes(hid_t type, size_t addr_bytes)
{
	int64_t bytes = (int64_t)H5Tget_size(type), stored = bytes;

	switch (H5Tget_class(type)) {
	case H5T_COMPOUND:
		return members_extra(type, addr_bytes);
	case H5T_ARRAY:
		return items_extra(type, addr_bytes);
	case H5T_REFERENCE:
		stored = reference_bytes(type, addr_bytes);
		break;
	case H5T_VLEN:
		stored = (int64_t)addr_bytes + 8;
		break;
	case H5T_STRING:
		if (H5Tis_variable_str(type) > 0)
			stored = (int64_t)addr_bytes + 8;
		break;
	case H5T_NO_CLASS:
		return OTHER;
	default:
		break;
	}
	return stored == OTHER ? OTHER : bytes - stored;
}

/* As it is stored; 0: not known. */
static size_t element_bytes(hid_t id)
{
	OQ_HID hid_t type = H5Dget_type(id);
	OQ_HID hid_t file = H5Iget_file_id(id);
	OQ_HID hid_t made = file < 0 ? -1 : H5Fget_create_plist(file);
	size_t addr_bytes, size_bytes;
	int64_t more;

	if (type < 0 || made < 0 ||
	    H5Pget_sizes(made, &addr_bytes, &size_bytes) < 0)
		return 0;
	more = extra_bytes(type, addr_bytes);
	return more == OTHER ? 0 : (size_t)((int64_t)H5Tget_size(type) - more);
}

static bool get_chunk_bytes(struct whole *w, hid_t dcpl)
{
	uint64_t bytes = element_bytes(w->id);
	unsigned opts;

	if (!bytes ||
	    H5Pget_chunk(dcpl, H5S_MAX_RANK, w->chunk) != (int)w->rank)
		return false;
	for (unsigned i = 0; i < w->rank; i++)
		if (!w->chunk[i] ||
		    oq_mul_overflows(bytes, w->chunk[i], &bytes))
			return false;
	if (bytes > OQ_MAX_CHUNK_BYTES || H5Pget_chunk_opts(dcpl, &opts) < 0)
		return false;
	w->chunk_bytes = bytes;
	w->plain_edges = opts & H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS;
	return true;
}

/* The smallest box around what is selected; false: nothing is. */
static bool get_box(struct whole *w, hid_t selected)
{
	OQ_HID hid_t space = H5Dget_space(w->id);
	int rank = space < 0 ? -1 : H5Sget_simple_extent_ndims(space);

	if (rank <= 0 ||
	    H5Sget_simple_extent_dims(space, w->dims, NULL) != rank)
		return false;
	w->rank = (unsigned)rank;
	if (selected >= 0 &&
	    (H5Sget_simple_extent_ndims(selected) != rank ||
	     H5Sget_select_bounds(selected, w->first, w->last) < 0))
		return false;
	for (unsigned i = 0; i < w->rank; i++) {
		if (!w->dims[i])
			return false;
		if (selected < 0)
			w->last[i] = w->dims[i] - 1;
		w->last[i] = oq_min_u64(w->last[i], w->dims[i] - 1);
	}
	return true;
}

static bool get_file(struct whole *w)
{
	H5O_info2_t info;

	if (H5Oget_info3(w->id, &info, H5O_INFO_BASIC) < 0)
		return false;
	w->file = info.fileno;
	return true;
}

/* ---- its chunks ---- */

static bool is_plain(const struct whole *w, const hsize_t *at)
{
	for (unsigned i = 0; w->plain_edges && i < w->rank; i++)
		if (w->dims[i] - at[i] < w->chunk[i])
			return true;
	return false;
}

static uint64_t key_of(const struct whole *w, uint64_t addr)
{
	return addr ^ (uint64_t)w->file << 48;
}

/* Where there is no memory, it is looked at again. */
static void remember(const struct whole *w, uint64_t addr)
{
	struct oq_map *m = &w->h->whole;

	if (m->n >= MAX_KNOWN)
		oq_map_free(m, NULL);
	if (oq_map_put(m, key_of(w, addr), w->h) < 0)
		oq_map_free(m, NULL);
}

static int make_room(struct whole *w, uint64_t n)
{
	if (n > 2 * (uint64_t)OQ_MAX_CHUNK_BYTES)
		return oq_err_set(w->err, -EIO, "a chunk of more than 2 GiB");
	if (n > w->room) {
		free(w->raw);
		w->raw = malloc(n);
		w->room = w->raw ? n : 0;
	}
	if (!w->plain)
		w->plain = malloc(w->chunk_bytes);
	return w->plain && w->raw
		       ? 0
		       : oq_err_set(w->err, -ENOMEM, "out of memory");
}

static herr_t read_raw(const struct whole *w, const hsize_t *at, uint32_t *mask)
{
#if H5_VERSION_GE(2, 0, 0)
	size_t n = w->room;

	return H5Dread_chunk2(w->id, H5P_DEFAULT, at, mask, w->raw, &n);
#else
	return H5Dread_chunk(w->id, H5P_DEFAULT, at, mask, w->raw);
#endif
}

static int check_chunk(struct whole *w, const hsize_t *at)
{
	unsigned skipped = 0;
	haddr_t addr = HADDR_UNDEF;
	hsize_t n = 0;
	uint32_t mask = 0;
	int r;

	if (H5Dget_chunk_info_by_coord(w->id, at, &skipped, &addr, &n) < 0)
		return oq_h5_fail(w->err, NULL);
	if (addr == HADDR_UNDEF || !n || is_plain(w, at) ||
	    oq_map_get(&w->h->whole, key_of(w, addr)))
		return 0;
	r = make_room(w, n);
	if (r)
		return r;
	if (read_raw(w, at, &mask) < 0)
		return oq_h5_fail(w->err, NULL);
	r = oq_pipeline_undo(&w->pipeline, mask, w->raw, n, w->plain,
			     w->chunk_bytes, w->err);
	if (!r)
		remember(w, addr);
	return r;
}

/* Row by row, the last axis first; false: that was the last. */
static bool go_on(const struct whole *w, hsize_t *at)
{
	for (unsigned i = w->rank; i-- > 0;) {
		if (w->last[i] - at[i] >= w->chunk[i]) {
			at[i] += w->chunk[i];
			return true;
		}
		at[i] = w->first[i] - w->first[i] % w->chunk[i];
	}
	return false;
}

static int check_chunks(struct whole *w)
{
	hsize_t at[H5S_MAX_RANK];
	int r;

	for (unsigned i = 0; i < w->rank; i++)
		at[i] = w->first[i] - w->first[i] % w->chunk[i];
	for (unsigned i = 0; i < w->rank; i++)
		if (w->first[i] > w->last[i])
			return 0;
	do
		r = check_chunk(w, at);
	while (!r && go_on(w, at));
	return r;
}

int oq_h5_check_whole(struct oq_h5 *h, hid_t id, hid_t dcpl, hid_t selected,
		      struct oq_err *err)
{
	struct whole w = { .h = h, .err = err, .id = id };
	int r = 0;

	if (H5Pget_layout(dcpl) == H5D_CHUNKED &&
	    get_pipeline(dcpl, &w.pipeline) && get_box(&w, selected) &&
	    get_chunk_bytes(&w, dcpl) && get_file(&w) &&
	    oq_pipeline_is_ours(&w.pipeline, w.chunk_bytes))
		r = check_chunks(&w);
	oq_h5_forget();
	free(w.raw);
	free(w.plain);
	return r;
}
