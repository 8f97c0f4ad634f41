/* SPDX-License-Identifier: MIT */
/* h5filters.c - teach libhdf5 the filters that it would load as plug-ins
 *
 * We decode chunks ourselves where we can; this is for those that libhdf5
 * reads, such as those of a virtual dataset's sources.  Plug-ins are off.
 */

#include "lib/base/num.h"
#include "lib/codec/filter.h"
#include "lib/hdf5/h5int.h"

static struct oq_filter filter_of(int id, size_t nparams,
				  const unsigned *params)
{
	struct oq_filter f = { .id = id, .nparams = oq_min_u64(nparams, 8) };

	for (size_t i = 0; i < f.nparams; i++)
		f.params[i] = params[i];
	return f;
}

/* As H5Z_func_t: how many bytes there are now; 0: failed. */
static size_t undo(const struct oq_filter *f, unsigned flags, size_t nbytes,
		   size_t *buf_size, void **buf)
{
	uint64_t len = 0;
	void *out;

	if (!(flags & H5Z_FLAG_REVERSE) ||
	    oq_filter_length(f, *buf, nbytes, &len) || len == 0 ||
	    len > OQ_MAX_CHUNK_BYTES)
		return 0;
	out = H5allocate_memory(len, false);
	if (!out)
		return 0;
	if (oq_filter_undo(f, *buf, nbytes, out, len)) {
		H5free_memory(out);
		return 0;
	}
	H5free_memory(*buf);
	*buf = out;
	*buf_size = len;
	return len;
}

/* libhdf5 does not say which filter it calls: a function for each. */
#define UNDO(name, id)                                                     \
	static size_t name(unsigned flags, size_t nparams,                 \
			   const unsigned *params, size_t nbytes,          \
			   size_t *buf_size, void **buf)                   \
	{                                                                  \
		const struct oq_filter f = filter_of(id, nparams, params); \
                                                                           \
		return undo(&f, flags, nbytes, buf_size, buf);             \
	}

UNDO(undo_bzip2, OQ_FILTER_BZIP2)
UNDO(undo_lzf, OQ_FILTER_LZF)
UNDO(undo_blosc, OQ_FILTER_BLOSC)
UNDO(undo_lz4, OQ_FILTER_LZ4)
UNDO(undo_bitshuffle, OQ_FILTER_BITSHUFFLE)
UNDO(undo_zstd, OQ_FILTER_ZSTD)

static const struct {
	H5Z_filter_t id;
	const char *name;
	H5Z_func_t undo;
} filters[] = {
	{ OQ_FILTER_BZIP2, "bzip2", undo_bzip2 },
	{ OQ_FILTER_LZF, "lzf", undo_lzf },
	{ OQ_FILTER_BLOSC, "blosc", undo_blosc },
	{ OQ_FILTER_LZ4, "lz4", undo_lz4 },
	{ OQ_FILTER_BITSHUFFLE, "bitshuffle", undo_bitshuffle },
	{ OQ_FILTER_ZSTD, "zstd", undo_zstd },
};

int oq_h5_add_filters(struct oq_err *err)
{
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		const H5Z_class2_t cls = {
			.version = H5Z_CLASS_T_VERS,
			.id = filters[i].id,
			.decoder_present = 1,
			.name = filters[i].name,
			.filter = filters[i].undo,
		};

		if (H5Zregister(&cls) < 0)
			return oq_h5_fail(err, NULL);
	}
	return 0;
}
