/* SPDX-License-Identifier: MIT */
/* views.h - the table of views: the files that an object is shown as
 *
 * One row a view.  Both processes read it: the front for names, listings and
 * `-o views=`; the reader for the functions of the view (lib/view/view.h).  A
 * new view is a row here and a file in lib/view that defines 'oq_view_NAME'.
 *
 *	ID, NAME   OQ_VIEW_ID and oq_view_NAME
 *	word       what -o views= calls it; NULL: it cannot be asked for
 *	suffix     of its file names; "" is the bare name
 *	listed     when a directory shows it, see enum oq_view_listed
 *	flags      see enum oq_view_flag
 *	probe      --check reads the lowest one that an object has; 0: never
 *
 * Constant data and pure functions: any thread.
 */
#ifndef OQ_VIEWS_H
#define OQ_VIEWS_H

#include <stdbool.h>
#include <stdint.h>

/* clang-format off */
#define OQ_VIEWS(ROW)                                                        \
	/* ID    NAME    word    suffix        listed  flags         probe */ \
	ROW(BIN,  bin,    "bin",  ".bin",       USUAL,  SLICES,       1)      \
	ROW(CSV,  csv,    "csv",  ".csv",       USUAL,                        \
	    SLICES | OQ_HAS_HEADING | OQ_HAS_VALUES | OQ_HAS_PARTS,   3)      \
	ROW(NPY,  npy,    "npy",  ".npy",       USUAL,  SLICES,       5)      \
	ROW(PARQUET, parquet, "parquet", ".parquet", NATURAL,                 \
	    SLICES | OQ_HAS_HEADING | OQ_HAS_VALUES,                  0)      \
	ROW(TXT,  txt,    "txt",  ".txt",       ASKED,                        \
	    SLICES | OQ_HAS_HEADING | OQ_HAS_VALUES,                  4)      \
	ROW(META, meta,   "meta", ".meta.json", ASKED,  VALUES,       6)      \
	ROW(PNG,  png,    NULL,   ".png",       ALWAYS, VALUES,       0)      \
	ROW(FILE, stored, NULL,   "",           ALWAYS, VALUES,       2)
/* clang-format on */

enum oq_view_kind {
#define OQ_VIEW_ROW(ID, ...) OQ_VIEW_##ID,
	OQ_VIEWS(OQ_VIEW_ROW)
#undef OQ_VIEW_ROW
		OQ_NVIEWS,
};

_Static_assert(OQ_NVIEWS < 31, "a set of views is 32 bits");

enum oq_view_listed {
	OQ_LIST_USUAL,	 /* of every object that has it; -o views= chooses */
	OQ_LIST_ASKED,	 /* only where -o views= names it */
	OQ_LIST_NATURAL, /* of every object whose form it suits, unless -o
			    views= is given: then where that names it */
	OQ_LIST_ALWAYS,	 /* of every object whose own form it is */
};

enum oq_view_flag {
	OQ_HAS_SLICES = 1,  /* "[...]" may stand before the suffix */
	OQ_HAS_HEADING = 2, /* a table: the link's name heads it, and it
			       borrows the labels of the object */
	OQ_HAS_VALUES = 4,  /* its size depends on what the elements are */
	OQ_HAS_PARTS = 8,   /* a directory of parts where it is large */
};

struct oq_view_desc {
	const char *word;
	const char *suffix;
	enum oq_view_listed listed;
	unsigned flags;
	unsigned probe;
};

extern const struct oq_view_desc oq_views[OQ_NVIEWS];

/* Sets of views have a bit, 1 << view, for each. */
uint32_t oq_views_listed(enum oq_view_listed when);
uint32_t oq_views_with(enum oq_view_flag flag);

static inline bool oq_view_has(enum oq_view_kind v, enum oq_view_flag flag)
{
	return oq_views[v].flags & flag;
}

#endif
