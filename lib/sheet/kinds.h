/* SPDX-License-Identifier: MIT */
/* kinds.h - the kinds of files that the engine exports, as data
 *
 * A kind is a row: which versions write it, which datasets it needs, how its
 * files are called, and the function that makes their sheet.
 * lib/engine/README.md says how to add one.
 */
#ifndef OQ_KINDS_H
#define OQ_KINDS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/engine/calculation.h"
#include "lib/sheet/sheet.h"

struct oq_exportkind;

/* One file of a kind, and the values that the words of its name have. */
struct oq_exportfile {
	char *name; /* with the calculation's number; owned */
	const struct oq_exportkind *kind;
	size_t which; /* number of the statistic or realization */
	size_t imt;   /* number of the intensity measure type */
	size_t site;
	size_t agg;   /* 0: the total; else an aggregation (aggids.h) */
	char *member; /* of the group; owned; or NULL */
	char *label;  /* "mean", "rlz-000"; owned; or NULL */
};

struct oq_exportkind {
	const char *key;       /* the engine's name for the kind */
	unsigned since, until; /* versions; 'until' excluded */
	/* Datasets, separated by blanks: 'own' must be in the calculation's
	 * datastore, 'any' in that or a parent's. */
	const char *own;
	const char *any;
	/* A further condition; NULL: none. */
	bool (*when)(const struct oq_calculation *c);
	/* The files' names without number.  In braces:
	 *
	 *	stat	each statistic		rlz	"rlz-000", ...
	 *	imt	each intensity		rlz1	"rlz-0", ...
	 *	col	"rlz-000", ..., as many as 'data' has columns
	 *	site	0, 1, ...		member	of the group 'data'
	 *	tags	"", then the tags of each aggregation
	 *	hazard	"hazard", but "quantile" where stat is one, of which
	 *		then only the number is left
	 */
	const char *names;
	const char *data; /* the dataset or group that has the rows */
	/* Why the kind is left out; then 'names' and 'open' are NULL. */
	const char *why_not;
	/* Whether a file exists; NULL: always.  Main thread.  0; -ENOENT
	 * without a reason: this file does not; any other errno, with the
	 * reason: the kind is left out. */
	int (*check)(const struct oq_calculation *c,
		     const struct oq_exportfile *f, struct oq_err *err);
	/* Fill the sheet, which is empty; the caller closes it, also on
	 * failure.  Main thread.  0, or a negative errno with the reason. */
	int (*open)(const struct oq_calculation *c,
		    const struct oq_exportfile *f, struct oq_sheet *s,
		    struct oq_err *err);
};

struct oq_kindtable {
	const struct oq_exportkind *kinds;
	size_t n;
};

/* The tables. */
extern const struct oq_kindtable oq_kinds_hazard, oq_kinds_events,
	oq_kinds_disagg, oq_kinds_assets, oq_kinds_losses, oq_kinds_tables;

#endif
