/* SPDX-License-Identifier: MIT */
/* h5vds.c - whether a virtual dataset may be read, and what it is read from
 *
 * A virtual dataset names its sources by file and path.  It may be read where
 * each source is a dataset of one of these kinds:
 * - in the same file, which is called "." or by its name; if such a source is
 *   itself virtual, the same must hold for its sources;
 * - in a file that was given (h5fd.c), with data of its own there.
 *
 * libhdf5 takes a source that it cannot open for missing, and shows the fill
 * value in its place: so those in given files are opened here first.  A dataset
 * that is, through others, a source of itself would make libhdf5 recurse until
 * its stack is gone.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/hdf5/h5int.h"

#define MAX_NESTING 16
/* Sources looked at in all: nesting multiplies them. */
#define MAX_LOOKS   100000

struct check {
	struct oq_h5 *h;
	struct oq_err *err;
	uint64_t chain[MAX_NESTING]; /* a dataset, its source, and so on */
	unsigned depth;
	unsigned looks;
	const struct oq_h5_source *source; /* whose 'file' is open; or NULL */
	hid_t file;
};

static int check_mappings(struct check *c, uint64_t addr, hid_t dcpl);

/* A name in the creation properties, of whatever length. */
static char *get_name(ssize_t (*get)(hid_t, size_t, char *, size_t), hid_t dcpl,
		      size_t i)
{
	ssize_t n = get(dcpl, i, NULL, 0);
	char *name;

	if (n < 0)
		return NULL;
	name = calloc(1, (size_t)n + 1);
	if (name && get(dcpl, i, name, (size_t)n + 1) < 0) {
		free(name);
		return NULL;
	}
	return name;
}

static int check_dataset(struct check *c, hid_t id, uint64_t addr)
{
	OQ_HID hid_t dcpl = H5Dget_create_plist(id);

	if (dcpl < 0)
		return oq_h5_fail(c->err, "a source");
	if (H5Pget_external_count(dcpl) != 0)
		return oq_err_set(c->err, -EOPNOTSUPP,
				  "a source's data are in external files");
	if (H5Pget_layout(dcpl) != H5D_VIRTUAL)
		return 0;
	return check_mappings(c, addr, dcpl);
}

/* '*found' tells whether there is such an object; a source that is missing
 * is legal and reads as the fill value. */
static int check_source(struct check *c, const char *path, bool *found)
{
	H5O_info2_t info;
	uint64_t addr;

	*found = false;
	if (++c->looks > MAX_LOOKS)
		return oq_err_set(c->err, -EOPNOTSUPP,
				  "a virtual dataset of too many sources");
	if (H5Oget_info_by_name3(c->h->file, path, &info, H5O_INFO_BASIC,
				 c->h->lapl) < 0 ||
	    info.type != H5O_TYPE_DATASET) {
		oq_h5_forget();
		return 0;
	}
	*found = true;
	addr = oq_h5_addr(c->h, info.token);
	for (unsigned i = 0; i < c->depth; i++)
		if (c->chain[i] == addr)
			return oq_err_set(c->err, -EIO,
					  "a virtual dataset of itself");

	OQ_HID hid_t id = oq_h5_object(c->h, addr);

	if (id < 0) {
		oq_h5_forget();
		return 0;
	}
	return check_dataset(c, id, addr);
}

/* "a%%b-%b" with block 3 is "a%b-3". */
static char *block_name(const char *pattern, unsigned block)
{
	size_t room = 2 * strlen(pattern) + 32, n = 0;
	char *name = malloc(room);

	for (const char *p = pattern; name && *p && n + 16 < room; p++) {
		if (p[0] == '%' && p[1] == 'b') {
			n += (size_t)snprintf(name + n, room - n, "%u", block);
			p++;
		} else {
			name[n++] = *p;
			p += p[0] == '%' && p[1] == '%';
		}
	}
	if (name)
		name[n] = '\0';
	return name;
}

static bool has_blocks(const char *pattern)
{
	for (const char *p = pattern; *p; p++) {
		if (p[0] == '%' && p[1] == 'b')
			return true;
		p += p[0] == '%' && p[1] == '%';
	}
	return false;
}

/* Check all sources that a name stands for.  One with a block's number in it
 * ("part-%b") stands for those from 0 up to the first that is missing. */
static int check_pattern(struct check *c, const char *pattern)
{
	bool more = true;
	int r = 0;

	for (unsigned i = 0; more && !r; i++) {
		OQ_FREE char *path = block_name(pattern, i);

		if (!path)
			return oq_err_set(c->err, -ENOMEM, "out of memory");
		r = check_source(c, path, &more);
		more &= has_blocks(pattern);
	}
	return r;
}

