/* SPDX-License-Identifier: MIT */
/* h5kind.c - what kind of object is at an address
 *
 * Above the walk that finds paths: an object that cannot be opened may still
 * be asked about by a path.
 */

#include "lib/hdf5/h5int.h"

int oq_h5_kind(struct oq_h5 *h, uint64_t addr, enum oq_kind *kind,
	       struct oq_err *err)
{
	OQ_HID hid_t id = oq_h5_object(h, addr);
	const char *path;
	H5O_info2_t info;
	int r;

	*kind = OQ_KIND_BROKEN;
	if (id >= 0 && H5Oget_info3(id, &info, H5O_INFO_BASIC) >= 0) {
		*kind = oq_h5_kind_of(info.type);
		return 0;
	}
	r = oq_h5_fail(err, NULL);
	path = oq_h5_path(h, addr);
	if (path && H5Oget_info_by_name3(h->file, path, &info, H5O_INFO_BASIC,
					 h->lapl) >= 0) {
		*kind = oq_h5_kind_of(info.type);
		return 0;
	}
	oq_h5_forget();
	return r;
}
