/* SPDX-License-Identifier: MIT */
/* csv.c - the view of a table as text: which objects, which part */

#include <errno.h>

#include "lib/base/num.h"
#include "lib/data/refs.h"
#include "lib/view/view.h"

static bool measure(const struct oq_subject *s, uint64_t *size)
{
	const struct oq_table *t;

	return oq_content_is_tiny(s->env, oq_h5_dset_info(s->dset)) &&
	       oq_subject_sketch(s, &t) == 0 &&
	       oq_content_tiny_csv(s->env, s->dset, t, size);
}

static enum oq_offered offer(const struct oq_subject *s, uint64_t *size)
{
	uint64_t rows, part_rows;

	if (!size || !s->dset)
		return OQ_LISTED;
	oq_subject_rows(s, &rows, &part_rows);
	if (!part_rows && !measure(s, size))
		*size = OQ_WIRE_UNKNOWN;
	return OQ_LISTED;
}

/* Which elements of the table the file has: all, or those of one part. */
static int choose_part(const struct oq_opening *o, const struct oq_table *t,
		       struct oq_csv_spec *spec, struct oq_err *err)
{
	uint64_t rows, part_rows, first;

	spec->first = 0;
	spec->n = t->nelems;
	if (o->key->part == OQ_WIRE_NO_PART)
		return 0;
	oq_subject_rows(o->subject, &rows, &part_rows);
	/* Both products are at most nelems once the first fits. */
	if (!part_rows || oq_content_is_sliced(o->content) ||
	    oq_mul_overflows(o->key->part, part_rows, &first) || first >= rows)
		return oq_err_set(err, -ENOENT, "no such part");
	spec->first = first * t->ncols;
	spec->n = oq_min_u64(part_rows, rows - first) * t->ncols;
	return 0;
}

/* A csv that is one file is measured as a whole: asking for one by a slice's
 * name must not make the mount work for hours. */
static int limit(const struct oq_opening *o, const struct oq_csv_spec *spec,
		 struct oq_err *err)
{
	uint64_t raw;

	if (o->env->csv_split == 0)
		return 0;
	if (!oq_mul_overflows(spec->n, spec->src->type->size, &raw) &&
	    raw <= oq_max_u64(o->env->csv_split, OQ_PART_BYTES))
		return 0;
	if (o->key->part != OQ_WIRE_NO_PART)
		return 0; /* one row of it, then */
	return oq_err_set(err, -EFBIG, "too large for a csv in one file");
}

static int open(struct oq_opening *o, struct oq_file **out, struct oq_err *err)
{
	struct oq_csv_spec spec = { .env = o->env,
				    .refs = oq_refs_by_value(o->env) };
	int r = oq_content_open_table(o->content, o->name, &spec.src,
				      &spec.table, err);

	if (r < 0)
		return r;
	r = choose_part(o, spec.table, &spec, err);
	if (r == 0)
		r = limit(o, &spec, err);
	if (r < 0) {
		oq_source_close(spec.src);
		oq_table_free(spec.table);
		return r;
	}
	return oq_csvfile_open(&spec, out, err);
}

const struct oq_view_ops oq_view_csv = { offer, open };
