/* SPDX-License-Identifier: MIT */
/* offer.c - which views an object has, and what is known of them beforehand */

#include "lib/view/offer.h"

#include "lib/base/num.h"
#include "lib/data/labels.h"
#include "lib/view/view.h"

#define BIT(view)		   (1u << (view))

#define OQ_VIEW_ROW(ID, NAME, ...) [OQ_VIEW_##ID] = &oq_view_##NAME,

static const struct oq_view_ops *const ops[OQ_NVIEWS] = { OQ_VIEWS(
	OQ_VIEW_ROW) };

const struct oq_view_ops *oq_view_ops(enum oq_view_kind v)
{
	return ops[v];
}

/* ---- what is offered of ---- */

void oq_subject_of_dataset(const struct oq_env *env, struct oq_h5_dset *d,
			   const char *name, struct oq_subject *s)
{
	const struct oq_dataset *info = oq_h5_dset_info(d);

	*s = (struct oq_subject){
		.env = env,
		.name = name,
		.dset = d,
		.type = info->type,
		.space = info->space,
		.rank = oq_content_rank(info),
		.dims = info->dims,
		.nelems = info->nelems,
		.nbytes = info->nbytes,
		.refused = info->refused,
	};
}

void oq_subject_of_frame(const struct oq_env *env, const struct oq_frame *f,
			 struct oq_subject *s)
{
	*s = (struct oq_subject){
		.env = env,
		.frame = f,
		.space = OQ_SIMPLE,
		.rank = 1,
		.dims = &f->nrows,
		.nelems = f->nrows,
		.refused = f->refused,
	};
	oq_subject_set_type(s, &f->type);
}

void oq_subject_set_type(struct oq_subject *s, const struct oq_dtype *t)
{
	s->type = t;
	if (oq_mul_overflows(s->nelems, t->size, &s->nbytes) ||
	    s->nbytes > INT64_MAX)
		s->nbytes = OQ_WIRE_UNKNOWN;
}

bool oq_subject_is_fixed(const struct oq_subject *s)
{
	return !oq_dtype_has_pointers(s->type) && !oq_dtype_has_refs(s->type) &&
	       s->nbytes != OQ_WIRE_UNKNOWN;
}

/* ---- rows ---- */

/* Rows of each part of a csv of 'rows' rows of 'row_bytes' raw bytes, or 0
 * where it is one file: a power of two, for names that are easy to count. */
static uint64_t rows_of_part(const struct oq_env *env, uint64_t rows,
			     uint64_t row_bytes)
{
	uint64_t raw, part = 1;

	if (!env->csv_split || !row_bytes)
		return 0;
	if (!oq_mul_overflows(rows, row_bytes, &raw) && raw <= env->csv_split)
		return 0;
	while (part <= OQ_PART_BYTES / row_bytes / 2)
		part *= 2;
	return part;
}

/* With labels a matrix (two dimensions) is in long form, a row an element. */
static bool has_labels(const struct oq_subject *s)
{
	struct oq_labels *l;

	if (!s->dset)
		return false;
	l = oq_labels_read(s->env, oq_h5_dset_info(s->dset), NULL);
	oq_labels_put(l);
	return l != NULL;
}

void oq_subject_rows(const struct oq_subject *s, uint64_t *rows,
		     uint64_t *part_rows)
{
	uint64_t size = s->type->size, row_bytes;

	*rows = s->nelems;
	*part_rows = rows_of_part(s->env, *rows, size);
	if (!size || oq_table_form(s->type, s->rank, s->dims) != OQ_MATRIX ||
	    (*part_rows && has_labels(s)))
		return;
	*rows = s->dims[0];
	if (*part_rows && !oq_mul_overflows(size, s->dims[1], &row_bytes))
		*part_rows = rows_of_part(s->env, *rows, row_bytes);
}

/* ---- views ---- */

static void clear(int refused, struct oq_offer *o)
{
	*o = (struct oq_offer){ .views = BIT(OQ_VIEW_META),
				.refused = refused };
	for (unsigned v = 0; v < OQ_NVIEWS; v++)
		o->bytes[v] = OQ_WIRE_UNKNOWN;
}

void oq_offer_of_refused(int why, struct oq_offer *o)
{
	clear(why, o);
	o->listed = oq_views_listed(OQ_LIST_USUAL);
	o->views |= o->listed | oq_views_listed(OQ_LIST_NATURAL);
}

void oq_offer_make(const struct oq_subject *s, struct oq_offer *o)
{
	uint32_t instead = 0;

	clear(s->refused, o);
	for (unsigned v = 0; v < OQ_NVIEWS; v++) {
		enum oq_offered offered =
			ops[v]->offer ? ops[v]->offer(s, &o->bytes[v])
				      : OQ_NOT_OFFERED;

		if (offered != OQ_NOT_OFFERED)
			o->views |= BIT(v);
		if (offered == OQ_LISTED)
			o->listed |= BIT(v);
		if (offered == OQ_INSTEAD)
			instead |= BIT(v);
	}
	if (instead)
		o->listed = instead;
	oq_subject_rows(s, &o->rows, &o->part_rows);
}
