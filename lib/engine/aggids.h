/* SPDX-License-Identifier: MIT */
/* aggids.h - what the numbers of an aggregation stand for
 *
 * Losses are aggregated by tags: each combination of their values has a number,
 * `agg_id`.  The combinations of the first aggregation in `aggregate_by` come
 * first, then those of the next; the last number is the total.  Main thread;
 * an opened one is for any thread.
 */
#ifndef OQ_AGGIDS_H
#define OQ_AGGIDS_H

#include "lib/engine/calculation.h"

/* How many aggregations there are, beside the total. */
size_t oq_aggids_count(const struct oq_calculation *c);
/* Append "NAME_1-taxonomy", the tags of aggregation 'agg'.  These count from 1;
 * 0 is the total and has none. */
void oq_aggids_put_name(const struct oq_calculation *c, size_t agg,
			struct oq_buf *out);

/* Add the names of its tags; 0 or -ENOMEM. */
int oq_aggids_list_tags(const struct oq_calculation *c, size_t agg,
			struct oq_names *out);

/* The numbers of one aggregation. */
struct oq_aggids {
	uint64_t first, n;
	struct oq_names tags; /* "NAME_1", "taxonomy" */
	char **text;	      /* n * tags.n; owned, as the strings */
};

/* Read the numbers and texts of an aggregation.  Returns 0; -ENOENT (the
 * datastore lacks them, or the engine numbers them in a way that is not known),
 * -EIO, with the reason; -ENOMEM.  On failure there is nothing to close. */
int oq_aggids_open(const struct oq_calculation *c, size_t agg,
		   struct oq_aggids *out, struct oq_err *err);
void oq_aggids_close(struct oq_aggids *a);
#define OQ_AGGIDS __attribute__((cleanup(oq_aggids_close)))

/* Whether an `agg_id` is one of these numbers. */
static inline bool oq_aggids_has(const struct oq_aggids *a, int64_t id)
{
	return id >= 0 && (uint64_t)id >= a->first &&
	       (uint64_t)id - a->first < a->n;
}

/* The text of a tag for an `agg_id` for which oq_aggids_has() is true. */
static inline const char *oq_aggids_text(const struct oq_aggids *a, int64_t id,
					 size_t tag)
{
	return a->text[((uint64_t)id - a->first) * a->tags.n + tag];
}

/* The value at risk for each `agg_id`, from `agg_values`. */
struct oq_aggvalues {
	uint64_t n;		  /* of numbers; the last is the total */
	struct oq_names fields;	  /* of a record */
	struct oq_values *values; /* of each field; owned */
	const char *time_event;	  /* borrowed from the calculation */
};
int oq_aggvalues_open(const struct oq_calculation *c, struct oq_aggvalues *out,
		      struct oq_err *err);
void oq_aggvalues_close(struct oq_aggvalues *v);
#define OQ_AGGVALUES __attribute__((cleanup(oq_aggvalues_close)))
/* The value that a consequence is a part of: that of a column (without _aep or
 * _oep) of a table of losses, for a loss type and an `agg_id`.  Of several loss
 * types it is the sum: '*out' as Python adds numbers in single precision with
 * NumPy 1 (in double), '*single' as it does with NumPy 2 (in single).  0, or a
 * negative errno with the reason. */
int oq_aggvalues_get(const struct oq_aggvalues *v, const char *column,
		     const char *loss, int64_t id, float *out, float *single,
		     struct oq_err *err);

#endif
