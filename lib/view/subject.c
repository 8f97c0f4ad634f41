/* SPDX-License-Identifier: MIT */
/* subject.c - a dataset or a data frame that views are offered of */

#include "lib/view/subject.h"

#include "lib/base/num.h"
#include "lib/data/labels.h"
#include "lib/ipc/wire.h"

uint64_t oq_subject_address(const struct oq_env *env, uint64_t object)
{
	return object == OQ_WIRE_ROOT ? oq_h5_root(env->h5) : object;
}

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
	oq_subject_set_type(s, f->type);
}

int oq_subject_sketch(const struct oq_subject *s, const struct oq_table **t)
{
	struct oq_sketch *k = s->sketch;

	if (!k->is_made)
		k->status = oq_content_sketch(s->env, s->dset, s->name,
					      &k->labels, &k->table);
	k->is_made = true;
	*t = k->table;
	return k->status;
}

void oq_sketch_drop(struct oq_sketch *k)
{
	oq_table_free(k->table);
	oq_labels_put(k->labels);
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

/* A matrix (two dimensions) with labels is in long form, a row for each
 * element. */
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
	uint64_t text = s->dset ? oq_content_text_bytes(
					  s->env, oq_h5_dset_info(s->dset))
				: 0;
	unsigned rank = s->rank - (text != 0);

	*rows = s->nelems;
	if (text) {
		*rows /= text;
		size = text;
	}
	*part_rows = rows_of_part(s->env, *rows, size);
	if (!size || oq_table_form(s->type, rank, s->dims) != OQ_MATRIX ||
	    (*part_rows && has_labels(s)))
		return;
	*rows = s->dims[0];
	if (*part_rows && !oq_mul_overflows(size, s->dims[1], &row_bytes))
		*part_rows = rows_of_part(s->env, *rows, row_bytes);
}
