/* SPDX-License-Identifier: MIT */
/* h5.h - what we need of HDF5, said without HDF5's types
 *
 * An object is named by its address in the file, which is stable for as long
 * as the file is the same file, is the same for all hard links to it, and
 * needs no state: a new reader understands the old one's addresses.
 *
 * libhdf5 is not thread-safe: every function here is for the main thread of a
 * reader only. What they fill in is plain data that any thread may read.
 *
 * Errors: -EIO the file is damaged, with HDF5's own reason; -EOPNOTSUPP a
 * thing that is never shown (external storage, foreign virtual sources,
 * references of the 1.12 kind, classes this HDF5 does not know), or that
 * needs a newer HDF5, with the words saying so; -ENOENT no such attribute;
 * -ENOMEM.
 */
#ifndef OQ_H5_H
#define OQ_H5_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/superblock.h"
#include "lib/codec/filter.h"
#include "lib/type/dtype.h"

/* A chunk that declares more is refused: it is decoded whole. */
#define OQ_MAX_CHUNK_BYTES ((size_t)1 << 30)

struct oq_h5; /* one open datastore */

/* Set libhdf5 up: no error printing, no plugins.  Done by the first
 * oq_h5_open() otherwise. */
int oq_h5_set_up(struct oq_err *err);

/* Open the datastore behind descriptor 'fd', which stays the caller's and
 * must outlive the handle, through the private file driver: pread only, no
 * path, no lock, an error past the real end of file. With H5F_ACC_SWMR_READ
 * where the superblock says that a SWMR writer has (or had) it open.  Sets
 * HDF5 up (no error printing, no plugins) on first use. */
int oq_h5_open(int fd, struct oq_h5 **out, struct oq_err *err);
/* From now on add the bytes that libhdf5 reads to '*nread', as they are read.
 */
void oq_h5_count_reads(struct oq_h5 *h, atomic_uint_fast64_t *nread);
void oq_h5_close(struct oq_h5 *h);

/* Tell the file's absolute path, which is copied; NULL: not known.  It is
 * needed for virtual datasets that name their own file as a source.  0 or
 * -ENOMEM. */
int oq_h5_set_name(struct oq_h5 *h, const char *path, struct oq_err *err);

/* Virtual datasets may take data from the files behind 'fds', which they call
 * by the names in 'names', each with its NUL.  Once; before anything is opened
 * that may be such.  The descriptors are taken over on success.  0, -EPROTO
 * where there is not a name for each, or -ENOMEM. */
int oq_h5_set_sources(struct oq_h5 *h, const int *fds, size_t n,
		      const char *names, size_t len);

/* Whether a SWMR writer had the file open when it was opened here. */
bool oq_h5_is_swmr(const struct oq_h5 *h);

/* Whether the file's length differed from what its superblock says when it was
 * opened here: the file is cut short, or a writer is in the middle of its
 * changes.  A SWMR writer does not keep that number up to date. */
bool oq_h5_is_unsettled(const struct oq_h5 *h);

/* Whether reads of the file took as long as over a network when it was opened
 * here. */
bool oq_h5_is_far(const struct oq_h5 *h);

/* Have a far file's metadata read by 's' (h5blocks.h), which is copied; what it
 * holds must outlive the handle. */
struct oq_h5_spread;
void oq_h5_spread(struct oq_h5 *h, const struct oq_h5_spread *s);

/* Read 'n' bytes of the file itself at 'off', through the same blocks as
 * libhdf5's metadata.  False where not all of them are there or can be read. */
bool oq_h5_fetch(struct oq_h5 *h, void *out, size_t n, uint64_t off);

/* Address of the root group. */
uint64_t oq_h5_root(const struct oq_h5 *h);

/* Of which field a file is, as its root says.  Looked for once: a file that
 * changes has another handle. */
enum oq_h5_mark { OQ_MARK_NEXUS, OQ_MARK_HDFEOS, OQ_NMARKS };
bool oq_h5_has_mark(struct oq_h5 *h, enum oq_h5_mark m);

/* As oq_superblock_find(), with the file's size filled in.  Returns 0, -EIO
 * where there is no superblock, or -errno. */
int oq_h5_superblock(int fd, struct oq_superblock *sb);

/* ---- links ---- */

enum oq_link { OQ_LINK_HARD, OQ_LINK_SOFT, OQ_LINK_EXTERNAL, OQ_LINK_USER };
enum oq_kind {
	OQ_KIND_NONE, /* the link leads nowhere, or may not be followed */
	OQ_KIND_GROUP,
	OQ_KIND_DATASET,
	OQ_KIND_DATATYPE,
	OQ_KIND_BROKEN, /* an object whose kind cannot be read */
};

struct oq_h5_link {
	const char *name;
	size_t name_len;
	enum oq_link link;
	enum oq_kind kind; /* of the object that a hard or soft link leads to */
	uint64_t addr;	   /* of that object; OQ_NO_ADDR: not known */
	const char *target; /* soft: the path; external: the path there */
	const char *file;   /* external: the file's name */
	bool has_corder;
	int64_t corder; /* creation order */
};

