/* SPDX-License-Identifier: MIT */
/* quantile.c - a weighted quantile as the engine interpolates it */

#include "lib/results/quantile.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/base/cleanup.h"

/* A value and its weight. */
struct weighted {
	double value, weight;
};

/* Equal values by their weights, as NumPy sorts records. */
static int by_value(const void *a, const void *b)
{
	const struct weighted *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return (x->weight > y->weight) - (x->weight < y->weight);
}

static void add_up(const struct weighted *w, uint64_t n, bool single,
		   double *sum)
{
	sum[0] = w[0].weight;
	for (uint64_t i = 1; i < n; i++)
		sum[i] = single ? (double)((float)sum[i - 1] +
					   (float)w[i].weight)
				: sum[i - 1] + w[i].weight;
}

static double interpolate(const struct weighted *w, const double *sum,
			  uint64_t n, double q)
{
	uint64_t j = 0;

	if (q < sum[0])
		return w[0].value;
	if (q >= sum[n - 1])
		return w[n - 1].value;
	while (sum[j + 1] <= q)
		j++;
	if (sum[j] == q)
		return w[j].value;
	return (w[j + 1].value - w[j].value) / (sum[j + 1] - sum[j]) *
		       (q - sum[j]) +
	       w[j].value;
}

static bool has_unlike_ties(const struct weighted *w, uint64_t n)
{
	for (uint64_t i = 1; i < n; i++)
		if (w[i].value == w[i - 1].value &&
		    w[i].weight != w[i - 1].weight)
			return true;
	return false;
}

double oq_quantile(double q, const double *value,
		   const struct oq_values *weights, bool doubtful, int *e)
{
	uint64_t n = weights->n;
	OQ_FREE struct weighted *w = calloc(n + 1, sizeof(*w));
	OQ_FREE double *sum = calloc(n + 1, sizeof(*sum));
	double found;

	*e = w && sum ? 0 : -ENOMEM;
	if (*e)
		return 0;
	for (uint64_t i = 0; i < n; i++)
		w[i] = (struct weighted){ value[i], weights->f[i] };
	qsort(w, n, sizeof(*w), by_value);
	add_up(w, n, false, sum);
	found = interpolate(w, sum, n, q);
	add_up(w, n, weights->single, sum);
	if (doubtful &&
	    (interpolate(w, sum, n, q) != found || has_unlike_ties(w, n)))
		*e = -ENOENT;
	return found;
}
