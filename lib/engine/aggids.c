/* SPDX-License-Identifier: MIT */
/* aggids.c - what the numbers of an aggregation stand for */

#include "lib/engine/aggids.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"

/* `aggregate_by` is a list of lists, or in old versions one list; NULL where
 * it has no such list. */
static struct json_object *find_tags(const struct oq_calculation *c, size_t agg)
{
	struct json_object *all = oq_param(c, "aggregate_by"), *first;

	if (!json_object_is_type(all, json_type_array) ||
	    !json_object_array_length(all) || !agg)
		return NULL;
	first = json_object_array_get_idx(all, 0);
	if (json_object_is_type(first, json_type_string))
		return agg == 1 ? all : NULL;
	first = json_object_array_get_idx(all, agg - 1);
	return json_object_is_type(first, json_type_array) ? first : NULL;
}

size_t oq_aggids_count(const struct oq_calculation *c)
{
	size_t n = 0;

	while (find_tags(c, n + 1))
		n++;
	return n;
}

void oq_aggids_put_name(const struct oq_calculation *c, size_t agg,
			struct oq_buf *out)
{
	struct json_object *tags = find_tags(c, agg);

	for (size_t i = 0; tags && i < json_object_array_length(tags); i++) {
		const char *s = json_object_get_string(
			json_object_array_get_idx(tags, i));

		if (i)
			oq_buf_putc(out, '-');
		oq_buf_puts(out, s ? s : "");
	}
}

int oq_aggids_list_tags(const struct oq_calculation *c, size_t agg,
			struct oq_names *out)
{
	struct json_object *tags = find_tags(c, agg);
	int e = 0;

	for (size_t i = 0; !e && tags && i < json_object_array_length(tags);
	     i++) {
		const char *s = json_object_get_string(
			json_object_array_get_idx(tags, i));

		e = oq_names_add(out, s ? s : "", s ? strlen(s) : 0);
	}
	return e;
}

/* ---- how many combinations ---- */

/* All combinations of the tags that there are. */
static int count_all(const struct oq_calculation *c,
		     const struct oq_names *tags, uint64_t *n,
		     struct oq_err *err)
{
	int e = 0;

	*n = 1;
	for (size_t i = 0; !e && i < tags->n; i++) {
		OQ_VALUES struct oq_values v = { 0 };
		bool id = strcmp(tags->name[i], "id") == 0;
		char path[256];

		(void)snprintf(path, sizeof(path), "assetcol/tagcol/%s",
			       tags->name[i]);
		e = oq_calculation_values(c, id ? "assetcol/array" : path,
					  id ? "id" : NULL, &v, err);
		if (!e && (!v.n || oq_mul_overflows(*n, id ? v.n : v.n - 1, n)))
			e = oq_err_set(err, -EIO, "tag '%s' has no values",
				       tags->name[i]);
	}
	return e;
}

struct combinations {
	size_t ntags;
	const struct oq_values *v;
};

static int by_combination(const void *a, const void *b, void *ctx)
{
	const struct combinations *all = ctx;
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	for (size_t i = 0; i < all->ntags; i++)
		if (all->v[i].i[x] != all->v[i].i[y])
			return all->v[i].i[x] < all->v[i].i[y] ? -1 : 1;
	return 0;
}

/* Those that an asset has. */
static uint64_t count_distinct(struct combinations *all, uint64_t *asset,
			       uint64_t nassets)
{
	uint64_t n = nassets > 0;

	for (uint64_t i = 0; i < nassets; i++)
		asset[i] = i;
	qsort_r(asset, nassets, sizeof(*asset), by_combination, all);
	for (uint64_t i = 1; i < nassets; i++)
		n += by_combination(&asset[i - 1], &asset[i], all) != 0;
	return n;
}

static int count_used(const struct oq_calculation *c,
		      const struct oq_names *tags, uint64_t *n,
		      struct oq_err *err)
{
	struct oq_values *v = calloc(tags->n + 1, sizeof(*v));
	struct combinations all = { tags->n, v };
	OQ_FREE uint64_t *asset = NULL;
	int e = v ? 0 : -ENOMEM;

	*n = 0;
	for (size_t i = 0; !e && i < tags->n; i++) {
		e = oq_calculation_values(c, "assetcol/array", tags->name[i],
					  &v[i], err);
		if (!e && strcmp(tags->name[i], "id") == 0) {
			*n = v[i].n; /* each asset is one */
			break;
		}
		if (!e && !v[i].i)
			e = oq_err_set(err, -EIO, "tag '%s' has no numbers",
				       tags->name[i]);
	}
	if (!e && !*n && tags->n) {
		asset = calloc(v[0].n + 1, sizeof(*asset));
		if (asset)
			*n = count_distinct(&all, asset, v[0].n);
		else
			e = -ENOMEM;
	}
	for (size_t i = 0; v && i < tags->n; i++)
		oq_values_free(&v[i]);
	free(v);
	return e;
}

