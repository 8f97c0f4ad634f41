/* SPDX-License-Identifier: MIT */
/* h5file.c - open and close a datastore */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/preadn.h"
#include "lib/base/size.h"
#include "lib/hdf5/h5blocks.h"
#include "lib/hdf5/h5int.h"

/* libhdf5's cache of the chunks that it decodes, one for each open dataset.  It
 * holds one chunk of nearly any dataset, so that a chunk which is read in
 * pieces is decoded once.  The last argument of H5Pset_cache() is 1: chunks
 * that were read to their end go first. */
#define CHUNK_CACHE_BYTES    ((size_t)16 << 20)
#define CHUNK_CACHE_SLOTS    2003

#define METADATA_CACHE_BYTES ((size_t)256 << 10)

/* ---- the superblock ---- */

int oq_h5_superblock(int fd, struct oq_superblock *sb)
{
	int r = oq_superblock_find(fd, sb);

	if (r <= 0)
		return r ? r : -EIO;
	sb->size = oq_size_of(fd);
	return 0;
}

/* Whether another driver spread the datastore over several files.  In an old
 * superblock it says so in a block of its own; in a newer one with a message,
 * which libhdf5 hands to fd_sb_decode() in h5fd.c. */
static bool is_spread(int fd, const struct oq_superblock *sb)
{
	uint8_t block[16];

	return sb->driver <= INT64_MAX &&
	       oq_preadn(fd, block, sizeof(block), sb->driver) ==
		       sizeof(block) &&
	       !memcmp(block + 8, "NCSA", 4);
}

/* ---- the library ---- */

/* Sets the library's state and not a handle's, so it may be called again. */
int oq_h5_set_up(struct oq_err *err)
{
	unsigned n;

	/* The environment must not choose drivers or load code. */
	unsetenv("HDF5_DRIVER");
	unsetenv("HDF5_VOL_CONNECTOR");
	unsetenv("HDF5_PLUGIN_PRELOAD");

	/* libhdf5's own clean-up at exit can crash over what a damaged file
	 * left behind. */
	(void)H5dont_atexit();
	if (H5open() < 0 || H5Eset_auto2(H5E_DEFAULT, NULL, NULL) < 0 ||
	    H5PLset_loading_state(0) < 0)
		return oq_h5_fail(err, NULL);
	/* After a failed open, libhdf5 looks in these folders for plug-ins. */
	while (H5PLsize(&n) >= 0 && n > 0)
		if (H5PLremove(n - 1) < 0)
			return oq_h5_fail(err, NULL);
	return oq_h5_add_filters(err);
}

static herr_t refuse_elink(const char *parent_file, const char *parent_group,
			   const char *child_file, const char *child_object,
			   unsigned *flags, hid_t fapl, void *arg)
{
	(void)parent_file;
	(void)parent_group;
	(void)child_file;
	(void)child_object;
	(void)flags;
	(void)fapl;
	(void)arg;
	return -1;
}

/* Start with a small cache of metadata.  A listing comes to each object once,
 * so the cache is of little use there, and its entries take ten times the
 * memory that libhdf5 counts.  Where the cache is of use libhdf5 lets it
 * grow. */
static int shrink_metadata_cache(hid_t fapl)
{
	H5AC_cache_config_t c = { .version = H5AC__CURR_CACHE_CONFIG_VERSION };

	if (H5Pget_mdc_config(fapl, &c) < 0)
		return -1;
	c.set_initial_size = true;
	c.initial_size = METADATA_CACHE_BYTES;
	c.min_size = METADATA_CACHE_BYTES;
	return H5Pset_mdc_config(fapl, &c);
}

static int make_properties(struct oq_h5 *h, struct oq_err *err)
{
	h->fapl = H5Pcreate(H5P_FILE_ACCESS);
	h->lapl = H5Pcreate(H5P_LINK_ACCESS);
	h->dxpl = H5Pcreate(H5P_DATASET_XFER);
	if (h->fapl < 0 || h->lapl < 0 || h->dxpl < 0)
		return oq_h5_fail(err, NULL);
	if (H5Pset_fclose_degree(h->fapl, H5F_CLOSE_STRONG) < 0 ||
	    H5Pset_file_locking(h->fapl, false, true) < 0 ||
	    H5Pset_cache(h->fapl, 0, CHUNK_CACHE_SLOTS, CHUNK_CACHE_BYTES,
			 1.0) < 0 ||
	    shrink_metadata_cache(h->fapl) < 0 ||
	    H5Pset_elink_cb(h->lapl, refuse_elink, NULL) < 0 ||
	    H5Pset_vlen_mem_manager(h->dxpl, oq_h5_part_alloc, &h->parts,
				    oq_h5_part_free, &h->parts) < 0)
		return oq_h5_fail(err, NULL);
#if H5_VERSION_GE(1, 14, 1)
	/* With it, libhdf5 may convert elements in the caller's buffer and,
	 * when that fails, leave them there half converted. */
	if (H5Pset_selection_io(h->dxpl, H5D_SELECTION_IO_MODE_OFF) < 0)
		return oq_h5_fail(err, NULL);
#endif
#if H5_VERSION_GE(1, 14, 4)
	/* A number with few significant bits is unusual, not damaged. */
	if (H5Pset_relax_file_integrity_checks(
		    h->fapl, H5F_RFIC_UNUSUAL_NUM_UNUSED_NUMERIC_BITS) < 0)
		return oq_h5_fail(err, NULL);
#endif
	return 0;
}