/* Call 'each' for every link of a group in name order; strings are valid
 * during the call only. Soft links are followed within the file to tell kind
 * and addr; external and user-defined ones never. One bad link is reported
 * as OQ_KIND_BROKEN (or skipped where not even its name is known) and does
 * not end the walk; when the walk itself breaks off, what was reported
 * stands and -EIO is returned.  'each' returns 0, or a negative errno that
 * ends the walk and is returned. */
int oq_h5_list(struct oq_h5 *h, uint64_t group,
	       int (*each)(void *ctx, const struct oq_h5_link *l), void *ctx,
	       struct oq_err *err);

/* The same of those links of a group that have one of the 'names', in that
 * order; there need be none.  Each name ends in a NUL.  '*nlinks' is how many
 * links the group has, or OQ_H5_NOT_COUNTED.  Ends with the first that cannot
 * be looked for, as one that would be taken for a path, with -EIO: then any
 * link may be there. */
#define OQ_H5_NOT_COUNTED ((uint64_t)INT64_MAX)
int oq_h5_links_named(struct oq_h5 *h, uint64_t group,
		      const struct oq_buf *names, uint64_t *nlinks,
		      int (*each)(void *ctx, const struct oq_h5_link *l),
		      void *ctx, struct oq_err *err);

/* The object that a hard link of a group leads to, by its name; OQ_NO_ADDR
 * where there is none.  No other kind of link is followed. */
uint64_t oq_h5_find(struct oq_h5 *h, uint64_t group, const char *name);

/* The same of the root, and oq_h5_attr_text() of the root, for what is asked
 * for each group of a file: found out once and kept, as is the pointer to
 * 'name'.  The text is owned by 'h'. */
uint64_t oq_h5_root_find(struct oq_h5 *h, const char *name);
const char *oq_h5_root_text(struct oq_h5 *h, const char *name);

/* Kind of an object by its address. */
int oq_h5_kind(struct oq_h5 *h, uint64_t addr, enum oq_kind *kind,
	       struct oq_err *err);

/* The first path of an object in a depth-first walk by name from the root:
 * "/a/b". Found by a walk that is made once and kept (bounded: 1,000,000
 * objects). Returns a string owned by 'h' (valid until close), or NULL where
 * it has none. */
const char *oq_h5_path(struct oq_h5 *h, uint64_t addr);

/* The text of a reference element (struct oq_refs.put in value.h). */
void oq_h5_put_ref(struct oq_h5 *h, const struct oq_dtype *t, const void *elem,
		   struct oq_buf *out);

/* ---- datasets ---- */

enum oq_layout { OQ_COMPACT, OQ_CONTIGUOUS, OQ_CHUNKED, OQ_VIRTUAL };
enum oq_space { OQ_SCALAR, OQ_SIMPLE, OQ_NULLSPACE };

#define OQ_MAX_FILTERS OQ_FILTER_MAX
#define OQ_UNLIMITED   UINT64_MAX

struct oq_filter_info {
	int id; /* H5Z_filter_t: 1 deflate, 2 shuffle, ... */
	unsigned flags;
	char name[64];
	size_t nparams; /* as stored; at most 64 are kept */
	uint32_t params[64];
};

/* Everything about a dataset that is not its data.  Owned by the handle. */
struct oq_dataset {
	uint64_t addr;
	struct oq_dtype *type;
	enum oq_space space;
	unsigned rank;
	uint64_t dims[OQ_MAX_RANK];
	uint64_t maxdims[OQ_MAX_RANK]; /* OQ_UNLIMITED */
	uint64_t nelems;	       /* product of dims; 1 scalar, 0 null */
	uint64_t nbytes; /* nelems * type->size; checked to fit an off_t */
	enum oq_layout layout;
	uint64_t chunk[OQ_MAX_RANK]; /* OQ_CHUNKED */
	size_t nfilters;
	struct oq_filter_info *filters; /* owned */
	/* OQ_CONTIGUOUS: first byte, from the start of the file; OQ_NO_ADDR:
	 * not allocated. With pointers or references inside, the bytes there
	 * are not those of the memory form. */
	uint64_t file_off;
	/* A fill value was set by the user; of a contiguous dataset it is only
	 * known after oq_h5_dset_fill(). */
	bool has_fill;
	bool has_attrs; /* true also where that cannot be told */
	/* Owned: the fill value, an element in the memory form of 'type'.
	 * NULL: zeros, or the type has pointers. */
	void *fill;

	/* See oq_h5_dset_skip_pointers(). */
	bool skips_pointers;
	/* Elements are to be read as they are in the file, even if 'type'
	 * describes what they mean (timeval.h). */
	bool as_stored;

	/* Why reading the data will fail: 0; -EOPNOTSUPP (external storage,
	 * foreign virtual source, ...); -EIO (a filter that is not available;
	 * 'why' names it).  Look here before 'dims': without its sources a
	 * virtual dataset may seem to be empty. */
	int refused;
	struct oq_err why;
};

/* A dataset's filters as what oq_pipeline_undo() takes. */
void oq_h5_pipeline(const struct oq_dataset *i, struct oq_pipeline *p);

