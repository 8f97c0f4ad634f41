/* SPDX-License-Identifier: MIT */
/* sorting.c - the rows of a table in the order of their keys */

#include "lib/sheet/sorting.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/grow.h"

/* Keys asked for at once. */
#define BATCH 4096

uint64_t oq_key_of_i64(int64_t v)
{
	return (uint64_t)v ^ ((uint64_t)1 << 63);
}

uint64_t oq_key_of_f64(double v)
{
	uint64_t bits;

	if (v != v)
		return UINT64_MAX;
	v += 0.0; /* -0 is 0 */
	memcpy(&bits, &v, sizeof(bits));
	return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static int compare(const uint64_t *a, const uint64_t *b)
{
	for (int i = 0; i < OQ_SORTING_KEYS; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

/* Rows that stand one after the other and are in order. */
struct run {
	uint64_t first[OQ_SORTING_KEYS], last[OQ_SORTING_KEYS];
	uint64_t from, n;
};

static int by_key(const void *a, const void *b)
{
	const struct run *x = a, *y = b;
	int c = compare(x->first, y->first);

	if (c)
		return c;
	return x->from < y->from ? -1 : x->from > y->from;
}

/* What a run may be: the longest are tried first.  Of rows that are grouped by
 * their first key, with the groups in any order, the longest runs overlap, but
 * the groups do not. */
enum length { ANY, OF_ONE_GROUP, OF_ONE_ROW };

/* The runs that a table is made of. */
struct runs {
	const struct oq_sorting_spec *spec;
	enum length length;
	bool dropped;
	size_t n, room;
	struct run *run;
};

static int too_many(const struct runs *r, struct oq_err *err)
{
	return oq_err_set(err, -EFBIG,
			  "sorting %llu rows takes more than the %zu MiB of "
			  "memory there are for it",
			  (unsigned long long)r->spec->nrows,
			  r->spec->bytes >> 20);
}

static int is_tied(struct oq_err *err)
{
	return oq_err_set(err, -EIO,
			  "rows of equal keys, which the engine "
			  "leaves in the order that NumPy's sort happens to "
			  "give");
}

static int add_run(struct runs *r, const struct oq_key *k, uint64_t row,
		   struct oq_err *err)
{
	struct run *last;

	if ((r->n + 1) * sizeof(*r->run) > r->spec->bytes)
		return too_many(r, err);
	if (oq_grow(&r->run, &r->room, r->n, sizeof(*r->run)))
		return oq_err_set(err, -ENOMEM, "no memory");
	last = &r->run[r->n++];
	*last = (struct run){ .from = row, .n = 1 };
	memcpy(last->first, k->k, sizeof(last->first));
	memcpy(last->last, k->k, sizeof(last->last));
	return 0;
}

static int add_row(struct runs *r, const struct oq_key *k, uint64_t row,
		   struct oq_err *err)
{
	struct run *last = r->n ? &r->run[r->n - 1] : NULL;
	int c;

	if (k->dropped) {
		r->dropped = true;
		return 0;
	}
	c = last ? compare(last->last, k->k) : 1;
	if (c == 0 && r->spec->unique)
		return is_tied(err);
	if (!last || last->from + last->n != row || c > 0 ||
	    r->length == OF_ONE_ROW ||
	    (r->length == OF_ONE_GROUP && last->last[0] != k->k[0]))
		return add_run(r, k, row, err);
	memcpy(last->last, k->k, sizeof(last->last));
	last->n++;
	return 0;
}

static bool tell(const struct runs *r, uint64_t done)
{
	const struct oq_progress *p = r->spec->progress;

	return !p || p->tell(p->ctx, done, r->spec->nrows);
}

static int collect(struct runs *r, struct oq_err *err)
{
	struct oq_key *keys = calloc(BATCH, sizeof(*keys));
	int e = keys ? 0 : oq_err_set(err, -ENOMEM, "no memory");

	r->n = 0;
	for (uint64_t at = 0; !e && at < r->spec->nrows; at += BATCH) {
		size_t n = r->spec->nrows - at < BATCH
				   ? (size_t)(r->spec->nrows - at)
				   : BATCH;

		if (!tell(r, at))
			e = -EINTR;
		memset(keys, 0, BATCH * sizeof(*keys));
		if (!e)
			e = r->spec->keys(r->spec->ctx, at, n, keys, err);
		for (size_t i = 0; !e && i < n; i++)
			e = add_row(r, &keys[i], at + i, err);
	}
	free(keys);
	return e;
}

/* Whether the runs, which are sorted, follow one another. */
static bool is_sorted(const struct runs *r)
{
	for (size_t i = 1; i < r->n; i++) {
		int c = compare(r->run[i - 1].last, r->run[i].first);

		if (c > 0 || (!c && r->run[i - 1].from > r->run[i].from))
			return false;
	}
	return true;
}

static bool has_ties(const struct runs *r)
{
	for (size_t i = 1; i < r->n; i++)
		if (!compare(r->run[i - 1].last, r->run[i].first))
			return true;
	return false;
}

static int keep(const struct runs *r, struct oq_sorting *out,
		struct oq_err *err)
{
	bool whole = r->n <= 1 && !r->dropped;

	*out = (struct oq_sorting){ .is_stored = whole, .nruns = r->n };
	if (!whole)
		out->runs = calloc(r->n + 1, sizeof(*out->runs));
	if (!whole && !out->runs)
		return oq_err_set(err, -ENOMEM, "no memory");
	for (size_t i = 0; i < r->n; i++) {
		if (!whole)
			out->runs[i] =
				(struct oq_sorting_run){ out->nrows,
							 r->run[i].from };
		out->nrows += r->run[i].n;
	}
	return 0;
}

/* False where they overlap, so that they must be shorter. */
static bool sort(struct runs *r, int *e, struct oq_err *err)
{
	*e = collect(r, err);
	if (!*e && r->n)
		qsort(r->run, r->n, sizeof(*r->run), by_key);
	return *e || is_sorted(r);
}

int oq_sorting_make(const struct oq_sorting_spec *s, struct oq_sorting *out,
		    struct oq_err *err)
{
	struct runs r = { .spec = s };
	int e;

	while (!sort(&r, &e, err))
		r.length++;
	if (!e && s->unique && has_ties(&r))
		e = is_tied(err);
	if (!e)
		e = keep(&r, out, err);
	free(r.run);
	return e;
}

void oq_sorting_free(struct oq_sorting *o)
{
	free(o->runs);
	*o = (struct oq_sorting){ 0 };
}

/* The run that row 'row' of the result is in. */
static size_t find_run(const struct oq_sorting *o, uint64_t row)
{
	size_t low = 0, high = o->nruns;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (o->runs[middle].to <= row)
			low = middle;
		else
			high = middle;
	}
	return low;
}

void oq_sorting_rows(const struct oq_sorting *o, uint64_t first, size_t n,
		     uint64_t *out)
{
	size_t run = o->is_stored || !n ? 0 : find_run(o, first);

	for (size_t i = 0; i < n; i++) {
		uint64_t row = first + i;

		if (o->is_stored) {
			out[i] = row;
			continue;
		}
		while (run + 1 < o->nruns && o->runs[run + 1].to <= row)
			run++;
		out[i] = o->runs[run].from + (row - o->runs[run].to);
	}
}
