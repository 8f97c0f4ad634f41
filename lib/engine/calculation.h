/* SPDX-License-Identifier: MIT */
/* calculation.h - a calculation as its exporters see it
 *
 * Its datastore with its parent's behind it, its version, its parameters and
 * what they come to: realizations, statistics, intensities and their levels,
 * loss types.  Main thread, all of it; what an export needs while it is
 * rendered is copied out of here when it is opened.
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
/* From the first that wrote files as the later ones of our samples do, to the
 * next such step. */
#define OQ_VERSION_FIRST	 OQ_VERSION(3, 12)
#define OQ_VERSION_MIDDLE	 OQ_VERSION(3, 13)
/* Since when, at the latest, risk_by_event is sorted by loss. */
#define OQ_VERSION_BY_LOSS	 OQ_VERSION(3, 21)
#define OQ_VERSION_NEW		 OQ_VERSION(3, 22)
#define OQ_VERSION_LAST		 4294967295U

struct oq_names {
	size_t n;
	char **name; /* owned */
};

struct oq_calculation {
	const struct oq_env *own;
	/* The one that it was made from, and the one that this was. */
	const struct oq_env *parents[OQ_MAX_PARENTS];
	size_t nparents;
	char *absent;	     /* why the next of them is not there; or NULL */
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

/* Where something is. */
struct oq_place {
	const struct oq_env *env;
	uint64_t addr;
};

/* Returns 0; -ENOENT where it is no calculation of a version whose exports are
 * known; -EIO; -ENOMEM.  What 'spec' says must stay. */
int oq_calculation_open(const struct oq_exports_spec *spec,
			struct oq_calculation **out, struct oq_err *err);
void oq_calculation_close(struct oq_calculation *c);

/* An object by its path, "a/b": in its own datastore only, or there and then
 * in the parent's. */
bool oq_calculation_has(const struct oq_calculation *c, const char *path);
bool oq_calculation_find(const struct oq_calculation *c, const char *path,
			 struct oq_place *at);
/* The same in one datastore. */
bool oq_place_find(const struct oq_env *env, const char *path,
		   struct oq_place *at);

/* A dataset, or a field of it; an attribute.  -ENOENT, with what is missing
 * and from whom, where there is none. */
int oq_calculation_values(const struct oq_calculation *c, const char *path,
			  const char *field, struct oq_values *out,
			  struct oq_err *err);
int oq_calculation_attr(const struct oq_calculation *c, const char *path,
			const char *name, struct oq_values *out,
			struct oq_err *err);
int oq_calculation_absent(const struct oq_calculation *c, const char *path,
			  struct oq_err *err);
/* The attribute `json` of a dataset, to be put; NULL where it has none. */
struct json_object *oq_calculation_json(const struct oq_calculation *c,
					const char *path);

/* JSON text, to be put; NULL where it is none, or out of all proportion when
 * parsed. */
struct json_object *oq_param_parse(const char *text);
/* A parameter, the calculation's; NULL where it is absent or null. */
struct json_object *oq_param(const struct oq_calculation *c, const char *name);
/* Whether it is set: neither absent, null, false, 0, "" nor empty. */
bool oq_param_is_set(const struct oq_calculation *c, const char *name);
double oq_param_f64(const struct oq_calculation *c, const char *name,
		    double otherwise);
bool oq_param_has_input(const struct oq_calculation *c, const char *input);
bool oq_calculation_mode_has(const struct oq_calculation *c, const char *word);
/* The period of the day that occupants are counted for. */
const char *oq_param_time_event(const struct oq_calculation *c);

/* Add a name; a copy. */
int oq_names_add(struct oq_names *l, const char *s, size_t n);
void oq_names_free(struct oq_names *l);

#endif
