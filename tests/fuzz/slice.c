/* SPDX-License-Identifier: MIT */
/* slice.c - slices in file names, of arrays of any shape
 *
 * The first byte is the rank, eight for each dimension follow, then the text.
 */

#include "lib/array/slice.h"
#include "tests/fuzz/input.h"

/* A label is found by its first letter. */
static int find(void *ctx, const char *name, const char *label, unsigned *axis,
		uint64_t *index, struct oq_err *err)
{
	const unsigned *rank = ctx;

	(void)err;
	*axis = (unsigned char)*name % (*rank + 1);
	*index = (unsigned char)*label;
	return *axis < *rank ? 0 : -2;
}

/* The arithmetic that follows cannot fail: so all must be within the array. */
static void look_at(const struct oq_sel *s, unsigned rank, const uint64_t *dims)
{
	uint64_t shape[OQ_MAX_RANK];

	must(s->rank == rank && oq_slice_shape(s, shape) <= rank);
	for (unsigned i = 0; i < rank; i++) {
		const struct oq_sel_axis *a = &s->axis[i];
		__int128 last = a->start + (__int128)a->step * (a->count - 1);

		must(!a->dropped || a->count == 1);
		if (a->count == 0)
			continue;
		must(a->step != 0 && a->start < dims[i]);
		must(last >= 0 && last < dims[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct input in = { data, n };
	unsigned rank = (unsigned)take(&in, 1) % (OQ_MAX_RANK + 1);
	const struct oq_slice_axes axes = { find, &rank };
	uint64_t dims[OQ_MAX_RANK] = { 0 };
	struct oq_slice *s;
	struct oq_err err;
	struct oq_sel sel;

	for (unsigned i = 0; i < rank; i++)
		dims[i] = take(&in, sizeof(*dims));
	s = malloc(sizeof(*s)); /* for a sanitizer to watch its ends */
	if (s && oq_slice_parse((const char *)in.p, in.n, s, &err) == 0) {
		must(s->nitems <= OQ_SLICE_MAX_ITEMS);
		if (oq_slice_select(s, rank, dims, &axes, &sel, &err) == 0)
			look_at(&sel, rank, dims);
		if (oq_slice_select(s, rank, dims, NULL, &sel, NULL) == 0)
			look_at(&sel, rank, dims);
	}
	free(s);
	return 0;
}
