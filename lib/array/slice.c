/* SPDX-License-Identifier: MIT */
/* slice.c - NumPy's basic slicing, as it stands in a file's name */

#include "lib/array/slice.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "lib/base/num.h"

/* ---- parsing ---- */

struct parser {
	const char *at, *end;
	struct oq_slice *out;
	size_t used; /* of out->text */
	struct oq_err *err;
};

static int expected(struct parser *p, const char *what)
{
	if (p->at == p->end)
		return oq_err_set(p->err, -ENOENT, "%s expected at the end",
				  what);
	return oq_err_set(p->err, -ENOENT, "%s expected before '%.*s'", what,
			  (int)(p->end - p->at), p->at);
}

static void skip_blanks(struct parser *p)
{
	while (p->at < p->end && *p->at == ' ')
		p->at++;
}

static bool take(struct parser *p, const char *word)
{
	size_t n = strlen(word);

	skip_blanks(p);
	if ((size_t)(p->end - p->at) < n || memcmp(p->at, word, n) != 0)
		return false;
	p->at += n;
	return true;
}

/* An integer, if one stands here and fits. */
static bool take_int(struct parser *p, int64_t *v)
{
	const char *s;
	bool minus;
	int64_t n = 0;

	skip_blanks(p);
	s = p->at;
	minus = s < p->end && *s == '-';
	if (s < p->end && (*s == '-' || *s == '+'))
		s++;
	if (s >= p->end || *s < '0' || *s > '9')
		return false;
	for (; s < p->end && *s >= '0' && *s <= '9'; s++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, *s - '0', &n))
			return false;
	*v = minus ? -n : n;
	p->at = s;
	return true;
}

static bool put_char(struct parser *p, char c)
{
	if (p->used >= sizeof(p->out->text))
		return false;
	p->out->text[p->used++] = c;
	return true;
}

static bool is_stop(char c)
{
	return c == ',' || c == ']' || c == '=';
}

/* A field or a label: quoted, or everything up to ',', ']' or '=' without the
 * blanks around it.  NULL: there is none. */
static const char *take_name(struct parser *p)
{
	const char *name = p->out->text + p->used;
	const char *from;
	bool ok = true;

	skip_blanks(p);
	from = p->at;
	if (from < p->end && (*from == '\'' || *from == '"')) {
		char quote = *p->at++;

		while (ok && p->at < p->end) {
			if (*p->at == quote && ++p->at < p->end &&
			    *p->at != quote)
				break;
			if (p->at < p->end)
				ok = put_char(p, *p->at++);
		}
		skip_blanks(p);
	} else {
		const char *last = from;

		for (; p->at < p->end && !is_stop(*p->at); p->at++)
			if (*p->at != ' ')
				last = p->at + 1;
		if (last == from)
			return NULL;
		while (ok && from < last)
			ok = put_char(p, *from++);
	}
	return ok && put_char(p, 0) ? name : NULL;
}

static bool ends_here(struct parser *p)
{
	skip_blanks(p);
	return p->at < p->end && (*p->at == ',' || *p->at == ']');
}

static bool take_range(struct parser *p, struct oq_slice_item *it)
{
	it->step = 1;
	it->has_start = take_int(p, &it->start);
	if (!take(p, ":")) {
		it->kind = OQ_SLICE_INDEX;
		return it->has_start && ends_here(p);
	}
	it->kind = OQ_SLICE_RANGE;
	it->has_stop = take_int(p, &it->stop);
	if (take(p, ":"))
		(void)take_int(p, &it->step);
	return it->step != 0 && ends_here(p);
}

