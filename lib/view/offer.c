/* SPDX-License-Identifier: MIT */
/* offer.c - which views a dataset has, and what is known of them beforehand */

#include "lib/view/offer.h"

#include "lib/base/num.h"
#include "lib/data/labels.h"
#include "lib/ipc/wire.h"
#include "lib/type/npy.h"
#include "lib/view/picture.h"
#include "lib/view/stored.h"

#define BIT(view) (1u << (view))
#define USUAL	  (BIT(OQ_VIEW_BIN) | BIT(OQ_VIEW_CSV) | BIT(OQ_VIEW_NPY))

void oq_offer_of_refused(int why, struct oq_offer *m)
{
	*m = (struct oq_offer){
		.views = USUAL | BIT(OQ_VIEW_META),
		.listed = USUAL,
		.refused = why,
		.bin_bytes = OQ_WIRE_UNKNOWN,
		.npy_bytes = OQ_WIRE_UNKNOWN,
	};
}

uint64_t oq_offer_part_rows(const struct oq_env *env, uint64_t rows,
			    uint64_t row_bytes)
{
	uint64_t raw, part = 1;

	if (!env->csv_split)
		return 0;
	if (!oq_mul_overflows(rows, row_bytes, &raw) && raw <= env->csv_split)
		return 0;
	while (part <= OQ_PART_BYTES / row_bytes / 2)
		part *= 2;
	return part;
}

/* Sizes of what has records of one width; where a header cannot be made its
 * view is refused when it is opened. */
static void measure_fixed(const struct oq_dtype *t, unsigned rank,
			  const uint64_t *dims, uint64_t nbytes,
			  struct oq_offer *m)
{
	OQ_BUF struct oq_buf head = { 0 };
	uint64_t size;

	m->views |= BIT(OQ_VIEW_TXT);
	m->bin_bytes = nbytes;
	if (oq_npy_put_header(t, rank, dims, &head, NULL) < 0)
		return;
	if (!oq_add_overflows(head.len, nbytes, &size) && size <= INT64_MAX)
		m->npy_bytes = size;
}

static bool has_fixed_bytes(const struct oq_dtype *t)
{
	return !oq_dtype_has_pointers(t) && !oq_dtype_has_refs(t);
}

/* With labels a matrix (two dimensions) is in long form, a row an element. */
static bool has_labels(const struct oq_env *env, const struct oq_dataset *info)
{
	struct oq_labels *l = oq_labels_read(env, info, NULL);
	bool has = l != NULL;

	oq_labels_put(l);
	return has;
}

static void count_rows(const struct oq_env *env, const struct oq_dataset *info,
		       struct oq_offer *m)
{
	uint64_t size = info->type->size, row_bytes;

	m->rows = info->nelems;
	if (!size)
		return;
	m->part_rows = oq_offer_part_rows(env, m->rows, size);
	if (oq_table_form(info->type, info->rank, info->dims) != OQ_MATRIX ||
	    (m->part_rows && has_labels(env, info)))
		return;
	m->rows = info->dims[0];
	if (m->part_rows && !oq_mul_overflows(size, info->dims[1], &row_bytes))
		m->part_rows = oq_offer_part_rows(env, m->rows, row_bytes);
}

unsigned oq_offer_rank(const struct oq_dataset *info)
{
	return info->space == OQ_NULLSPACE ? 1 : info->rank;
}

void oq_offer_of_dataset(const struct oq_env *env, struct oq_h5_dset *d,
			 struct oq_offer *m)
{
	const struct oq_dataset *info = oq_h5_dset_info(d);
	struct oq_picture picture;

	oq_offer_of_refused(info->refused, m);
	if (has_fixed_bytes(info->type))
		measure_fixed(info->type, oq_offer_rank(info), info->dims,
			      info->nbytes, m);
	else
		m->views &= ~(BIT(OQ_VIEW_BIN) | BIT(OQ_VIEW_NPY));
	m->listed &= m->views;
	count_rows(env, info, m);
	if (info->space == OQ_SCALAR && oq_dtype_is_text(info->type)) {
		m->views |= BIT(OQ_VIEW_TXT);
		m->listed = BIT(OQ_VIEW_TXT);
	} else if (!info->refused && oq_stored_is(env, d)) {
		m->views |= BIT(OQ_VIEW_FILE);
		m->listed = BIT(OQ_VIEW_FILE);
	} else if (oq_picture_of(env, d, &picture)) {
		m->views |= BIT(OQ_VIEW_PNG);
		m->listed |= BIT(OQ_VIEW_PNG);
	}
}

void oq_offer_of_frame(const struct oq_env *env, const struct oq_frame *f,
		       struct oq_offer *m)
{
	uint64_t nbytes;

	*m = (struct oq_offer){
		.views = BIT(OQ_VIEW_CSV) | BIT(OQ_VIEW_META),
		.listed = BIT(OQ_VIEW_CSV),
		.refused = f->refused,
		.bin_bytes = OQ_WIRE_UNKNOWN,
		.npy_bytes = OQ_WIRE_UNKNOWN,
		.rows = f->nrows,
		.part_rows = oq_offer_part_rows(env, f->nrows, f->type.size),
	};
	if (has_fixed_bytes(&f->type) &&
	    !oq_mul_overflows(f->nrows, f->type.size, &nbytes) &&
	    nbytes <= INT64_MAX) {
		m->views |= BIT(OQ_VIEW_BIN) | BIT(OQ_VIEW_NPY);
		m->listed |= BIT(OQ_VIEW_NPY);
		measure_fixed(&f->type, 1, &f->nrows, nbytes, m);
	}
}

void oq_offer_of_fields(const struct oq_dtype *t, struct oq_offer *m)
{
	const uint32_t fixed =
		BIT(OQ_VIEW_BIN) | BIT(OQ_VIEW_NPY) | BIT(OQ_VIEW_TXT);

	m->views &= ~fixed;
	if (has_fixed_bytes(t))
		m->views |= fixed;
}