typedef int (*counter)(const struct oq_calculation *, const struct oq_names *,
		       uint64_t *, struct oq_err *);

/* Where aggregation 'agg' begins and how long it is, and the sum of all. */
static int place(const struct oq_calculation *c, counter count,
		 struct oq_aggids *a, size_t agg, uint64_t *sum,
		 struct oq_err *err)
{
	size_t naggs = oq_aggids_count(c);
	int e = 0;

	*sum = 0;
	for (size_t i = 1; !e && i <= naggs; i++) {
		struct oq_names tags = { 0 };
		uint64_t n = 0;

		e = oq_aggids_list_tags(c, i, &tags);
		if (!e)
			e = count(c, &tags, &n, err);
		oq_names_free(&tags);
		if (!e && i == agg) {
			a->first = *sum;
			a->n = n;
		}
		if (!e && oq_add_overflows(*sum, n, sum))
			e = oq_err_set(err, -EIO, "too many combinations");
	}
	return e;
}

/* ---- what they are called ---- */

/* The tags in one text, by tabs or (in some versions) commas. */
static int split(struct oq_aggids *a, const char *text, uint64_t i,
		 struct oq_err *err)
{
	char sep = strchr(text, '\t') ? '\t' : ',';

	for (size_t t = 0; t < a->tags.n; t++) {
		size_t n = strlen(text);
		const char *end = a->tags.n > 1 ? strchr(text, sep) : NULL;

		if ((end != NULL) != (t + 1 < a->tags.n))
			return oq_err_set(err, -EIO,
					  "an aggregation's key has not %zu "
					  "tags",
					  a->tags.n);
		if (end)
			n = (size_t)(end - text);
		a->text[i * a->tags.n + t] = strndup(text, n);
		if (!a->text[i * a->tags.n + t])
			return -ENOMEM;
		text += n + (end != NULL);
	}
	return 0;
}

static int take_keys(const struct oq_calculation *c, struct oq_aggids *a,
		     size_t agg, struct oq_err *err)
{
	OQ_VALUES struct oq_values keys = { 0 };
	uint64_t sum;
	int e = oq_calculation_values(c, "agg_keys", NULL, &keys, err);

	if (e < 0)
		return e;
	if (!keys.t)
		return oq_err_set(err, -EIO, "'agg_keys' are no texts");
	/* The engine numbers these from 0 wherever they stand. */
	if (agg > 1 && a->tags.n == 1 &&
	    (strcmp(a->tags.name[0], "id") == 0 ||
	     strcmp(a->tags.name[0], "site_id") == 0))
		return oq_err_set(err, -ENOENT,
				  "aggregation by '%s' after "
				  "another",
				  a->tags.name[0]);
	e = place(c, count_all, a, agg, &sum, err);
	if (!e && sum != keys.n)
		e = place(c, count_used, a, agg, &sum, err);
	if (!e && sum != keys.n)
		e = oq_err_set(err, -EIO, "'agg_keys' has %llu keys of %llu",
			       (unsigned long long)keys.n,
			       (unsigned long long)sum);
	if (e < 0)
		return e;
	a->text = calloc(a->n * a->tags.n + 1, sizeof(*a->text));
	if (!a->text)
		return -ENOMEM;
	for (uint64_t i = 0; !e && i < a->n; i++)
		e = split(a, keys.t[a->first + i], i, err);
	return e;
}

int oq_aggids_open(const struct oq_calculation *c, size_t agg,
		   struct oq_aggids *out, struct oq_err *err)
{
	struct oq_aggvalues total = { 0 };
	struct oq_aggids a = { 0 };
	int e = oq_aggids_list_tags(c, agg, &a.tags);

	*out = (struct oq_aggids){ 0 };
	if (!e && agg) {
		e = take_keys(c, &a, agg, err);
	} else if (!e) {
		e = oq_aggvalues_open(c, &total, err);
		a.first = total.n - 1;
		a.n = 1;
		oq_aggvalues_close(&total);
	}
	if (e < 0)
		oq_aggids_close(&a);
	else
		*out = a;
	return e;
}

void oq_aggids_close(struct oq_aggids *a)
{
	for (uint64_t i = 0; a->text && i < a->n * a->tags.n; i++)
		free(a->text[i]);
	free(a->text);
	oq_names_free(&a->tags);
	*a = (struct oq_aggids){ 0 };
}