/* Whether a source's file is the datastore itself.  An absolute path must be
 * the datastore's whole: libhdf5 would try its last part in the datastore's
 * directory, too, but the path may lead to another file. */
static bool is_same_file(const struct oq_h5 *h, const char *file)
{
	return oq_h5_is_own(h, file) &&
	       (*file != '/' || strcmp(file, h->name) == 0);
}

/* ---- in other files ---- */

static int open_source(struct check *c, const struct oq_h5_source *s)
{
	OQ_FREE char *name = NULL;

	if (c->source == s)
		return 0;
	oq_h5_drop(&c->file);
	c->file = -1;
	c->source = NULL;
	/* Absolute, or libhdf5 would ask for the current directory. */
	if (asprintf(&name, "%s%s", *s->name == '/' ? "" : "/", s->name) < 0) {
		name = NULL;
		return oq_err_set(c->err, -ENOMEM, "out of memory");
	}
	c->file = H5Fopen(name, H5F_ACC_RDONLY, c->h->fapl);
	if (c->file < 0)
		return oq_h5_fail(c->err, s->name);
	c->source = s;
	return 0;
}

/* Check a source in a given file: it must be there, and must not be virtual or
 * external itself, as it might then take data from any file. */
static int check_given(struct check *c, const struct oq_h5_source *s,
		       const char *path)
{
	H5O_info2_t info;
	int r = open_source(c, s);

	if (r)
		return r;
	if (++c->looks > MAX_LOOKS || has_blocks(path))
		return oq_err_set(c->err, -EOPNOTSUPP,
				  "a virtual dataset of too many sources");
	if (H5Oget_info_by_name3(c->file, path, &info, H5O_INFO_BASIC,
				 c->h->lapl) < 0 ||
	    info.type != H5O_TYPE_DATASET) {
		oq_h5_forget();
		return oq_err_set(c->err, -EOPNOTSUPP,
				  "a source is not there: %.100s in %.100s",
				  path, s->name);
	}

	OQ_HID hid_t id = H5Oopen(c->file, path, c->h->lapl);
	OQ_HID hid_t dcpl = id < 0 ? -1 : H5Dget_create_plist(id);

	if (dcpl < 0)
		return oq_h5_fail(c->err, s->name);
	if (H5Pget_external_count(dcpl) != 0 ||
	    H5Pget_layout(dcpl) == H5D_VIRTUAL)
		return oq_err_set(c->err, -EOPNOTSUPP,
				  "a source's data are in other files");
	return 0;
}

/* ---- all of them ---- */

static int check_mapping(struct check *c, hid_t dcpl, size_t i)
{
	OQ_FREE char *file = get_name(H5Pget_virtual_filename, dcpl, i);
	OQ_FREE char *path = get_name(H5Pget_virtual_dsetname, dcpl, i);
	const struct oq_h5_source *given = NULL;

	if (!file || !path)
		return oq_h5_fail(c->err, "a virtual dataset's source");
	if (!is_same_file(c->h, file))
		given = oq_h5_source_of(c->h, file);
	if (given)
		return check_given(c, given, path);
	if (strcmp(file, ".") && !is_same_file(c->h, file))
		return oq_err_set(c->err, -EOPNOTSUPP,
				  "its data are in another file (%.100s)",
				  file);
	return check_pattern(c, path);
}

static int check_mappings(struct check *c, uint64_t addr, hid_t dcpl)
{
	size_t n;
	int r = 0, foreign = 0;

	if (c->depth == MAX_NESTING)
		return oq_err_set(c->err, -EIO,
				  "virtual datasets nested too deeply");
	if (H5Pget_virtual_count(dcpl, &n) < 0)
		return oq_h5_fail(c->err, NULL);
	c->chain[c->depth++] = addr;
	/* Go on after a foreign source: a cycle may come later, and then not
	 * even the extent may be asked for. */
	for (size_t i = 0; i < n && (!r || r == -EOPNOTSUPP); i++) {
		if (c->looks > MAX_LOOKS)
			break;
		r = check_mapping(c, dcpl, i);
		if (r == -EOPNOTSUPP)
			foreign = r;
	}
	c->depth--;
	return r ? r : foreign;
}

int oq_h5_check_virtual(struct oq_h5 *h, uint64_t addr, hid_t dcpl,
			struct oq_err *err)
{
	struct check c = { .h = h, .err = err, .file = -1 };
	int r = check_mappings(&c, addr, dcpl);

	oq_h5_drop(&c.file);
	return r;
}

/* ---- whether what is selected is whole ---- */

/* A mapping: elements 'here' of the virtual dataset are those 'there' of a
 * source; 'selected' are the wanted ones (-1: all). */
struct mapping {
	hid_t here, there, selected;
};

static int check_selected(struct check *c, hid_t id, hid_t selected);

