/* SPDX-License-Identifier: MIT */
/* h5int.h - what the h5*.c files share, and their only way to hdf5.h
 *
 * An id that a function owns is declared OQ_HID, which drops it on every way
 * out: H5Idec_ref() closes an id of any kind.
 */
#ifndef OQ_H5INT_H
#define OQ_H5INT_H

#include <hdf5.h>

#include <H5FDdevelop.h>
#include <stdatomic.h>

#include "lib/base/map.h"
#include "lib/hdf5/h5.h"

/* The most bytes that the variable-length elements of one read may take. */
#define OQ_H5_MAX_PARTS ((uint64_t)1 << 30)

struct oq_h5_paths;
struct oq_h5_hidden;
struct oq_h5_blocks;

/* The memory that libhdf5 asked for on behalf of one read's variable-length
 * elements, so that it can be given back when the read fails half way. */
struct oq_h5_parts {
	void **v;
	size_t n, room;
	uint64_t bytes;
};

/* What the root was asked, and answered. */
struct oq_h5_fact {
	struct oq_h5_fact *next;
	const char *name;
	bool is_text; /* of an attribute; else where a link leads */
	char *text;   /* owned */
	uint64_t addr;
};

/* A file that virtual datasets may take data from. */
struct oq_h5_source {
	char *name; /* owned: as they call it */
	int fd;	    /* owned */
	uint64_t stored_eof;
};

struct oq_h5 {
	int fd;	      /* the caller's */
	bool opening; /* the file is being opened: the driver opens nothing
			 else later, except this file by its own name */
	char *name;   /* owned: the file's path; NULL: not known */
	atomic_uint_fast64_t *nread; /* NULL, or bytes that were read so far */
	struct oq_superblock sb;
	hid_t driver, fapl, lapl, dxpl, file;
	struct oq_h5_blocks *blocks; /* NULL: a writer is at work */
	bool is_far;
	uint64_t root;
	bool is_pytables; /* the root says that PyTables wrote the file */
	struct oq_h5_parts parts;
	struct oq_h5_fact *facts;	 /* owned: the root's, so far */
	struct oq_h5_paths *paths;	 /* NULL until first needed */
	struct oq_h5_hidden *hidden;	 /* NULL until first needed */
	struct oq_h5 *masked;		 /* owned: opened with 'hidden' as its
					    mask; NULL until first needed */
	const struct oq_h5_hidden *mask; /* of this handle; NULL: none */
	size_t nsources;
	struct oq_h5_source *sources; /* owned */
	struct oq_map whole;	      /* chunks that are, by address */
	struct {
		bool known, has;
	} marks[OQ_NMARKS];
};

struct oq_h5_dset {
	struct oq_h5 *h;
	hid_t id, space;
	hid_t type;	  /* in memory; -1: nothing is left to be read */
	bool plain_edges; /* chunks across the border are stored unfiltered */
	struct oq_dataset info;
};

/* The extent of a dataset or an attribute. */
struct oq_h5_shape {
	enum oq_space space;
	unsigned rank;
	uint64_t dims[OQ_MAX_RANK], maxdims[OQ_MAX_RANK];
	uint64_t nelems;
};

void oq_h5_drop(const hid_t *id);
#define OQ_HID __attribute__((cleanup(oq_h5_drop)))

/* Turn HDF5's error stack into one line, "what: H5Dread: reason" ('what' may
 * be NULL), clear it, and return -EIO, or -EOPNOTSUPP where the reason is that
 * a newer HDF5 wrote the thing. */
int oq_h5_fail(struct oq_err *err, const char *what);

/* Clear HDF5's error stack, after a failure that was expected. */
void oq_h5_forget(void);

/* As pread(), for at least one byte; may return fewer than 'n'.  Small reads
 * come out of a block if there is one; others, and those past the end of the
 * blocks, go to the file itself. */
ssize_t oq_h5_read_some(struct oq_h5 *h, void *to, size_t n, uint64_t off);

/* Whether 'name' is this file's own: its path, or that relative to its
 * directory. */
bool oq_h5_is_own(const struct oq_h5 *h, const char *name);

/* The source that has this name, as virtual datasets call it or as libhdf5
 * looks for it; NULL: none. */
const struct oq_h5_source *oq_h5_source_of(const struct oq_h5 *h,
					   const char *name);