static int take_item(struct parser *p, struct oq_slice_item *it)
{
	const char *from = p->at;

	if (take(p, "...") && ends_here(p)) {
		it->kind = OQ_SLICE_ELLIPSIS;
		return 0;
	}
	p->at = from;
	if (take_range(p, it))
		return 0;
	p->at = from;
	*it = (struct oq_slice_item){ .kind = OQ_SLICE_FIELD };
	it->name = take_name(p);
	if (!it->name)
		return expected(p, "an index, a range or a name");
	if (take(p, "=")) {
		it->kind = OQ_SLICE_LABEL;
		it->label = take_name(p);
		if (!it->label)
			return expected(p, "a label");
	}
	return ends_here(p) ? 0 : expected(p, "',' or ']'");
}

int oq_slice_parse(const char *s, size_t n, struct oq_slice *out,
		   struct oq_err *err)
{
	struct parser p = { s, s + n, out, 0, err };

	out->nitems = 0;
	if (n > OQ_SLICE_MAX_BYTES / 2 || memchr(s, 0, n))
		return oq_err_set(err, -ENOENT, "a slice that no name holds");
	if (!take(&p, "["))
		return expected(&p, "'['");
	do {
		struct oq_slice_item *it = &out->items[out->nitems];

		if (out->nitems == OQ_SLICE_MAX_ITEMS)
			return oq_err_set(err, -ENOENT, "more than %d items",
					  OQ_SLICE_MAX_ITEMS);
		*it = (struct oq_slice_item){ 0 };
		if (take_item(&p, it) < 0)
			return -ENOENT;
		out->nitems++;
	} while (take(&p, ","));
	if (!take(&p, "]"))
		return expected(&p, "']'");
	return p.at == p.end ? 0 : expected(&p, "the end");
}

/* ---- selecting ---- */

/* A selection that is being made. */
struct choice {
	unsigned rank;
	const uint64_t *dims;
	struct oq_sel *sel;
	bool taken[OQ_MAX_RANK]; /* axes that have a label */
	struct oq_err *err;
};

static int select_index(const struct choice *c, unsigned axis, int64_t given)
{
	uint64_t dim = c->dims[axis];
	int64_t i = given;

	/* Dimensions are at most INT64_MAX wherever there are elements. */
	if (i < 0 && dim <= INT64_MAX)
		i += (int64_t)dim;
	if (i < 0 || dim > INT64_MAX || i >= (int64_t)dim)
		return oq_err_set(c->err, -ENOENT,
				  "index %" PRId64 " is out of bounds for axis "
				  "%u with size %" PRIu64,
				  given, axis, dim);
	c->sel->axis[axis] = (struct oq_sel_axis){ (uint64_t)i, 1, 1, true };
	return 0;
}

/* A bound of a range, as Python's slice.indices() has it. */
static int64_t bound(bool given, int64_t v, int64_t deflt, int64_t low,
		     int64_t high, int64_t dim)
{
	if (!given)
		return deflt;
	if (v < 0) {
		v += dim;
		return v < low ? low : v;
	}
	return v > high ? high : v;
}

static int select_range(const struct choice *c, unsigned axis,
			const struct oq_slice_item *it)
{
	struct oq_sel_axis *a = &c->sel->axis[axis];
	uint64_t udim = c->dims[axis];
	int64_t dim = (int64_t)udim, start, stop;
	bool back = it->step < 0;

	if (udim > INT64_MAX || it->step == INT64_MIN)
		return oq_err_set(c->err, -ENOENT,
				  "no range of axis %u with size %" PRIu64,
				  axis, udim);
	if (back) {
		start = bound(it->has_start, it->start, dim - 1, -1, dim - 1,
			      dim);
		stop = bound(it->has_stop, it->stop, -1, -1, dim - 1, dim);
	} else {
		start = bound(it->has_start, it->start, 0, 0, dim, dim);
		stop = bound(it->has_stop, it->stop, dim, 0, dim, dim);
	}
	*a = (struct oq_sel_axis){ .step = it->step };
	if (back && stop < start)
		a->count =
			(uint64_t)(start - stop - 1) / (uint64_t)-it->step + 1;
	else if (!back && start < stop)
		a->count =
			(uint64_t)(stop - start - 1) / (uint64_t)it->step + 1;
	a->start = a->count ? (uint64_t)start : 0;
	return 0;
}

