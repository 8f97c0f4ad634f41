/* SPDX-License-Identifier: MIT */
/* calculation.h - a calculation as its exporters see it
 *
 * Its datastore and those of the calculations that it was made from, its
 * version, its parameters, and what follows from these: realizations,
 * statistics, intensities and their levels, loss types.  Main thread only: an
 * export copies what it needs for rendering when it is opened.
 */
#ifndef OQ_CALCULATION_H
#define OQ_CALCULATION_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/data/env.h"
#include "lib/engine/export.h"
#include "lib/engine/values.h"

#define OQ_VERSION(major, minor) ((major)*1000U + (minor))
/* Versions at which the files of some exports change: FIRST is the oldest whose
 * exports are known, LAST is above all. */
#define OQ_VERSION_FIRST	 OQ_VERSION(3, 12)
#define OQ_VERSION_MIDDLE	 OQ_VERSION(3, 13)
/* Since when, at the latest, risk_by_event is sorted by loss. */
#define OQ_VERSION_BY_LOSS	 OQ_VERSION(3, 21)
#define OQ_VERSION_NEW		 OQ_VERSION(3, 22)
/* The latest that exports were seen of. */
#define OQ_VERSION_LATE		 OQ_VERSION(3, 25)
#define OQ_VERSION_LAST		 4294967295U

struct oq_names {
	size_t n, room;
	char **name; /* owned */
};

struct oq_calculation {
	const struct oq_env *own;
	/* The calculation that it was made from, then the one that this was
	 * made from. */
	const struct oq_env *parents[OQ_MAX_PARENTS];
	size_t nparents;
	char *absent;	     /* why the next parent is not there; or NULL */
	char *number;	     /* "42" */
	char *parent_number; /* "23", or NULL */
	unsigned version;
	struct json_object *param;   /* an object */
	const char *mode;	     /* calculation_mode, or "" */
	char *metadata;		     /* "generated_by=..., checksum=..." */
	uint64_t nrlzs;		     /* 0: not known */
	struct oq_names stats;	     /* mean, quantile-0.15, ... */
	struct oq_names imts;	     /* in the order of the arrays */
	struct json_object **levels; /* of each imt: a list; or NULL */
	struct oq_names losses;	     /* loss types */
};

/* Where an object is: its datastore and address. */
struct oq_place {
	const struct oq_env *env;
	uint64_t addr;
};

/* Open a calculation.  The datastores of 'spec' must stay open.  'imts',
 * 'levels' and 'losses' are filled in by intensities.h and losstypes.h.
 * Returns 0; -ENOENT where it is no calculation of a version whose exports are
 * known; -EIO; -ENOMEM; with the reason. */
int oq_calculation_open(const struct oq_exports_spec *spec,
			struct oq_calculation **out, struct oq_err *err);
void oq_calculation_close(struct oq_calculation *c);

/* Find an object by its path, "a/b": oq_calculation_has() in the calculation's
 * own datastore, oq_calculation_find() there and then in the parents'. */
bool oq_calculation_has(const struct oq_calculation *c, const char *path);
bool oq_calculation_find(const struct oq_calculation *c, const char *path,
			 struct oq_place *at);
/* Find an object in one datastore. */
bool oq_place_find(const struct oq_env *env, const char *path,
		   struct oq_place *at);

/* Read a dataset, or 'field' (may be NULL) of it; an attribute.  The caller
 * frees the values.  -ENOENT, with the reason, where there is none; else as
 * values.h. */
int oq_calculation_values(const struct oq_calculation *c, const char *path,
			  const char *field, struct oq_values *out,
			  struct oq_err *err);
int oq_calculation_attr(const struct oq_calculation *c, const char *path,
			const char *name, struct oq_values *out,
			struct oq_err *err);
/* Set the reason why an object is not found: it may be in a parent that is
 * absent.  Returns -ENOENT. */
int oq_calculation_absent(const struct oq_calculation *c, const char *path,
			  struct oq_err *err);
/* An attribute of a dataset that is JSON, parsed; the caller puts it.  NULL
 * where it has none.  Labels of axes are in `json`. */
struct json_object *oq_calculation_json(const struct oq_calculation *c,
					const char *path, const char *name);

/* A parameter, owned by the calculation; NULL where it is absent or null. */
struct json_object *oq_param(const struct oq_calculation *c, const char *name);
/* Whether it is set: neither absent, null, false, 0, "" nor empty. */
bool oq_param_is_set(const struct oq_calculation *c, const char *name);
/* A parameter that is a number; 'otherwise' where it is none. */
double oq_param_f64(const struct oq_calculation *c, const char *name,
		    double otherwise);
/* Whether the parameter `inputs` names a file of this sort. */
bool oq_param_has_input(const struct oq_calculation *c, const char *input);
/* Whether the calculation mode has this word in it. */
bool oq_calculation_mode_has(const struct oq_calculation *c, const char *word);
/* The period of the day that occupants are counted for. */
const char *oq_param_time_event(const struct oq_calculation *c);

/* Add a copy of a name.  0 or -ENOMEM. */
int oq_names_add(struct oq_names *l, const char *s, size_t n);
void oq_names_free(struct oq_names *l);

#endif
