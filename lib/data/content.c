/* SPDX-License-Identifier: MIT */
/* content.c - the array that a view shows */

#include "lib/data/content.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array/slice.h"
#include "lib/base/cleanup.h"
#include "lib/convention/meaning.h"
#include "lib/convention/netcdf.h"
#include "lib/data/fields.h"
#include "lib/data/labels.h"
#include "lib/data/runs.h"
#include "lib/table/csv.h"
#include "lib/type/timeval.h"

struct oq_content {
	const struct oq_env *env;
	/* One of the two is not NULL; the source takes it over. */
	struct oq_h5_dset *dset;
	struct oq_frame *frame;
	struct oq_labels *labels; /* of the whole dataset; NULL: none */
	struct oq_sel sel;	  /* on the dataset or the frame's rows */
	struct oq_slice *slice;	  /* NULL: everything */
	struct oq_fields *fields; /* NULL: all; the source takes them over */
	unsigned rank;
	uint64_t dims[OQ_MAX_RANK]; /* of what is selected */
	/* The last axis is characters of texts, and all of it is there or some
	 * of it. */
	bool is_texts;
};

void oq_content_close(struct oq_content *c)
{
	if (!c)
		return;
	oq_fields_free(c->fields);
	oq_labels_put(c->labels);
	oq_frame_close(c->frame);
	oq_h5_dset_close(c->dset);
	free(c->slice);
	free(c);
}

/* ---- what there is ---- */

static int open_object(struct oq_content *c, const struct oq_content_spec *spec,
		       struct oq_err *err)
{
	uint64_t addr = spec->addr;
	enum oq_kind kind;
	int r = oq_h5_kind(c->env->h5, addr, &kind, err);

	if (r < 0)
		return r;
	if (kind == OQ_KIND_GROUP)
		return oq_frame_open(c->env, addr, true, &c->frame, err);
	if (kind != OQ_KIND_DATASET)
		return oq_err_set(err, -ENOENT, "no dataset");
	r = oq_meaning_open(c->env->h5, c->env->conventions, addr, &c->dset,
			    err);
	if (r == 0)
		c->labels = oq_labels_share(c->env, oq_h5_dset_info(c->dset),
					    spec->name, spec->labels);
	return r;
}

static const struct oq_dtype *whole_type(const struct oq_content *c)
{
	return c->frame ? c->frame->type : oq_h5_dset_info(c->dset)->type;
}

unsigned oq_content_rank(const struct oq_dataset *info)
{
	return info->space == OQ_NULLSPACE ? 1 : info->rank;
}

/* ---- the slice ---- */

/* The index of a label on an axis.  -ENOENT where no index has it, -EEXIST
 * where several have, so that it is not clear which is meant.  An axis without
 * labels has its indices, in digits, and may be of any length. */
static int find_index(const struct oq_labels *l, unsigned axis,
		      const char *label, uint64_t *index)
{
	char *const *labels = l->labels[axis];
	char number[24];
	int r = -ENOENT;

	if (!labels) {
		*index = strtoull(label, NULL, 10);
		snprintf(number, sizeof(number), "%" PRIu64, *index);
		return strcmp(number, label) == 0 ? 0 : -ENOENT;
	}
	for (uint64_t i = 0; i < l->n[axis] && r != -EEXIST; i++) {
		if (strcmp(labels[i], label) != 0)
			continue;
		*index = i;
		r = r ? 0 : -EEXIST;
	}
	return r;
}

/* Find an axis by the name of its column, or by that in the file. */
static bool find_axis(const struct oq_labels *l, const char *name,
		      unsigned *axis)
{
	for (*axis = 0; *axis < l->rank; ++*axis)
		if (strcmp(l->names[*axis], name) == 0)
			return true;
	for (*axis = 0; *axis < l->rank; ++*axis)
		if (l->given[*axis] && strcmp(l->given[*axis], name) == 0)
			return true;
	return false;
}

static int find_label(void *ctx, const char *name, const char *label,
		      unsigned *axis, uint64_t *index, struct oq_err *err)
{
	const struct oq_labels *l = ctx;
	int r;

	if (!find_axis(l, name, axis))
		return oq_err_set(err, -ENOENT, "there is no axis '%s'", name);
	r = find_index(l, *axis, label, index);
	if (r == -EEXIST)
		return oq_err_set(err, -ENOENT,
				  "axis '%s' has label '%s' more than once",
				  name, label);
	return r ? oq_err_set(err, r, "axis '%s' has no label '%s'", name,
			      label)
		 : 0;
}

static int choose_fields(struct oq_content *c, struct oq_err *err)
{
	const char *names[OQ_SLICE_MAX_ITEMS];
	size_t n = 0;

	for (size_t i = 0; i < c->slice->nitems; i++)
		if (c->slice->items[i].kind == OQ_SLICE_FIELD)
			names[n++] = c->slice->items[i].name;
	return n ? oq_fields_new(whole_type(c), names, n, &c->fields, err) : 0;
}