/* Which axes the labels take. */
static int select_labels(struct choice *c, const struct oq_slice *s,
			 const struct oq_slice_axes *axes)
{
	for (size_t i = 0; i < s->nitems; i++) {
		const struct oq_slice_item *it = &s->items[i];
		unsigned axis;
		uint64_t index;

		if (it->kind != OQ_SLICE_LABEL)
			continue;
		if (!axes)
			return oq_err_set(c->err, -ENOENT,
					  "its axes have no labels");
		if (axes->find(axes->ctx, it->name, it->label, &axis, &index,
			       c->err) < 0)
			return -ENOENT;
		if (axis >= c->rank || index >= c->dims[axis])
			return oq_err_set(c->err, -ENOENT,
					  "label '%s' has no elements",
					  it->label);
		if (c->taken[axis])
			return oq_err_set(c->err, -ENOENT,
					  "axis '%s' is given twice", it->name);
		c->taken[axis] = true;
		c->sel->axis[axis] = (struct oq_sel_axis){ index, 1, 1, true };
	}
	return 0;
}

static bool is_positional(const struct oq_slice_item *it)
{
	return it->kind == OQ_SLICE_INDEX || it->kind == OQ_SLICE_RANGE;
}

static unsigned next_free(const struct choice *c, unsigned axis)
{
	while (axis < c->rank && c->taken[axis])
		axis++;
	return axis;
}

static int select_positions(const struct choice *c, const struct oq_slice *s)
{
	unsigned nfree = 0, npositions = 0, axis = 0;
	bool ellipsis = false;

	for (unsigned i = 0; i < c->rank; i++)
		nfree += !c->taken[i];
	for (size_t i = 0; i < s->nitems; i++)
		npositions += is_positional(&s->items[i]);
	if (npositions > nfree)
		return oq_err_set(c->err, -ENOENT,
				  "too many indices: %u, where there can be %u",
				  npositions, nfree);
	for (size_t i = 0; i < s->nitems; i++) {
		const struct oq_slice_item *it = &s->items[i];
		int r;

		if (it->kind == OQ_SLICE_ELLIPSIS) {
			if (ellipsis)
				return oq_err_set(c->err, -ENOENT,
						  "more than one ellipsis");
			ellipsis = true;
			for (unsigned k = npositions; k < nfree; k++)
				axis = next_free(c, axis) + 1;
		}
		if (!is_positional(it))
			continue;
		axis = next_free(c, axis);
		r = it->kind == OQ_SLICE_INDEX
			    ? select_index(c, axis, it->start)
			    : select_range(c, axis, it);
		if (r < 0)
			return r;
		axis++;
	}
	return 0;
}

int oq_slice_select(const struct oq_slice *s, unsigned rank,
		    const uint64_t *dims, const struct oq_slice_axes *axes,
		    struct oq_sel *out, struct oq_err *err)
{
	struct choice c = { rank, dims, out, { false }, err };
	uint64_t counts[OQ_MAX_RANK];
	int r = oq_sel_init_all(out, rank, dims);

	if (r == 0)
		r = select_labels(&c, s, axes);
	if (r == 0)
		r = select_positions(&c, s);
	for (unsigned i = 0; r == 0 && i < rank; i++)
		counts[i] = out->axis[i].count;
	if (r == 0 && oq_product_overflows(counts, rank, &out->nelems))
		r = -EOVERFLOW;
	if (r == -EOVERFLOW)
		return oq_err_set(err, -ENOENT, "larger than a file can be");
	return r;
}

unsigned oq_slice_shape(const struct oq_sel *sel, uint64_t *dims)
{
	unsigned rank = 0;

	for (unsigned i = 0; i < sel->rank; i++)
		if (!sel->axis[i].dropped)
			dims[rank++] = sel->axis[i].count;
	return rank;
}