struct oq_h5_dset; /* an open dataset */

/* -EOVERFLOW where the data would be larger than a file can be. */
int oq_h5_dset_open(struct oq_h5 *h, uint64_t addr, struct oq_h5_dset **out,
		    struct oq_err *err);
void oq_h5_dset_close(struct oq_h5_dset *d);
const struct oq_dataset *oq_h5_dset_info(const struct oq_h5_dset *d);
/* Fill in 'has_fill' and 'fill' of a contiguous dataset. */
int oq_h5_dset_fill(struct oq_h5_dset *d, struct oq_err *err);
/* Bytes allocated for the dataset in the file.  Of a chunked dataset all chunks
 * are visited. */
uint64_t oq_h5_dset_storage(struct oq_h5_dset *d);

/* Read the box with indices start[i] + k * step[i], 0 <= k < count[i], on axis
 * i (rank 0: the one element; the arrays are not looked at) into 'out',
 * row-major and packed.  step > 0, and the box lies within dims.  PyTables'
 * times are left as they are in the file (timeval.h).  If the type has
 * pointers, a successful read must be followed by oq_h5_reclaim(); after a
 * failure nothing is owed. */
int oq_h5_read(struct oq_h5_dset *d, const uint64_t *start,
	       const uint64_t *step, const uint64_t *count, void *out,
	       struct oq_err *err);

/* From now on leave out members with pointers: they are NULL or zero in the
 * elements, libhdf5 does not read what they lead to, and there is nothing to
 * reclaim. */
int oq_h5_dset_skip_pointers(struct oq_h5_dset *d, struct oq_err *err);

/* Describe its elements as 't', whose bytes are the same and which is taken
 * over. */
void oq_h5_dset_show_as(struct oq_h5_dset *d, struct oq_dtype *t);

/* Set 'as_stored' of the dataset's description. */
void oq_h5_dset_as_stored(struct oq_h5_dset *d);

/* Append the names of the files, but for its own, that a virtual dataset takes
 * data from, each once and with a NUL.  Nothing where it is none such, where
 * they are more than 'most', or where one is a pattern of names. */
void oq_h5_foreign_files(struct oq_h5_dset *d, size_t most, struct oq_buf *out);

/* Free what the elements of a read point to. */
void oq_h5_reclaim(struct oq_h5_dset *d, void *elems, uint64_t nelems);

/* One allocated chunk.  The numbers are the file's own and not checked. */
struct oq_h5_chunk {
	const uint64_t *offset; /* of its first element, one for each axis */
	/* Bit i: filter i was skipped when it was written.  All ones where the
	 * dataset leaves chunks across its border unfiltered. */
	uint32_t filter_mask;
	uint64_t file_off; /* from the start of the file */
	uint64_t nbytes;   /* as stored */
};

/* Call 'each' for every allocated chunk, in no order.  'each' returns 0, or a
 * negative errno that ends the walk and is returned.  -EOPNOTSUPP where HDF5
 * itself gets the places wrong: such chunks must be read by oq_h5_read(). */
int oq_h5_chunks(struct oq_h5_dset *d,
		 int (*each)(void *ctx, const struct oq_h5_chunk *c), void *ctx,
		 struct oq_err *err);

/* ---- committed datatypes ---- */

int oq_h5_datatype(struct oq_h5 *h, uint64_t addr, struct oq_dtype **out,
		   struct oq_err *err);

/* ---- attributes ---- */

struct oq_attr {
	char *name; /* owned */
	struct oq_dtype *type;
	enum oq_space space;
	unsigned rank;
	uint64_t dims[OQ_MAX_RANK];
	uint64_t nelems;
	void *data; /* nelems * type->size bytes in the memory form of 'type' */
};

/* Call 'each' with every attribute's name (valid during the call only), in
 * name order. */
int oq_h5_attr_names(struct oq_h5 *h, uint64_t addr,
		     int (*each)(void *ctx, const char *name), void *ctx,
		     struct oq_err *err);
/* Read an attribute; the result is the caller's.  Returns 0; -ENOENT (no such
 * attribute); -EOPNOTSUPP or -EIO with the reason; -EOVERFLOW for a value of
 * more than 64 MiB. */
int oq_h5_attr_read(struct oq_h5 *h, uint64_t addr, const char *name,
		    struct oq_attr **out, struct oq_err *err);
/* Free it and what its variable-length parts point to. */
void oq_h5_attr_free(struct oq_attr *a);
/* The text of an attribute that is a single string, for the caller to free().
 * NULL where it is absent, something else, or cannot be read. */
char *oq_h5_attr_text(struct oq_h5 *h, uint64_t addr, const char *name);
bool oq_h5_attr_exists(struct oq_h5 *h, uint64_t addr, const char *name);
/* The index of the first of 'n' names for which the object has an attribute;
 * 'n' where it has none of them. */
size_t oq_h5_attr_first(struct oq_h5 *h, uint64_t addr,
			const char *const *names, size_t n);

/* Append the object's comment, if it has one. */
void oq_h5_put_comment(struct oq_h5 *h, uint64_t addr, struct oq_buf *out);

#endif
