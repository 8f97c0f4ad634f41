/* SPDX-License-Identifier: MIT */
/* pqcell.c - numbers and bools that Parquet has as they are stored */

#include "lib/columns/pqcell.h"

#include "lib/type/oddnum.h"

enum oq_pqtype oq_pqcell_int(unsigned bits, bool is_signed)
{
	if (bits <= 8)
		return is_signed ? OQ_PQ_INT8 : OQ_PQ_UINT8;
	if (bits <= 16)
		return is_signed ? OQ_PQ_INT16 : OQ_PQ_UINT16;
	if (bits <= 32)
		return is_signed ? OQ_PQ_INT32 : OQ_PQ_UINT32;
	return is_signed ? OQ_PQ_INT64 : OQ_PQ_UINT64;
}

enum oq_pqtype oq_pqcell_type(const struct oq_dtype *t)
{
	if (t->cls == OQ_ENUM)
		return OQ_PQ_BOOL;
	if (t->cls == OQ_FLOAT)
		return t->size == 8 ? OQ_PQ_DOUBLE : OQ_PQ_FLOAT;
	return oq_pqcell_int(t->precision, oq_number_is_signed(t));
}

bool oq_pqcell_is(const struct oq_dtype *t)
{
	return oq_dtype_is_plain(t) || oq_dtype_is_bool(t);
}

struct oq_pqcells oq_pqcell_cells(const struct oq_dtype *t,
				  const uint8_t *first, size_t stride)
{
	const struct oq_dtype *number = t->cls == OQ_ENUM ? t->base : t;

	return (struct oq_pqcells){
		.p = first,
		.stride = stride,
		.nbytes = t->size,
		.is_big = t->cls != OQ_OPAQUE && number->order == OQ_BE,
		.is_signed = oq_number_is_signed(number),
	};
}
