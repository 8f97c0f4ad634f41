/* SPDX-License-Identifier: MIT */
/* h5lzf.c - teach libhdf5 to read LZF
 *
 * Every h5py has this filter, and libhdf5 has not.  We decode chunks ourselves
 * where we can; this is for those that libhdf5 reads.
 */

#include "lib/codec/lzf.h"
#include "lib/hdf5/h5int.h"

#define LZF_ID 32000

/* How much room to try first: the chunk's size, which h5py's third parameter
 * says, or else a guess. */
static size_t first_room(size_t nparams, const unsigned *params, size_t nbytes)
{
	uint64_t room =
		nparams >= 3 && params[2] ? params[2] : 4 * (uint64_t)nbytes;

	return room > OQ_MAX_CHUNK_BYTES ? OQ_MAX_CHUNK_BYTES : (size_t)room;
}

static size_t filter(unsigned flags, size_t nparams, const unsigned *params,
		     size_t nbytes, size_t *buf_size, void **buf)
{
	enum oq_lzf r = OQ_LZF_NO_ROOM;
	size_t room, len = 0;

	if (!(flags & H5Z_FLAG_REVERSE) || nbytes > OQ_MAX_CHUNK_BYTES)
		return 0;
	for (room = first_room(nparams, params, nbytes);
	     r == OQ_LZF_NO_ROOM && room <= OQ_MAX_CHUNK_BYTES; room *= 2) {
		void *out = H5allocate_memory(room, false);

		if (!out)
			return 0;
		r = oq_lzf_undo(*buf, nbytes, out, room, &len);
		if (r == OQ_LZF_DONE && len) {
			H5free_memory(*buf);
			*buf = out;
			*buf_size = room;
			return len;
		}
		H5free_memory(out);
	}
	return 0;
}

static const H5Z_class2_t lzf = {
	.version = H5Z_CLASS_T_VERS,
	.id = LZF_ID,
	.encoder_present = 0,
	.decoder_present = 1,
	.name = "lzf",
	.filter = filter,
};

int oq_h5_add_lzf(struct oq_err *err)
{
	return H5Zregister(&lzf) < 0 ? oq_h5_fail(err, NULL) : 0;
}
