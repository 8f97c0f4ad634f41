/* SPDX-License-Identifier: MIT */
/* h5err.c - the HDF5 error stack as one line */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/hdf5/h5int.h"

/* The two ends of the stack: what the API call was, and what first failed. */
struct cause {
	char api[64];
	char root[160];
	bool is_memory; /* an allocation failed */
};

/* Innermost reasons which mean that the writer was newer than this library
 * (or that a byte is damaged: the two cannot be told apart). */
static const char *const newer[] = {
	"bad version number for datatype message",
	"bad version number for layout message",
	"bad version number for filter pipeline message",
	"bad version number for fill value message",
	"bad version number for hyperslab selection",
	"bad superblock version number",
};

#define TEXT_OF(x) #x
#define TEXT(x)	   TEXT_OF(x)
static const char newer_hint[] = ": needs an HDF5 newer than " TEXT(
	H5_VERS_MAJOR) "." TEXT(H5_VERS_MINOR) "." TEXT(H5_VERS_RELEASE);

/* Not ENOMEM: an allocation fails for a damaged size, too. */
static const char memory_hint[] = ": out of memory (more with -o memory)";

/* Datastores that another driver spread over several files. */
static const char *const unsupported[] = {
	"one member of a family of files",
	"one part of a split file",
	"family driver should be used",
	"multi driver should be used",
};

static herr_t note_frame(unsigned n, const H5E_error2_t *frame, void *arg)
{
	struct cause *c = arg;

	if (n == 0 && frame->func_name)
		snprintf(c->api, sizeof(c->api), "%s", frame->func_name);
	if (frame->desc)
		snprintf(c->root, sizeof(c->root), "%s", frame->desc);
	c->is_memory = frame->min_num == H5E_NOSPACE ||
		       frame->min_num == H5E_CANTALLOC;
	return 0;
}

static bool is_one_of(const char *text, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strstr(text, list[i]))
			return true;
	return false;
}

int oq_h5_fail(struct oq_err *err, const char *what)
{
	struct cause c = { .api = "HDF5", .root = "no reason given" };
	const char *hint = "";
	int code = -EIO;

	H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, note_frame, &c);
	H5Eclear2(H5E_DEFAULT);
	if (is_one_of(c.root, newer, sizeof(newer) / sizeof(newer[0]))) {
		hint = newer_hint;
		code = -EOPNOTSUPP;
	} else if (is_one_of(c.root, unsupported,
			     sizeof(unsupported) / sizeof(unsupported[0]))) {
		code = -EOPNOTSUPP;
	} else if (c.is_memory) {
		hint = memory_hint;
	}
	return oq_err_set(err, code, "%s%s%s: %s%s", what ? what : "",
			  what ? ": " : "", c.api, c.root, hint);
}

void oq_h5_forget(void)
{
	H5Eclear2(H5E_DEFAULT);
}

void oq_h5_drop(const hid_t *id)
{
	if (*id >= 0 && H5Idec_ref(*id) < 0)
		oq_h5_forget();
}