/* Which elements of a source are wanted; -1: it cannot be told. */
static hid_t wanted(const struct mapping *m, hid_t id)
{
	OQ_HID hid_t all = H5Dget_space(id);
	/* Where the mapping says "all", it does not know how many these are. */
	hid_t there =
		H5Sget_select_type(m->there) == H5S_SEL_ALL ? all : m->there;

	if (m->selected < 0 ||
	    H5Sget_select_npoints(m->here) == (hssize_t)H5S_UNLIMITED)
		return -1;
	return H5Sselect_project_intersection(m->here, there, m->selected);
}

/* What is missing is the fill value's. */
static int check_at(struct check *c, hid_t file, const char *path,
		    const struct mapping *m, bool *found)
{
	OQ_HID hid_t id = H5Oopen(file, path, c->h->lapl);
	OQ_HID hid_t part = -1;

	*found = id >= 0 && H5Iget_type(id) == H5I_DATASET;
	if (*found)
		part = wanted(m, id);
	oq_h5_forget();
	if (!*found || (part >= 0 && H5Sget_select_npoints(part) == 0))
		return 0;
	return check_selected(c, id, part);
}

static int check_blocks(struct check *c, const char *pattern,
			const struct mapping *m)
{
	bool more = true;
	int r = 0;

	for (unsigned i = 0; more && !r; i++) {
		OQ_FREE char *path = block_name(pattern, i);

		if (!path)
			return oq_err_set(c->err, -ENOMEM, "out of memory");
		r = check_at(c, c->h->file, path, m, &more);
		more &= has_blocks(pattern);
	}
	return r;
}

static int check_part(struct check *c, hid_t dcpl, size_t i, hid_t selected)
{
	OQ_FREE char *file = get_name(H5Pget_virtual_filename, dcpl, i);
	OQ_FREE char *path = get_name(H5Pget_virtual_dsetname, dcpl, i);
	OQ_HID hid_t here = H5Pget_virtual_vspace(dcpl, i);
	OQ_HID hid_t there = H5Pget_virtual_srcspace(dcpl, i);
	const struct mapping m = { here, there, selected };
	const struct oq_h5_source *given = NULL;
	bool found;
	int r;

	if (!file || !path || here < 0 || there < 0)
		return oq_h5_fail(c->err, "a virtual dataset's source");
	if (!is_same_file(c->h, file))
		given = oq_h5_source_of(c->h, file);
	if (!given)
		return check_blocks(c, path, &m);
	r = open_source(c, given);
	return r ? r : check_at(c, c->file, path, &m, &found);
}

static int check_selected(struct check *c, hid_t id, hid_t selected)
{
	OQ_HID hid_t dcpl = H5Dget_create_plist(id);
	size_t n = 0;
	int r = 0;

	if (dcpl < 0)
		return oq_h5_fail(c->err, NULL);
	if (H5Pget_layout(dcpl) != H5D_VIRTUAL)
		return oq_h5_check_whole(c->h, id, dcpl, selected, c->err);
	if (c->depth == MAX_NESTING || H5Pget_virtual_count(dcpl, &n) < 0)
		return oq_h5_fail(c->err, "a virtual dataset's sources");
	c->depth++;
	for (size_t i = 0; !r && i < n; i++)
		r = check_part(c, dcpl, i, selected);
	c->depth--;
	return r;
}

int oq_h5_check_selected(struct oq_h5 *h, hid_t id, hid_t selected,
			 struct oq_err *err)
{
	struct check c = { .h = h, .err = err, .file = -1 };
	int r = check_selected(&c, id, selected);

	oq_h5_drop(&c.file);
	return r;
}

/* ---- which files ---- */

static bool add_file(const struct oq_h5 *h, const char *file, size_t *left,
		     struct oq_buf *out)
{
	if (strcmp(file, ".") == 0 || is_same_file(h, file) ||
	    oq_words_have(out->data, out->len, file))
		return true;
	if (!*left || strchr(file, '%') || !*file)
		return false;
	--*left;
	oq_buf_put(out, file, strlen(file) + 1);
	return true;
}

void oq_h5_foreign_files(struct oq_h5_dset *d, size_t most, struct oq_buf *out)
{
	OQ_HID hid_t dcpl = H5Dget_create_plist(d->id);
	size_t n = 0;
	bool ok = dcpl >= 0 && H5Pget_layout(dcpl) == H5D_VIRTUAL &&
		  H5Pget_virtual_count(dcpl, &n) >= 0;

	for (size_t i = 0; ok && i < n; i++) {
		OQ_FREE char *file = get_name(H5Pget_virtual_filename, dcpl, i);

		ok = file && add_file(d->h, file, &most, out);
	}
	oq_h5_forget();
	if (!ok)
		oq_buf_free(out);
}
