/* SPDX-License-Identifier: MIT */
/* kinds.h - the kinds of files that the engine exports, as data
 *
 * A kind is a row: which versions write it, what it needs, how its files are
 * called, and the function that puts their sheet together.  README.md says
 * how to add one.
 */
#ifndef OQ_KINDS_H
#define OQ_KINDS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/engine/calculation.h"
#include "lib/sheet/sheet.h"

struct oq_exportkind;

/* One file of a kind: what the pattern of its name ran over. */
struct oq_exportfile {
	char *name; /* with the calculation's number; owned */
	const struct oq_exportkind *kind;
	size_t which; /* the statistic or realization */
	size_t imt;   /* intensity measure type */
	size_t site;
	size_t agg;   /* aggregation; 0: of all, then of aggregate_by */
	char *member; /* of the group; owned; or NULL */
	char *label;  /* "mean", "rlz-000"; owned; or NULL */
};

struct oq_exportkind {
	const char *key;       /* the engine's */
	unsigned since, until; /* versions; 'until' excluded */
	const char *own;       /* datasets the calculation has, by blanks */
	const char *any;       /* that it or its parent has */
	/* A further condition; NULL: none. */
	bool (*when)(const struct oq_calculation *c);
	/* The files' names without number.  In braces:
	 *
	 *	stat	each statistic		rlz	"rlz-000", ...
	 *	imt	each intensity		rlz1	"rlz-0", ...
	 *	site	0, 1, ...		member	of the group 'data'
	 *	tags	"", then the tags of each aggregation
	 *	hazard	"hazard", but "quantile" where stat is one, of which
	 *		then only the number is left
	 */
	const char *names;
	const char *data; /* the dataset or group the rows are of */
	/* Why it is left out, instead of names and open. */
	const char *why_not;
	/* Whether a file is there; NULL: yes.  0, -ENOENT (not), or an error
	 * with the reason why the kind is left out. */
	int (*check)(const struct oq_calculation *c,
		     const struct oq_exportfile *f, struct oq_err *err);
	/* Put the sheet together; on failure what is there is closed by the
	 * caller. */
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
