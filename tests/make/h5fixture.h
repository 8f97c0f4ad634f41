/* SPDX-License-Identifier: MIT */
/* h5fixture.h - one small file, made by a test and opened through our driver
 *
 *	hid_t file = begin(&f, LATEST, 0);
 *	...                                 write with libhdf5
 *	finish(&f, file);
 *	...                                 read with lib/h5.h
 *	end(&f);
 */
#ifndef OQ_H5FIXTURE_H
#define OQ_H5FIXTURE_H

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/hdf5/h5.h"
#include "tests/make/mkh5.h"

/* One small file, made by a test and opened through our driver. */
struct fixture {
	char path[64];
	int fd;
	struct oq_h5 *h;
	struct oq_err err;
};

static inline hid_t begin(struct fixture *f, enum mk_version v,
			  hsize_t user_block)
{
	int fd;

	*f = (struct fixture){ .path = "/tmp/oqfs-h5-XXXXXX", .fd = -1 };
	fd = mkstemp(f->path);
	assert_true(fd >= 0);
	close(fd);
	return mk_file(f->path, v, user_block);
}

static inline void reopen(struct fixture *f)
{
	f->fd = open(f->path, O_RDONLY | O_CLOEXEC);
	assert_true(f->fd >= 0);
	assert_int_equal(oq_h5_open(f->fd, &f->h, &f->err), 0);
}

static inline void finish(struct fixture *f, hid_t file)
{
	mk_done(file);
	reopen(f);
}

static inline void end(struct fixture *f)
{
	oq_h5_close(f->h);
	close(f->fd);
	unlink(f->path);
}

struct listing {
	char text[4096];
	size_t n, len;
	struct {
		char name[64];
		uint64_t addr;
		enum oq_kind kind;
	} v[32];
};

static inline int add_link(void *ctx, const struct oq_h5_link *l)
{
	static const char *const link[] = { "hard", "soft", "ext", "user" };
	static const char *const kind[] = { "none", "group", "dataset",
					    "datatype", "broken" };
	struct listing *s = ctx;

	s->len +=
		(size_t)snprintf(s->text + s->len, sizeof(s->text) - s->len,
				 "%s %s %s%s%s%s%s\n", l->name, link[l->link],
				 kind[l->kind], l->target ? " " : "",
				 l->target ? l->target : "",
				 l->file ? " in " : "", l->file ? l->file : "");
	if (s->n < COUNT(s->v)) {
		snprintf(s->v[s->n].name, sizeof(s->v[0].name), "%s", l->name);
		s->v[s->n].addr = l->addr;
		s->v[s->n++].kind = l->kind;
	}
	return 0;
}

static inline void list(struct fixture *f, uint64_t group, struct listing *s)
{
	*s = (struct listing){ 0 };
	assert_int_equal(oq_h5_list(f->h, group, add_link, s, &f->err), 0);
}

static inline uint64_t addr_of(struct fixture *f, const char *name)
{
	struct listing s;

	list(f, oq_h5_root(f->h), &s);
	for (size_t i = 0; i < s.n; i++)
		if (!strcmp(s.v[i].name, name))
			return s.v[i].addr;
	return OQ_NO_ADDR;
}

static inline struct oq_h5_dset *dset(struct fixture *f, const char *name)
{
	struct oq_h5_dset *d = NULL;

	assert_int_equal(oq_h5_dset_open(f->h, addr_of(f, name), &d, &f->err),
			 0);
	return d;
}

static inline int read_all(struct fixture *f, struct oq_h5_dset *d, void *out)
{
	static const uint64_t start[OQ_MAX_RANK];
	uint64_t step[OQ_MAX_RANK];

	for (size_t i = 0; i < OQ_MAX_RANK; i++)
		step[i] = 1;
	return oq_h5_read(d, start, step, oq_h5_dset_info(d)->dims, out,
			  &f->err);
}

static inline const struct oq_dtype *type_of(struct oq_h5_dset *d)
{
	return oq_h5_dset_info(d)->type;
}

#endif