static int apply_slice(struct oq_content *c, const char *text, size_t n,
		       unsigned rank, const uint64_t *dims, struct oq_err *err)
{
	struct oq_slice_axes axes = { find_label, c->labels };
	int r;

	c->slice = malloc(sizeof(*c->slice));
	if (!c->slice)
		return oq_err_set(err, -ENOMEM, "no memory");
	r = oq_slice_parse(text, n, c->slice, err);
	if (r == 0)
		r = oq_slice_select(c->slice, rank, dims,
				    c->labels ? &axes : NULL, &c->sel, err);
	if (r == 0)
		r = choose_fields(c, err);
	if (r == 0)
		c->rank = oq_slice_shape(&c->sel, c->dims);
	return r;
}

static int select_elements(struct oq_content *c, const char *slice, size_t n,
			   struct oq_err *err)
{
	const struct oq_dataset *info =
		c->dset ? oq_h5_dset_info(c->dset) : NULL;
	unsigned rank = info ? oq_content_rank(info) : 1;
	const uint64_t *dims = info ? info->dims : &c->frame->nrows;

	if (!n) {
		c->rank = rank;
		memcpy(c->dims, dims, rank * sizeof(*dims));
		return oq_sel_init_all(&c->sel, rank, dims) < 0
			       ? oq_err_set(err, -EOVERFLOW,
					    "larger than a file can be")
			       : 0;
	}
	if (info && info->space == OQ_NULLSPACE)
		return oq_err_set(err, -ENOENT, "nothing to slice");
	return apply_slice(c, slice, n, rank, dims, err);
}

int oq_content_open(const struct oq_content_spec *spec, struct oq_content **out,
		    struct oq_err *err)
{
	struct oq_content *c = calloc(1, sizeof(*c));
	int r;

	if (!c)
		return oq_err_set(err, -ENOMEM, "no memory");
	c->env = spec->env;
	r = open_object(c, spec, err);
	if (r == 0)
		r = select_elements(c, spec->slice, spec->slice_len, err);
	if (r < 0) {
		oq_content_close(c);
		return r;
	}
	*out = c;
	return 0;
}

const struct oq_dtype *oq_content_type(const struct oq_content *c)
{
	return c->fields ? oq_fields_packed(c->fields) : whole_type(c);
}

const struct oq_frame *oq_content_frame(const struct oq_content *c)
{
	return c->frame;
}

struct oq_h5_dset *oq_content_dataset(struct oq_content *c)
{
	return c->dset;
}

struct oq_labels *oq_content_labels(const struct oq_content *c)
{
	return c->labels;
}

bool oq_content_is_sliced(const struct oq_content *c)
{
	return c->slice != NULL;
}

unsigned oq_content_shape(const struct oq_content *c, const uint64_t **dims)
{
	*dims = c->dims;
	return c->rank;
}

/* ---- elements ---- */

/* If no chosen field has pointers, have libhdf5 follow none. */
static int skip_pointers(struct oq_content *c, struct oq_err *err)
{
	if (!c->fields || oq_dtype_has_pointers(oq_fields_packed(c->fields)))
		return 0;
	return c->frame ? oq_frame_skip_pointers(c->frame, err)
			: oq_h5_dset_skip_pointers(c->dset, err);
}

void oq_content_as_stored(struct oq_content *c)
{
	if (c->frame)
		oq_frame_as_stored(c->frame);
	else
		oq_h5_dset_as_stored(c->dset);
}

int oq_content_source(struct oq_content *c, struct oq_source **out,
		      struct oq_err *err)
{
	const struct oq_sel *sel = c->slice ? &c->sel : NULL;
	int r = skip_pointers(c, err);

	if (r < 0)
		return r;
	if (c->frame) {
		r = oq_frame_join(c->env, oq_steal(&c->frame), sel, out, err);
	} else {
		r = oq_source_open(c->env, c->dset, sel, out, err);
		if (r == 0)
			c->dset = NULL;
	}
	if (r == 0 && c->fields)
		r = oq_fields_open(oq_steal(&c->fields), *out, out, err);
	return r;
}

/* ---- rows and columns ---- */

static int make_labelled(const struct oq_content *c, struct oq_table_spec *spec,
			 struct oq_table **out, struct oq_err *err)
{
	const struct oq_labels *l = c->labels;
	struct oq_axis axes[OQ_MAX_RANK];
	unsigned n = 0;

	for (unsigned i = 0; i < c->sel.rank - c->is_texts; i++) {
		const struct oq_sel_axis *a = &c->sel.axis[i];

		if (a->dropped)
			continue;
		axes[n++] = (struct oq_axis){
			.name = l->names[i],
			.labels = (const char *const *)l->labels[i],
			.start = a->start,
			.step = a->step,
		};
	}
	spec->form = OQ_LONG;
	spec->axes = axes;
	return oq_table_new(spec, out, err);
}

