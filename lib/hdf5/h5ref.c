/* SPDX-License-Identifier: MIT */
/* h5ref.c - a reference as the text of what it leads to
 *
 * An object reference is the object's path; a region reference the dataset's
 * path and the selection in NumPy's notation: "/a/b[0:2, 3]".  Where a
 * selection is several blocks or points, they are joined by " + ".
 */

#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/hdf5/h5int.h"

/* Blocks or points shown of one region; what is left out is "...". */
#define MAX_SHOWN 64

static void put_path(struct oq_h5 *h, uint64_t addr, struct oq_buf *out)
{
	const char *path = oq_h5_path(h, addr);

	oq_buf_puts(out, path ? path : "?");
}

/* Indices from 'from' to 'to', the last one included. */
static void put_range(struct oq_buf *out, hsize_t from, hsize_t to)
{
	if (from == to)
		oq_buf_printf(out, "%llu", (unsigned long long)from);
	else
		oq_buf_printf(out, "%llu:%llu", (unsigned long long)from,
			      (unsigned long long)to + 1);
}

/* One box; a point is a box whose corners are the same. */
static void put_box(struct oq_buf *out, unsigned rank, const hsize_t *low,
		    const hsize_t *high)
{
	oq_buf_putc(out, '[');
	for (unsigned i = 0; i < rank; i++) {
		if (i)
			oq_buf_puts(out, ", ");
		put_range(out, low[i], high[i]);
	}
	oq_buf_putc(out, ']');
}

/* Put a selection that is one slice: on each axis single indices at a regular
 * distance, or one block.  False where it is none such. */
static bool put_slice(struct oq_buf *out, hid_t space, unsigned rank)
{
	hsize_t start[OQ_MAX_RANK], step[OQ_MAX_RANK], count[OQ_MAX_RANK],
		block[OQ_MAX_RANK];

	if (H5Sis_regular_hyperslab(space) <= 0 ||
	    H5Sget_regular_hyperslab(space, start, step, count, block) < 0)
		return false;
	for (unsigned i = 0; i < rank; i++)
		if (count[i] != 1 && block[i] != 1)
			return false;
	oq_buf_putc(out, '[');
	for (unsigned i = 0; i < rank; i++) {
		if (i)
			oq_buf_puts(out, ", ");
		if (count[i] == 1) {
			put_range(out, start[i], start[i] + block[i] - 1);
			continue;
		}
		put_range(out, start[i], start[i] + (count[i] - 1) * step[i]);
		if (step[i] != 1)
			oq_buf_printf(out, ":%llu",
				      (unsigned long long)step[i]);
	}
	oq_buf_putc(out, ']');
	return true;
}

/* Each point, or each block, of a selection. */
static void put_each(struct oq_buf *out, hid_t space, unsigned rank,
		     bool points)
{
	hssize_t n = points ? H5Sget_select_elem_npoints(space)
			    : H5Sget_select_hyper_nblocks(space);
	hsize_t shown = n < 0 ? 0 : n > MAX_SHOWN ? MAX_SHOWN : (hsize_t)n;
	size_t width = points ? rank : 2 * (size_t)rank;
	OQ_FREE hsize_t *v = calloc(MAX_SHOWN * width, sizeof(*v));
	herr_t r = -1;

	if (v && shown && points)
		r = H5Sget_select_elem_pointlist(space, 0, shown, v);
	else if (v && shown)
		r = H5Sget_select_hyper_blocklist(space, 0, shown, v);
	if (r < 0) {
		oq_buf_puts(out, "[?]");
		return;
	}
	for (hsize_t i = 0; i < shown; i++) {
		const hsize_t *low = v + i * width;

		if (i)
			oq_buf_puts(out, " + ");
		put_box(out, rank, low, points ? low : low + rank);
	}
	if ((hsize_t)n > shown)
		oq_buf_puts(out, " + ...");
}

static void put_selection(struct oq_buf *out, hid_t space)
{
	int rank = H5Sget_simple_extent_ndims(space);

	if (rank < 1 || rank > OQ_MAX_RANK) {
		oq_buf_puts(out, rank == 0 ? "[()]" : "[?]");
		return;
	}
	switch (H5Sget_select_type(space)) {
	case H5S_SEL_ALL:
		oq_buf_puts(out, "[...]");
		return;
	case H5S_SEL_NONE:
		oq_buf_puts(out, "[]");
		return;
	case H5S_SEL_POINTS:
		put_each(out, space, (unsigned)rank, true);
		return;
	case H5S_SEL_HYPERSLABS:
		if (!put_slice(out, space, (unsigned)rank))
			put_each(out, space, (unsigned)rank, false);
		return;
	case H5S_SEL_ERROR:
	case H5S_SEL_N:
		break;
	}
	oq_buf_puts(out, "[?]");
}

static void put_object(struct oq_h5 *h, const void *elem, struct oq_buf *out)
{
	hobj_ref_t addr;

	memcpy(&addr, elem, sizeof(addr));
	if (addr != 0 && addr != HADDR_UNDEF)
		put_path(h, addr, out);
}

static void put_region(struct oq_h5 *h, const void *elem, struct oq_buf *out)
{
	static const hdset_reg_ref_t null;
	hdset_reg_ref_t ref;
	H5O_info2_t info;

	memcpy(&ref, elem, sizeof(ref));
	if (!memcmp(&ref, &null, sizeof(ref)))
		return;

	OQ_HID hid_t id =
		H5Rdereference2(h->file, H5P_DEFAULT, H5R_DATASET_REGION, &ref);
	OQ_HID hid_t space = H5Rget_region(h->file, H5R_DATASET_REGION, &ref);

	if (id < 0 || space < 0 ||
	    H5Oget_info3(id, &info, H5O_INFO_BASIC) < 0) {
		oq_buf_putc(out, '?');
		return;
	}
	put_path(h, oq_h5_addr(h, info.token), out);
	put_selection(out, space);
}

void oq_h5_put_ref(struct oq_h5 *h, const struct oq_dtype *t, const void *elem,
		   struct oq_buf *out)
{
	if (t->cls == OQ_OBJREF)
		put_object(h, elem, out);
	else if (t->cls == OQ_REGREF)
		put_region(h, elem, out);
	oq_h5_forget();
}
