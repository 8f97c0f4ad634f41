/* SPDX-License-Identifier: MIT */
/* h5source.c - files that virtual datasets may take data from
 *
 * Who asks for a reader may give it descriptors of other files, each with the
 * name that the datasets call it by.  libhdf5 looks for a relative name below
 * the directory of the file, which for it is "/".
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/superblock.h"
#include "lib/hdf5/h5int.h"

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
	/* Of one that is no HDF5 file libhdf5 will say so. */
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
