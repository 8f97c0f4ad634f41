/* SPDX-License-Identifier: MIT */
/* h5vds.c - whether a virtual dataset may be read
 *
 * Its sources are named by file and path.  Only sources in the same file,
 * be that called "." or by its name, are read, and only where all that they
 * are made of in turn is in that file.  A dataset that is, by way of others, a
 * source of itself would make libhdf5 recurse until its stack is gone.
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
	uint64_t chain[MAX_NESTING]; /* the datasets we are within */
	unsigned depth;
	unsigned looks;
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

/* A name with a number in it ("part-%b") means all that there are, from 0 up
 * to the first that is missing. */
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

/* libhdf5 tries the last of an absolute path in its own directory, too; that
 * may be another file. */
static bool is_named_so(const struct oq_h5 *h, const char *file)
{
	return oq_h5_is_own(h, file) &&
	       (*file != '/' || strcmp(file, h->name) == 0);
}

static int check_mapping(struct check *c, hid_t dcpl, size_t i)
{
	OQ_FREE char *file = get_name(H5Pget_virtual_filename, dcpl, i);
	OQ_FREE char *path = get_name(H5Pget_virtual_dsetname, dcpl, i);

	if (!file || !path)
		return oq_h5_fail(c->err, "a virtual dataset's source");
	if (strcmp(file, ".") && !is_named_so(c->h, file))
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
	/* A cycle is worse than a foreign source: look at them all. */
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
	struct check c = { .h = h, .err = err };

	return check_mappings(&c, addr, dcpl);
}
