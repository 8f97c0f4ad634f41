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

/* Set libhdf5 up (no error printing, no plugins), as the first open does
 * otherwise. */
int oq_h5_set_up(struct oq_err *err);

/* Open the datastore behind descriptor 'fd', which stays the caller's and
 * must outlive the handle, through the private file driver: pread only, no
 * path, no lock, an error past the real end of file. With H5F_ACC_SWMR_READ
 * where the superblock says that a SWMR writer has (or had) it open.  Sets
 * HDF5 up (no error printing, no plugins) on first use. */
int oq_h5_open(int fd, struct oq_h5 **out, struct oq_err *err);
/* Add up there what libhdf5 reads from now on, also within one call. */
void oq_h5_count_reads(struct oq_h5 *h, atomic_uint_fast64_t *nread);
void oq_h5_close(struct oq_h5 *h);

/* The file's absolute path, which is copied; NULL: not known.  Virtual datasets
 * may have their own file as a source by its name. */
int oq_h5_set_name(struct oq_h5 *h, const char *path, struct oq_err *err);

/* Whether a SWMR writer had it open when it was opened here. */
bool oq_h5_is_swmr(const struct oq_h5 *h);

/* Whether the file ended elsewhere than its superblock says when it was opened
 * here: it is cut short, or a writer had not yet written all that belongs
 * together.  One with SWMR leaves the superblock behind. */
bool oq_h5_is_unsettled(const struct oq_h5 *h);

/* Whether each read of it takes as long as one over a network, as far as was
 * seen when it was opened here. */
bool oq_h5_is_far(const struct oq_h5 *h);

/* Read 'n' bytes of the file itself at 'off', as metadata are; false where they
 * are not all there or cannot be read. */
bool oq_h5_fetch(struct oq_h5 *h, void *out, size_t n, uint64_t off);

/* Address of the root group. */
uint64_t oq_h5_root(const struct oq_h5 *h);

/* oq_superblock_find(), and the file's size.  0; -EIO where there is no
 * superblock, or -errno. */
int oq_h5_superblock(int fd, struct oq_superblock *sb);

/* ---- links ---- */

enum oq_link { OQ_LINK_HARD, OQ_LINK_SOFT, OQ_LINK_EXTERNAL, OQ_LINK_USER };
enum oq_kind {
	OQ_KIND_NONE, /* the link leads nowhere, or may not be followed */
	OQ_KIND_GROUP,
	OQ_KIND_DATASET,
	OQ_KIND_DATATYPE,
	OQ_KIND_BROKEN, /* an object that cannot be told what it is */
};

struct oq_h5_link {
	const char *name;
	size_t name_len;
	enum oq_link link;
	enum oq_kind kind;  /* of what a hard or soft link ends at */
	uint64_t addr;	    /* of that object; OQ_NO_ADDR: not known */
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

/* The object that a hard link of a group leads to, by its name; OQ_NO_ADDR
 * where there is none.  No other kind of link is followed. */
uint64_t oq_h5_find(struct oq_h5 *h, uint64_t group, const char *name);

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
	bool has_attrs; /* or it cannot be told */
	/* Owned: one element in the memory form of 'type', which is what was
	 * never written reads as; NULL: zeros, or the type has pointers. */
	void *fill;

	/* What has pointers is left out of what is read. */
	bool skips_pointers;
	/* Whoever reads elements is to leave them as they are in the file,
	 * even if 'type' is of what they mean (timeval.h). */
	bool as_stored;

	/* Why reading the data will fail: 0, -EOPNOTSUPP (external storage,
	 * foreign virtual source, ...), -EIO (a filter that is not
	 * available; names it). Ask before 'dims': without its sources a
	 * virtual dataset may seem to be empty. */
	int refused;
	struct oq_err why;
};

/* A dataset's filters, for undoing them. */
void oq_h5_pipeline(const struct oq_dataset *i, struct oq_pipeline *p);

struct oq_h5_dset; /* an open dataset */

/* -EOVERFLOW where the data would be larger than a file can be. */
int oq_h5_dset_open(struct oq_h5 *h, uint64_t addr, struct oq_h5_dset **out,
		    struct oq_err *err);
void oq_h5_dset_close(struct oq_h5_dset *d);
const struct oq_dataset *oq_h5_dset_info(const struct oq_h5_dset *d);
/* Fill in 'has_fill' and 'fill' of one that is contiguous. */
int oq_h5_dset_fill(struct oq_h5_dset *d, struct oq_err *err);
/* Bytes allocated for it in the file; of a chunked one all chunks are visited
 * to tell. */
uint64_t oq_h5_dset_storage(struct oq_h5_dset *d);

/* Read the box start[i] + k * step[i], k in [0, count[i]), of the dataset's
 * rank (rank 0: one element; the arrays are not looked at), row-major,
 * packed, 'type->size' apart, into 'out', times of PyTables as they are in
 * the file (timeval.h). step > 0; the box was checked to
 * lie within dims. With pointers inside, oq_h5_reclaim() must follow a
 * success; after a failure nothing is owed. */
int oq_h5_read(struct oq_h5_dset *d, const uint64_t *start,
	       const uint64_t *step, const uint64_t *count, void *out,
	       struct oq_err *err);

/* From now on read what has no pointers only: members that have are NULL, or
 * zero, in the elements, libhdf5 does not follow them in the file, and there
 * is nothing to reclaim. */
int oq_h5_dset_skip_pointers(struct oq_h5_dset *d, struct oq_err *err);

/* Have 'as_stored' from now on. */
void oq_h5_dset_as_stored(struct oq_h5_dset *d);

/* Free what the elements of a read point to. */
void oq_h5_reclaim(struct oq_h5_dset *d, void *elems, uint64_t nelems);

/* Call 'each' for every allocated chunk: offset of its first element in the
 * dataset (rank of them), mask of filters skipped when it was written (all
 * ones where the dataset leaves chunks across its border unfiltered), its
 * place from the start of the file and its stored bytes.  In no order.
 * Numbers are as the file says: not checked.  -EOPNOTSUPP where HDF5 itself
 * gets the places wrong: such chunks are only to be had through
 * oq_h5_read(). */
struct oq_h5_chunk {
	const uint64_t *offset;
	uint32_t filter_mask;
	uint64_t file_off;
	uint64_t nbytes;
};
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
/* Read one. -ENOENT no such attribute; -EOPNOTSUPP / -EIO with the reason;
 * values of more than 64 MiB are refused with -EOVERFLOW. */
int oq_h5_attr_read(struct oq_h5 *h, uint64_t addr, const char *name,
		    struct oq_attr **out, struct oq_err *err);
/* Frees what vlen parts point to as well. */
void oq_h5_attr_free(struct oq_attr *a);
/* The text of one that is a single string, for free(); NULL where it is no such
 * thing or cannot be read. */
char *oq_h5_attr_text(struct oq_h5 *h, uint64_t addr, const char *name);
bool oq_h5_attr_exists(struct oq_h5 *h, uint64_t addr, const char *name);
/* The number of the first of 'n' names that an object has an attribute of; 'n'
 * where it has none of them. */
size_t oq_h5_attr_first(struct oq_h5 *h, uint64_t addr,
			const char *const *names, size_t n);

/* The comment of an object, or nothing. */
void oq_h5_put_comment(struct oq_h5 *h, uint64_t addr, struct oq_buf *out);

#endif
