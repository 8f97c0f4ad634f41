/* SPDX-License-Identifier: MIT */
/* h5fd.c - the private file driver over an inherited descriptor
 *
 * libhdf5 reads the datastore from the one descriptor that the reader was
 * started with, small pieces through h5blocks.h.  The driver opens no path: the
 * name of its own file stands for that descriptor, and the names of given
 * sources of virtual datasets stand for theirs.  It writes nothing, and it has
 * no lock callback.  So the engine never meets a lock of ours, and libhdf5
 * skips the superblock's consistency flags, for which it would refuse a
 * datastore whose writer was killed.
 *
 * Metadata may be addressed up to where the file really ends (get_eoa), or,
 * while a SWMR writer is at work, ends now: the end in the superblock is stale
 * then, and after a writer was killed.  The superblock and the extents of raw
 * data are checked against at least the end that the superblock says
 * (get_eof), so that a truncated datastore opens, and reads up to the cut.  A
 * read past the real end is an error; zeros there would be taken for data.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/num.h"
#include "lib/base/size.h"
#include "lib/base/superblock.h"
#include "lib/hdf5/h5int.h"

#define MAX_ADDR ((haddr_t)INT64_MAX)

/* Long reads are made in pieces: the count of bytes read, by which the mount
 * sees that the reader is alive, then goes up while a read is under way. */
#define PIECE	 ((size_t)4 << 20)

/* Absolute, or libhdf5 would ask for the current directory. */
const char oq_h5_magic_name[] = "/the datastore's descriptor";

/* The driver's part of the file access properties; libhdf5 copies it. */
struct info {
	struct oq_h5 *h;
};

struct file {
	H5FD_t pub; /* must be first: libhdf5 sees only this */
	int fd;
	bool is_source;	 /* another file, a virtual dataset's source */
	struct oq_h5 *h; /* the handle that opened it */
	bool grows;
	uint64_t real_eof; /* if it does not grow */
	uint64_t stored_eof;
};

#define FAIL(minor, ...)                                                       \
	(void)H5Epush2(H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, \
		       H5E_VFL, minor, __VA_ARGS__)

bool oq_h5_is_own(const struct oq_h5 *h, const char *name)
{
	if (!h->name)
		return false;
	if (strcmp(name, h->name) == 0)
		return true;
	name += *name == '/';
	while (strncmp(name, "./", 2) == 0)
		name += 2;
	return strcmp(name, strrchr(h->name, '/') + 1) == 0;
}

static bool is_ours(const struct oq_h5 *h, const char *name)
{
	return (h->opening && strcmp(name, oq_h5_magic_name) == 0) ||
	       oq_h5_is_own(h, name);
}

static H5FD_t *fd_open(const char *name, unsigned flags, hid_t fapl,
		       haddr_t maxaddr)
{
	const struct info *info = H5Pget_driver_info(fapl);
	const struct oq_h5_source *source = NULL;
	struct file *f;

	(void)maxaddr;
	if (info && !is_ours(info->h, name))
		source = oq_h5_source_of(info->h, name);
	if (!info || (!source && !is_ours(info->h, name)) ||
	    (flags & (H5F_ACC_RDWR | H5F_ACC_CREAT | H5F_ACC_TRUNC))) {
		FAIL(H5E_CANTOPENFILE, "no other file is ever opened");
		return NULL;
	}
	f = calloc(1, sizeof(*f));
	if (!f) {
		FAIL(H5E_CANTALLOC, "out of memory");
		return NULL;
	}
	f->h = info->h;
	f->fd = source ? source->fd : info->h->fd;
	f->is_source = source;
	f->grows = flags & H5F_ACC_SWMR_READ;
	f->real_eof = oq_size_of(f->fd);
	f->stored_eof = source ? source->stored_eof : info->h->sb.stored_eof;
	if (f->stored_eof > MAX_ADDR)
		f->stored_eof = 0;
	return &f->pub;
}

static struct file *file_of(H5FD_t *pub)
{
	return (struct file *)pub;
}

