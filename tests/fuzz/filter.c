/* SPDX-License-Identifier: MIT */
/* filter.c - undo any pipeline on any bytes
 *
 *	u8   how many filters
 *	     of each: u16 its number, u8 how many parameters, u32 each
 *	u32  mask
 *	u32  bytes of a chunk
 *	     what is stored of it
 *
 * In the machine's own order.  seeds.py writes real chunks so.
 */

#include "lib/codec/filter.h"
#include "tests/fuzz/input.h"

/* What makes memory short is not what is looked for. */
#define MAX_CHUNK_BYTES (1 << 20)

static void take_pipeline(struct input *in, struct oq_pipeline *p)
{
	p->nfilters = take(in, 1) % (OQ_FILTER_MAX + 1);
	for (size_t i = 0; i < p->nfilters; i++) {
		struct oq_filter *f = &p->filters[i];

		f->id = (int)take(in, 2);
		f->nparams = take(in, 1) % 9;
		for (size_t k = 0; k < f->nparams; k++)
			f->params[k] = (uint32_t)take(in, 4);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct input in = { data, n };
	struct oq_pipeline p = { 0 };
	uint32_t mask, bytes;
	uint8_t *raw, *out;

	take_pipeline(&in, &p);
	mask = (uint32_t)take(&in, 4);
	bytes = (uint32_t)take(&in, 4) % MAX_CHUNK_BYTES;
	if (!oq_pipeline_is_ours(&p, bytes))
		return 0;
	/* Each ends where it ends, for a sanitizer to watch. */
	raw = malloc(in.n ? in.n : 1);
	out = malloc(bytes ? bytes : 1);
	if (raw && out) {
		memcpy(raw, in.p, in.n);
		(void)oq_pipeline_undo(&p, mask, raw, in.n, out, bytes, NULL);
	}
	free(raw);
	free(out);
	return 0;
}
