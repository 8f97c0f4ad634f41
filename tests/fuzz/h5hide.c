/* SPDX-License-Identifier: MIT */
/* h5hide.c - attributes of a newer HDF5 are hidden in any object header
 *
 *	u8   1: behind a file of the newest format; 0: of the oldest
 *	     what stands at HEADER_AT of the file, an object header first
 *
 * libhdf5 only opens the file anew: to read such a header as well is part of
 * the target store.
 */

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/base/cleanup.h"
#include "lib/hdf5/h5int.h"
#include "lib/hdf5/h5mask.h"
#include "tests/make/mkh5.h"

/* seeds.py writes addresses that are counted from here. */
#define HEADER_AT 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* An empty file that ends at HEADER_AT, made once. */
static const uint8_t *empty(enum mk_version v)
{
	static uint8_t files[2][HEADER_AT];
	static bool made[2];
	char path[] = "/tmp/oqfs-fuzz-XXXXXX";
	OQ_CLOSE int fd = -1;

	if (made[v])
		return files[v];
	fd = mkstemp(path);
	if (fd < 0)
		abort();
	mk_done(mk_file(path, v, 0));
	if (read(fd, files[v], HEADER_AT) <= 0)
		abort();
	unlink(path);
	made[v] = true;
	return files[v];
}

static int file_of(const uint8_t *data, size_t n)
{
	const uint8_t *base = empty(n && data[0] == 1 ? LATEST : EARLIEST);
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	if (fd < 0 || write(fd, base, HEADER_AT) != HEADER_AT ||
	    (n > 1 && write(fd, data + 1, n - 1) != (ssize_t)n - 1))
		abort();
	return fd;
}

/* What is hidden is bounded, each name for a byte, and can be applied. */
static void check(const struct oq_h5_hidden *hidden, size_t n)
{
	uint8_t *bytes = calloc(1, n ? n : 1);
	size_t len = 0;

	if (!bytes)
		abort();
	for (size_t i = 1; i < hidden->npatches; i++)
		if (hidden->patches[i].off < hidden->patches[i - 1].off)
			abort();
	for (size_t i = 0; i < hidden->nnames; i++)
		len += strlen(hidden->names[i].name);
	if (len > hidden->name_bytes ||
	    hidden->name_bytes > OQ_MAX_HIDDEN_BYTES ||
	    hidden->nnames > OQ_MAX_HIDDEN ||
	    hidden->nnames > hidden->npatches + 1)
		abort();
	oq_h5_apply_hidden(hidden, HEADER_AT, n, bytes);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	OQ_CLOSE int fd = file_of(data, n);
	struct oq_err err;
	struct oq_h5 *h;

	if (oq_h5_open(fd, &h, &err))
		abort();
	for (int again = 0; again < 2; again++) {
		(void)oq_h5_without_new(h, HEADER_AT);
		if (h->hidden)
			check(h->hidden, n);
	}
	oq_h5_close(h);
	return 0;
}
