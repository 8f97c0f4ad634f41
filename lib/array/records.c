/* SPDX-License-Identifier: MIT */
/* records.c - where each byte of a view of fixed-width records comes from */

#include "lib/array/records.h"

#include <errno.h>

#include "lib/base/num.h"

int oq_records_init(struct oq_records *v, uint64_t head_bytes,
		    uint64_t rec_bytes, uint64_t nrecs)
{
	uint64_t body, size;

	if (rec_bytes == 0)
		return -EINVAL;
	if (oq_mul_overflows(rec_bytes, nrecs, &body) ||
	    oq_add_overflows(head_bytes, body, &size) || size > INT64_MAX)
		return -EOVERFLOW;

	*v = (struct oq_records){
		.head_bytes = head_bytes,
		.rec_bytes = rec_bytes,
		.nrecs = nrecs,
		.size = size,
	};
	return 0;
}

size_t oq_records_span(const struct oq_records *v, uint64_t off, size_t len,
		       struct oq_span *s)
{
	uint64_t end;

	*s = (struct oq_span){ 0 };
	if (off >= v->size)
		return 0;
	if (len > v->size - off)
		len = v->size - off;
	end = off + len; /* <= INT64_MAX, by the line above */

	if (off < v->head_bytes) {
		s->head_off = off;
		s->head_len = oq_min_u64(end, v->head_bytes) - off;
	}
	if (len > s->head_len) {
		uint64_t from = off + s->head_len - v->head_bytes;
		uint64_t last = end - v->head_bytes - 1;

		s->first = from / v->rec_bytes;
		s->skip = from % v->rec_bytes;
		s->nrecs = last / v->rec_bytes - s->first + 1;
	}
	return len;
}