bool oq_h5_is_swmr(const struct oq_h5 *h)
{
	return oq_superblock_is_swmr(&h->sb);
}

bool oq_h5_is_unsettled(const struct oq_h5 *h)
{
	return h->sb.stored_eof != h->sb.size;
}

bool oq_h5_is_far(const struct oq_h5 *h)
{
	return h->is_far;
}

static int open_file(struct oq_h5 *h, struct oq_err *err)
{
	unsigned flags = H5F_ACC_RDONLY;
	H5O_info2_t info;

	/* While a SWMR writer is at work the end of the file in the superblock
	 * is stale, and metadata may be half written.  With this flag libhdf5
	 * does not go by the former, and reads the latter again until their
	 * checksums are right. */
	if (oq_h5_is_swmr(h))
		flags |= H5F_ACC_SWMR_READ;
	h->opening = true;
	h->file = H5Fopen(oq_h5_magic_name, flags, h->fapl);
	h->opening = false;
	if (h->file < 0)
		return oq_h5_fail(err, NULL);
	if (H5Oget_info3(h->file, &info, H5O_INFO_BASIC) < 0)
		return oq_h5_fail(err, NULL);
	h->root = oq_h5_addr(h, info.token);
	h->is_pytables =
		H5Aexists_by_name(h->file, "/", "PYTABLES_FORMAT_VERSION",
				  h->lapl) > 0;
	oq_h5_forget();
	return 0;
}

int oq_h5_open(int fd, struct oq_h5 **out, struct oq_err *err)
{
	return oq_h5_open_hiding(fd, NULL, out, err);
}

int oq_h5_open_hiding(int fd, const struct oq_h5_hidden *mask,
		      struct oq_h5 **out, struct oq_err *err)
{
	struct oq_superblock sb;
	struct oq_h5 *h;
	uint64_t ns = oq_h5_blocks_now_ns();
	int r;

	r = oq_h5_superblock(fd, &sb);
	ns = oq_h5_blocks_now_ns() - ns;
	if (r == -EIO)
		return oq_err_set(err, r, "no HDF5 superblock");
	if (r)
		return oq_err_set(err, r, "cannot be read: %s", strerror(-r));
	if (is_spread(fd, &sb))
		return oq_err_set(err, -EOPNOTSUPP,
				  "one of several files of one datastore");
	h = calloc(1, sizeof(*h));
	if (!h)
		return oq_err_set(err, -ENOMEM, "out of memory");
	h->fd = fd;
	h->sb = sb;
	h->mask = mask;
	h->driver = h->fapl = h->lapl = h->dxpl = h->file = -1;

	/* Without blocks everything is read singly, so a lack of memory here is
	 * no error. */
	if (!oq_superblock_is_swmr(&sb))
		h->blocks = oq_h5_blocks_new(fd, sb.size, ns);
	r = oq_h5_set_up(err);
	if (!r)
		r = make_properties(h, err);
	if (!r)
		r = oq_h5_use_driver(h, err);
	if (!r)
		r = open_file(h, err);
	if (r) {
		oq_h5_close(h);
		return r;
	}
	h->is_far = h->blocks && oq_h5_blocks_are_far(h->blocks);
	*out = h;
	return 0;
}

void oq_h5_spread(struct oq_h5 *h, const struct oq_h5_spread *s)
{
	if (h->blocks)
		oq_h5_blocks_spread(h->blocks, s);
}

void oq_h5_count_reads(struct oq_h5 *h, atomic_uint_fast64_t *nread)
{
	h->nread = nread;
}

int oq_h5_set_name(struct oq_h5 *h, const char *path, struct oq_err *err)
{
	char *name = path && *path == '/' ? strdup(path) : NULL;

	if (!name && path && *path == '/')
		return oq_err_set(err, -ENOMEM, "out of memory");
	free(h->name);
	h->name = name;
	return 0;
}

static void free_facts(struct oq_h5_fact *f)
{
	while (f) {
		struct oq_h5_fact *next = f->next;

		free(f->text);
		free(f);
		f = next;
	}
}

void oq_h5_close(struct oq_h5 *h)
{
	if (!h)
		return;
	oq_h5_drop(&h->file);
	oq_h5_drop(&h->dxpl);
	oq_h5_drop(&h->lapl);
	oq_h5_drop(&h->fapl);
	oq_h5_drop(&h->driver);
	oq_h5_blocks_free(h->blocks);
	free_facts(h->facts);
	oq_h5_paths_free(h->paths);
	oq_h5_close(h->masked);
	oq_h5_hidden_free(h->hidden);
	oq_map_free(&h->whole, NULL);
	oq_h5_sources_free(h);
	free(h->parts.v);
	free(h->name);
	free(h);
}

uint64_t oq_h5_root(const struct oq_h5 *h)
{
	return h->root;
}
