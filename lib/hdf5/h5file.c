/* SPDX-License-Identifier: MIT */
/* h5file.c - open and close a datastore */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/num.h"
#include "lib/base/size.h"
#include "lib/hdf5/h5int.h"

static const char signature[8] = "\211HDF\r\n\032\n";

/* Of the superblock's consistency flags. */
#define SWMR_WRITING	     4

/* Bytes of a superblock up to and including the end of file address, with the
 * widest addresses that are read here. */
#define HEAD_BYTES	     64

/* Chunks that libhdf5 decodes are kept in its own cache, which each dataset
 * has: large enough for one chunk of nearly any dataset, so that reading it
 * in pieces does not decode it for each.  w0 = 1: what was read to its end
 * goes first. */
#define CHUNK_CACHE_BYTES    ((size_t)16 << 20)
#define CHUNK_CACHE_SLOTS    2003

#define METADATA_CACHE_BYTES ((size_t)256 << 10)

/* ---- the superblock ---- */

/* Read 'n' bytes or fewer, where the file ends. */
static ssize_t read_at(int fd, void *buf, size_t n, uint64_t off)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = pread(fd, (char *)buf + got, n - got,
				  (off_t)(off + got));

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			break;
		got += (size_t)r;
	}
	return (ssize_t)got;
}

/* An address of 'width' bytes; all ones mean that there is none. */
static uint64_t get_addr(const uint8_t *p, unsigned width)
{
	uint64_t v = 0;

	for (unsigned i = width; i-- > 0;)
		v = v << 8 | p[i];
	if (width < 8 && v == ((uint64_t)1 << 8 * width) - 1)
		return OQ_NO_ADDR;
	return v;
}

/* The end of file as stored counts from the stored base, which is elsewhere
 * where a user block was put before a finished file. */
static uint64_t moved_eof(uint64_t eof, uint64_t base, uint64_t found_at)
{
	uint64_t moved;

	if (eof == OQ_NO_ADDR || base == OQ_NO_ADDR)
		return OQ_NO_ADDR;
	if (base >= found_at)
		return eof >= base - found_at ? eof - (base - found_at)
					      : OQ_NO_ADDR;
	if (oq_add_overflows(eof, found_at - base, &moved))
		return OQ_NO_ADDR;
	return moved;
}

static void decode_superblock(const uint8_t *p, uint64_t at,
			      struct oq_superblock *sb)
{
	unsigned version = p[8];
	unsigned width = version < 2 ? p[13] : p[9];
	size_t off = version == 0 ? 24 : version == 1 ? 28 : 12;

	*sb = (struct oq_superblock){
		.version = version,
		.flags = version < 2 ? 0 : p[11],
		.base = at,
		.stored_eof = OQ_NO_ADDR,
	};
	if (width != 2 && width != 4 && width != 8)
		return;
	/* Both families: base, one more address, end of file. */
	sb->stored_eof = moved_eof(get_addr(p + off + 2 * width, width),
				   get_addr(p + off, width), at);
}

int oq_h5_superblock(int fd, struct oq_superblock *sb)
{
	uint8_t head[HEAD_BYTES] = { 0 };
	uint64_t bytes = oq_size_of(fd), at = 0;

	while (at < bytes) {
		ssize_t n = read_at(fd, head, sizeof(head), at);

		if (n < 0)
			return (int)n;
		if (n >= 16 && !memcmp(head, signature, sizeof(signature))) {
			decode_superblock(head, at, sb);
			sb->size = bytes;
			return 0;
		}
		at = at ? 2 * at : 512;
	}
	return -EIO;
}

/* Whether another driver spread the datastore over several files and said so
 * in a block of its own; newer superblocks have a message, which libhdf5
 * hands to the driver. */
static bool is_spread(int fd, const struct oq_superblock *sb)
{
	uint8_t head[HEAD_BYTES] = { 0 }, block[16] = { 0 };
	size_t off = sb->version == 0 ? 24 : 28;
	unsigned width;
	uint64_t at;

	if (sb->version > 1 || read_at(fd, head, sizeof(head), sb->base) < 60)
		return false;
	width = head[13];
	if (width != 2 && width != 4 && width != 8)
		return false;
	at = get_addr(head + off + 3 * width, width);
	return at != OQ_NO_ADDR && !oq_add_overflows(at, sb->base, &at) &&
	       at <= INT64_MAX && read_at(fd, block, sizeof(block), at) == 16 &&
	       !memcmp(block + 8, "NCSA", 4);
}

/* ---- the library ---- */

/* Idempotent, since it is the library's state and not ours. */
int oq_h5_set_up(struct oq_err *err)
{
	unsigned n;

	/* The environment must not choose drivers or load code. */
	unsetenv("HDF5_DRIVER");
	unsetenv("HDF5_VOL_CONNECTOR");
	unsetenv("HDF5_PLUGIN_PRELOAD");

	/* Its clean-up at exit trips over what a damaged file left behind. */
	(void)H5dont_atexit();
	if (H5open() < 0 || H5Eset_auto2(H5E_DEFAULT, NULL, NULL) < 0 ||
	    H5PLset_loading_state(0) < 0)
		return oq_h5_fail(err, NULL);
	/* After a failed open it would look for plug-ins that can do it. */
	while (H5PLsize(&n) >= 0 && n > 0)
		if (H5PLremove(n - 1) < 0)
			return oq_h5_fail(err, NULL);
	return oq_h5_add_lzf(err);
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

/* A listing comes to each object once, and what libhdf5 keeps of one in memory
 * is ten times what it counts; it lets the cache grow where it is of use. */
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
	/* Else it may convert in place, in the caller's buffer, and leave half
	 * of it there when it fails. */
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
	return h->sb.version >= 3 && (h->sb.flags & SWMR_WRITING);
}

bool oq_h5_is_unsettled(const struct oq_h5 *h)
{
	return h->sb.stored_eof != h->sb.size;
}

static int open_file(struct oq_h5 *h, struct oq_err *err)
{
	unsigned flags = H5F_ACC_RDONLY;
	H5O_info2_t info;

	/* A SWMR writer leaves the end of the file in the superblock behind
	 * and metadata to be read again until it fits together. */
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
	return 0;
}

int oq_h5_open(int fd, struct oq_h5 **out, struct oq_err *err)
{
	struct oq_superblock sb;
	struct oq_h5 *h;
	int r;

	r = oq_h5_superblock(fd, &sb);
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
	h->driver = h->fapl = h->lapl = h->dxpl = h->file = -1;

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
	*out = h;
	return 0;
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

void oq_h5_close(struct oq_h5 *h)
{
	if (!h)
		return;
	oq_h5_drop(&h->file);
	oq_h5_drop(&h->dxpl);
	oq_h5_drop(&h->lapl);
	oq_h5_drop(&h->fapl);
	oq_h5_drop(&h->driver);
	oq_h5_paths_free(h->paths);
	free(h->parts.v);
	free(h->name);
	free(h);
}

uint64_t oq_h5_root(const struct oq_h5 *h)
{
	return h->root;
}