/* The name of the chosen field, if there is exactly one; else NULL. */
static const char *only_field(const struct oq_content *c)
{
	const char *name = NULL;

	for (size_t i = 0; c->slice && i < c->slice->nitems; i++) {
		if (c->slice->items[i].kind != OQ_SLICE_FIELD)
			continue;
		if (name)
			return NULL;
		name = c->slice->items[i].name;
	}
	return name;
}

/* Make a table of the first member's type one of whole elements. */
static void look_inside(struct oq_table *t, const struct oq_dtype *whole)
{
	for (size_t i = 0; i < t->nfields; i++)
		t->fields[i].offset += whole->members[0].offset;
	t->elem_bytes = whole->size;
}

uint64_t oq_content_text_bytes(const struct oq_env *env,
			       const struct oq_dataset *info)
{
	return env->conventions && oq_netcdf_is_text(env->h5, info)
		       ? info->dims[info->rank - 1]
		       : 0;
}

/* Are they, of what is selected? */
static bool is_texts(const struct oq_content *c)
{
	return c->dset && c->rank && c->dims[c->rank - 1] &&
	       !c->sel.axis[c->sel.rank - 1].dropped &&
	       oq_content_text_bytes(c->env, oq_h5_dset_info(c->dset));
}

static struct oq_dtype *text_type(const struct oq_content *c)
{
	struct oq_dtype *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->cls = OQ_STRING;
	t->pad = OQ_NULLPAD;
	t->is_utf8 = true;
	t->size = c->dims[c->rank - 1];
	return t;
}

int oq_content_table(struct oq_content *c, const struct oq_source *src,
		     const char *name, struct oq_table **out,
		     struct oq_err *err)
{
	const char *field = only_field(c);
	/* A field with pointers comes in the whole element. */
	bool inside = field && src->has_pointers;
	const struct oq_dtype *type =
		inside ? src->type->members[0].type : src->type;
	struct oq_table_spec spec = {
		.name = field ? field : name,
		.type = type,
		.rank = c->rank - c->is_texts,
		.dims = c->dims,
	};
	int r;

	spec.form = oq_table_form(type, spec.rank, spec.dims);
	r = c->labels && spec.rank ? make_labelled(c, &spec, out, err)
				   : oq_table_new(&spec, out, err);

	if (r == 0 && inside)
		look_inside(*out, src->type);
	return r;
}

int oq_content_open_table(struct oq_content *c, const char *name,
			  struct oq_source **src, struct oq_table **table,
			  struct oq_err *err)
{
	int r = name ? 0 : oq_err_set(err, -ENOMEM, "no memory");

	c->is_texts = is_texts(c);
	if (r == 0)
		r = oq_content_source(c, src, err);
	if (r == 0 && c->is_texts)
		r = oq_runs_open(*src, text_type(c), src, err);
	if (r < 0)
		return r;
	r = oq_content_table(c, *src, name, table, err);
	if (r < 0)
		oq_source_close(*src);
	return r;
}

int oq_content_sketch(const struct oq_env *env, struct oq_h5_dset *d,
		      const char *name, struct oq_labels **labels,
		      struct oq_table **out)
{
	const struct oq_dataset *info = oq_h5_dset_info(d);
	const struct oq_source src = { .type = info->type };
	struct oq_content c = { .env = env, .dset = d };
	int r;

	*labels = c.labels = oq_labels_read(env, info, name);
	r = select_elements(&c, "", 0, NULL);
	if (r == 0)
		r = oq_content_table(&c, &src, name, out, NULL);
	return r;
}

/* ---- tiny ones ---- */

/* A csv of so few bytes is measured for the listing, so that `ls -l` need not
 * ask for its size. */
#define TINY_BYTES 4096

bool oq_content_is_tiny(const struct oq_env *env, const struct oq_dataset *info)
{
	return !info->refused && info->space != OQ_NULLSPACE &&
	       info->layout == OQ_CONTIGUOUS && info->nbytes <= TINY_BYTES &&
	       (info->file_off != OQ_NO_ADDR || !info->nbytes) &&
	       !oq_dtype_has_pointers(info->type) &&
	       !oq_dtype_has_refs(info->type) && !oq_timeval_has(info->type) &&
	       !oq_content_text_bytes(env, info);
}

bool oq_content_tiny_csv(const struct oq_env *env, struct oq_h5_dset *d,
			 const struct oq_table *t, uint64_t *nbytes)
{
	const struct oq_dataset *info = oq_h5_dset_info(d);
	OQ_BUF struct oq_buf head = { 0 }, scratch = { 0 };
	const struct oq_refs no_refs = { 0 };
	_Alignas(16) uint8_t elems[TINY_BYTES];

	if (info->nbytes &&
	    !oq_h5_fetch(env->h5, elems, info->nbytes, info->file_off))
		return false;
	oq_csv_put_header(t, &head);
	*nbytes = head.len +
		  oq_csv_len(t, 0, info->nelems, elems, &no_refs, &scratch);
	return !oq_buf_failed(&head) && !oq_buf_failed(&scratch);
}