static const struct file *const_file_of(const H5FD_t *pub)
{
	return (const struct file *)pub;
}

static uint64_t real_size(const struct file *f)
{
	return f->grows ? oq_size_of(f->fd) : f->real_eof;
}

/* Where libhdf5 opens a source of a virtual dataset, it asks the dataset's file
 * for its access properties, and these must name the same handle. */
static void *info_of(struct oq_h5 *h)
{
	struct info *info = malloc(sizeof(*info));

	if (info)
		info->h = h;
	return info;
}

static void *fd_fapl_get(H5FD_t *pub)
{
	return info_of(file_of(pub)->h);
}

static void *fd_fapl_copy(const void *theirs)
{
	const struct info *info = theirs;

	return info_of(info->h);
}

static herr_t fd_fapl_free(void *info)
{
	free(info);
	return 0;
}

static herr_t fd_close(H5FD_t *pub)
{
	free(file_of(pub));
	return 0;
}

/* H5FD_FEAT_DATA_SIEVE is left out: where libhdf5 fails to fill the sieve
 * buffer, it takes it for filled the next time (seen in 1.14.5). */
static herr_t fd_query(const H5FD_t *pub, unsigned long *flags)
{
	(void)pub;
	*flags = H5FD_FEAT_SUPPORTS_SWMR_IO | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
	return 0;
}

static haddr_t fd_get_eof(const H5FD_t *pub, H5FD_mem_t type)
{
	const struct file *f = const_file_of(pub);

	(void)type;
	return oq_max_u64(real_size(f), f->stored_eof);
}

static haddr_t fd_get_eoa(const H5FD_t *pub, H5FD_mem_t type)
{
	if (type == H5FD_MEM_DRAW)
		return fd_get_eof(pub, type);
	return real_size(const_file_of(pub));
}

static herr_t fd_set_eoa(H5FD_t *pub, H5FD_mem_t type, haddr_t addr)
{
	(void)pub;
	(void)type;
	(void)addr;
	return 0;
}

static ssize_t read_some(const struct file *f, void *to, size_t n, uint64_t off)
{
	return f->is_source ? pread(f->fd, to, n, (off_t)off)
			    : oq_h5_read_some(f->h, to, n, off);
}

static herr_t fd_read(H5FD_t *pub, H5FD_mem_t type, hid_t dxpl, haddr_t addr,
		      size_t size, void *buf)
{
	const struct file *f = file_of(pub);
	uint64_t end;
	char *to = buf;

	(void)type;
	(void)dxpl;
	if (oq_add_overflows(addr, size, &end) || end > MAX_ADDR) {
		FAIL(H5E_OVERFLOW, "an address that no file has");
		return -1;
	}
	while (size) {
		ssize_t n = read_some(f, to, oq_min_u64(size, PIECE), addr);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			FAIL(H5E_READERROR, "pread: %s", strerror(errno));
			return -1;
		}
		if (n == 0) {
			FAIL(H5E_READERROR, "the file is cut off before this");
			return -1;
		}
		if (f->h->mask && !f->is_source)
			oq_h5_apply_hidden(f->h->mask, addr, (size_t)n,
					   (uint8_t *)to);
		if (f->h->nread)
			atomic_fetch_add_explicit(f->h->nread, (uint64_t)n,
						  memory_order_relaxed);
		to += n;
		addr += (haddr_t)n;
		size -= (size_t)n;
	}
	return 0;
}

/* libhdf5 insists on the callback. */
static herr_t fd_write(H5FD_t *pub, H5FD_mem_t type, hid_t dxpl, haddr_t addr,
		       size_t size, const void *buf)
{
	(void)pub;
	(void)type;
	(void)dxpl;
	(void)addr;
	(void)size;
	(void)buf;
	FAIL(H5E_WRITEERROR, "nothing is ever written");
	return -1;
}

/* Called where the superblock holds a driver's information, that is, where
 * another driver spread the datastore over several files. */
