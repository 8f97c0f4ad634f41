/* SPDX-License-Identifier: MIT */
/* h5kind.c - what kind of object is at an address, and of which field a file is
 *
 * An object that cannot be opened may still be asked about by a path to it,
 * which h5path.c finds: so this is a file above that one.
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

/* ---- marks of a field ---- */

/* The root has any of these attributes; or a link of this name. */
static const struct {
	const char *attrs[3];
	size_t nattrs;
	const char *link;
} marks[OQ_NMARKS] = {
	[OQ_MARK_NEXUS] = { { "NX_class", "NeXus_version", "default" },
			    3,
			    NULL },
	[OQ_MARK_HDFEOS] = { .link = "HDFEOS INFORMATION" },
};

static bool look_for(struct oq_h5 *h, enum oq_h5_mark m)
{
	size_t n = marks[m].nattrs;

	if (marks[m].link)
		return oq_h5_find(h, h->root, marks[m].link) != OQ_NO_ADDR;
	return oq_h5_attr_first(h, h->root, marks[m].attrs, n) < n;
}

bool oq_h5_has_mark(struct oq_h5 *h, enum oq_h5_mark m)
{
	if (!h->marks[m].known) {
		h->marks[m].has = look_for(h, m);
		h->marks[m].known = true;
	}
	return h->marks[m].has;
}