void oq_h5_sources_free(struct oq_h5 *h);

/* Register the private driver and put it into 'h->fapl'. */
int oq_h5_use_driver(struct oq_h5 *h, struct oq_err *err);

/* The name by which the driver opens the file. */
extern const char oq_h5_magic_name[];

/* Register with libhdf5 the filters that it has not and we have; idempotent. */
int oq_h5_add_filters(struct oq_err *err);

/* Open an object of any kind; a negative id leaves HDF5's error stack. */
hid_t oq_h5_object(const struct oq_h5 *h, uint64_t addr);

/* The address in a token, or OQ_NO_ADDR. */
uint64_t oq_h5_addr(const struct oq_h5 *h, H5O_token_t token);

/* oq_h5_list() with a choice: 'soft' false leaves soft links unfollowed. */
int oq_h5_links(struct oq_h5 *h, uint64_t group, bool soft,
		int (*each)(void *ctx, const struct oq_h5_link *l), void *ctx,
		struct oq_err *err);

enum oq_kind oq_h5_kind_of(H5O_type_t type);

/* Describe a datatype as it is in memory. */
int oq_h5_type(const struct oq_h5 *h, hid_t type, struct oq_dtype **out,
	       struct oq_err *err);

/* Read an extent.  -EIO, or -EOVERFLOW where the elements cannot be
 * counted. */
int oq_h5_shape(hid_t space, struct oq_h5_shape *s, struct oq_err *err);

/* Check that no data of a virtual dataset come from another file, from external
 * storage, or through other virtual datasets from itself; but for files that
 * were given (oq_h5_set_sources()), whose datasets must be there and have data
 * of their own.  Returns 0,
 * -EOPNOTSUPP, or -EIO for a cycle, whose extent must not be asked for either.
 */
int oq_h5_check_virtual(struct oq_h5 *h, uint64_t addr, hid_t dcpl,
			struct oq_err *err);

/* Check that each chunk that is read for 'selected' of a dataset (a dataspace;
 * -1: all of it) decodes to a whole chunk; 'dcpl' are its creation properties.
 * True also where that cannot be told: not chunked, filters that only libhdf5
 * has, pointers within.  Returns 0, -EIO or -ENOMEM. */
int oq_h5_check_whole(struct oq_h5 *h, hid_t id, hid_t dcpl, hid_t selected,
		      struct oq_err *err);

/* The same of what a virtual dataset, through others too, takes its data from,
 * and of any other dataset. */
int oq_h5_check_selected(struct oq_h5 *h, hid_t id, hid_t selected,
			 struct oq_err *err);

/* Free what elements in memory point to. */
void oq_h5_free_parts(const struct oq_dtype *t, void *elems, uint64_t nelems);

/* For H5Pset_vlen_mem_manager(); 'ctx' is a struct oq_h5_parts. */
void *oq_h5_part_alloc(size_t size, void *ctx);
void oq_h5_part_free(void *p, void *ctx);

void oq_h5_paths_free(struct oq_h5_paths *p);

/* Another handle of the same datastore, which does not have those attributes of
 * an object whose datatypes only a newer HDF5 knows.  Owned by 'h' and valid
 * until the next call.  NULL where the object's header has no such attribute,
 * where a writer is at work, or on failure. */
struct oq_h5 *oq_h5_without_new(struct oq_h5 *h, uint64_t addr);

/* Whether an attribute of an object was hidden in this way. */
bool oq_h5_is_hidden(const struct oq_h5 *h, uint64_t addr, const char *name);
/* The next name of a hidden attribute of an object; NULL at the end.  '*at' is
 * 0 before the first call. */
const char *oq_h5_hidden_name(const struct oq_h5 *h, uint64_t addr, size_t *at);

/* Apply the patches to 'len' bytes that were read at 'off' of the file. */
void oq_h5_apply_hidden(const struct oq_h5_hidden *g, uint64_t off, size_t len,
			uint8_t *buf);
void oq_h5_hidden_free(struct oq_h5_hidden *g);

/* As oq_h5_open(); 'mask' (or NULL) must outlive the handle. */
int oq_h5_open_hiding(int fd, const struct oq_h5_hidden *mask,
		      struct oq_h5 **out, struct oq_err *err);

#endif