static herr_t fd_sb_decode(H5FD_t *pub, const char *name,
			   const unsigned char *p)
{
	(void)pub;
	(void)p;
	if (!strncmp(name, "NCSAfami", 8)) {
		FAIL(H5E_UNSUPPORTED, "one member of a family of files");
		return -1;
	}
	if (!strncmp(name, "NCSAmult", 8) || !strncmp(name, "NCSAspli", 8)) {
		FAIL(H5E_UNSUPPORTED, "one part of a split file");
		return -1;
	}
	return 0;
}

static const H5FD_class_t driver = {
	.version = H5FD_CLASS_VERSION,
	.value = 0x6f71, /* in the range that is free for applications */
	.name = "oqfs",
	.maxaddr = MAX_ADDR,
	.fc_degree = H5F_CLOSE_STRONG,
	.sb_decode = fd_sb_decode,
	.fapl_size = sizeof(struct info),
	.fapl_get = fd_fapl_get,
	.fapl_copy = fd_fapl_copy,
	.fapl_free = fd_fapl_free,
	.open = fd_open,
	.close = fd_close,
	.query = fd_query,
	.get_eoa = fd_get_eoa,
	.set_eoa = fd_set_eoa,
	.get_eof = fd_get_eof,
	.read = fd_read,
	.write = fd_write,
	.fl_map = H5FD_FLMAP_DICHOTOMY,
};

int oq_h5_use_driver(struct oq_h5 *h, struct oq_err *err)
{
	struct info info = { .h = h };

	h->driver = H5FDregister(&driver);
	if (h->driver < 0 || H5Pset_driver(h->fapl, h->driver, &info) < 0)
		return oq_h5_fail(err, NULL);
	return 0;
}

/* ---- files that virtual datasets may take data from ----
 *
 * The mount gives a reader descriptors of other files, each with the name by
 * which the datasets call that file.  libhdf5 puts the directory of the
 * datastore before a relative name; for libhdf5 that is "/".
 */

void oq_h5_sources_free(struct oq_h5 *h)
{
	for (size_t i = 0; i < h->nsources; i++) {
		free(h->sources[i].name);
		(void)close(h->sources[i].fd);
	}
	free(h->sources);
	h->sources = NULL;
	h->nsources = 0;
}

static bool add_source(struct oq_h5_source *s, int fd, const char *name)
{
	struct oq_superblock sb;

	*s = (struct oq_h5_source){ strdup(name), fd, 0 };
	/* A file that is no HDF5 is refused by libhdf5 when it is opened. */
	if (oq_superblock_find(fd, &sb) > 0)
		s->stored_eof = sb.stored_eof;
	return s->name;
}

int oq_h5_set_sources(struct oq_h5 *h, const int *fds, size_t n,
		      const char *names, size_t len)
{
	const char *end = names + len;
	size_t i = 0;
	bool ok;

	if (h->sources || !len || end[-1] != '\0')
		return -EPROTO;
	for (const char *s = names; s < end; s += strlen(s) + 1)
		i++;
	if (i != n)
		return -EPROTO;
	h->sources = calloc(n, sizeof(*h->sources));
	ok = h->sources;
	for (i = 0; ok && i < n; i++, names += strlen(names) + 1)
		ok = add_source(&h->sources[i], fds[i], names);
	if (ok) {
		h->nsources = n;
		return 0;
	}
	for (size_t k = 0; h->sources && k < i; k++)
		free(h->sources[k].name);
	free(h->sources);
	h->sources = NULL;
	return -ENOMEM;
}

static const char *without_dots(const char *name)
{
	while (strncmp(name, "./", 2) == 0)
		name += 2;
	return name;
}

const struct oq_h5_source *oq_h5_source_of(const struct oq_h5 *h,
					   const char *name)
{
	for (size_t i = 0; i < h->nsources; i++) {
		const char *own = h->sources[i].name;

		if (strcmp(own, name) == 0 ||
		    (*own != '/' && *name == '/' &&
		     strcmp(without_dots(own), without_dots(name + 1)) == 0))
			return &h->sources[i];
	}
	return NULL;
}
