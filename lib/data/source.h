/* SPDX-License-Identifier: MIT */
/* source.h - where the elements of a view come from
 *
 * A source is a run of elements that can be read anywhere by any thread: a
 * dataset or a selection of one, the joined columns of a data frame, some
 * fields of another source.  Views know nothing else of their data.
 *
 *	view (bin npy csv txt png)
 *	  |  elements [first, first + n)
 *	source --- contiguous: pread
 *	       `-- chunked: chunks.h (pread, own decoding, cache)
 *	       `-- anything else: libhdf5, in an errand
 */
#ifndef OQ_SOURCE_H
#define OQ_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/array/slab.h"
#include "lib/base/err.h"
#include "lib/data/env.h"
#include "lib/type/dtype.h"

/* Set by the constructor, constant from then on but for the hint. */
struct oq_source {
	const struct oq_dtype *type; /* of one element */
	uint64_t nelems;
	/* Where in the file the elements begin, if they are the file's own
	 * bytes one after the other; else OQ_NO_ADDR. */
	uint64_t file_off;
	size_t block_bytes; /* the cheapest length of a read; a hint, > 0 */
	bool has_pointers;  /* a read must be released */
	/* A hint, set by who opened it: each element is read once, as a rule,
	 * as whoever reads a file from front to back does, for the kernel keeps
	 * what was read. */
	bool is_read_once;

	int (*read)(struct oq_source *s, uint64_t first, size_t n, void *out,
		    struct oq_err *err);
	void (*release)(struct oq_source *s, void *elems, size_t n);
	void (*ahead)(struct oq_source *s, uint64_t first, uint64_t n);
	void (*close)(struct oq_source *s);

	/* The same for one member of a compound, whose values are packed.  All
	 * three are NULL where members are not stored apart, so that read() is
	 * as good. */
	int (*read_member)(struct oq_source *s, size_t member, uint64_t first,
			   size_t n, void *out, struct oq_err *err);
	void (*release_member)(struct oq_source *s, size_t member, void *elems,
			       size_t n);
	void (*ahead_member)(struct oq_source *s, size_t member, uint64_t first,
			     uint64_t n);
};

/* Read elements [first, first + n), which lie within nelems, 'type->size'
 * apart.  Returns 0, -EIO, -EOPNOTSUPP or -ENOMEM with the reason; nothing is
 * then to be released. */
static inline int oq_source_read(struct oq_source *s, uint64_t first, size_t n,
				 void *out, struct oq_err *err)
{
	return n ? s->read(s, first, n, out, err) : 0;
}

/* Free what the elements of a successful read point to. */
static inline void oq_source_release(struct oq_source *s, void *elems, size_t n)
{
	if (s->has_pointers && n)
		s->release(s, elems, n);
}

/* Hint: elements [first, first + n) are likely to be read next; have them
 * fetched.  They may reach past the end. */
static inline void oq_source_ahead(struct oq_source *s, uint64_t first,
				   uint64_t n)
{
	if (s->ahead && first < s->nelems)
		s->ahead(s, first,
			 n < s->nelems - first ? n : s->nelems - first);
}

/* Any thread but the main one; accepts NULL. */
static inline void oq_source_close(struct oq_source *s)
{
	if (s)
		s->close(s);
}

/* Main thread: a source of what 'sel' chooses of a dataset; NULL: all of it.
 * Takes over 'd' on success. */
int oq_source_open(const struct oq_env *env, struct oq_h5_dset *d,
		   const struct oq_sel *sel, struct oq_source **out,
		   struct oq_err *err);

#endif
