/* SPDX-License-Identifier: MIT */
/* fakestore.h - stores that answer from a table, in place of fs/super.h's
 *
 * Defines every function of a store, so that the linker takes none of the
 * real ones.  Groups are numbers; each lists what was put into it.  For one
 * test program at a time, and one thread, but for what waits in a LIST.
 */
#ifndef TESTS_FAKESTORE_H
#define TESTS_FAKESTORE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fs/readers/super.h"
#include "tests/unit/fakefamily.h"

#define FAKE_GROUPS  8
#define FAKE_SOURCES 4

struct oqfs_super {
	/* 0 is the root, and the last the directory of exports. */
	struct oq_buf groups[FAKE_GROUPS];
	unsigned nasks, nstores, nlists;
	struct oq_buf family; /* the last one that was asked for */
	uint64_t more;	/* a LIST says that there are so many more; 0: none */
	uint64_t pages; /* but in the end it has so many pages; 0: no end */
	const char *good_slice; /* the one a VIEW accepts */
	uint64_t size;		/* what a VIEW says */
	int fail;		/* every ask fails with it */
	bool no_families;	/* a FAMILY fails */
	const char *parent;	/* the value of oqfs.parent */
	sem_t *asked, *answer;	/* a LIST posts the one, awaits the other */
};

struct oqfs_store {
	struct oqfs_super *super;
	struct oqfs_identity id;
	unsigned refs;
	bool retired, live;
	char path[256];
	struct oqfs_calc calc; /* as it was told */
	char absent[256];
	char sources[256];
	unsigned nsources;
	struct oqfs_store *source[FAKE_SOURCES];
};

struct oqfs_store *oqfs_store_new(struct oqfs_super *s, const char *path,
				  const struct oqfs_identity *id)
{
	struct oqfs_store *st = calloc(1, sizeof(*st));

	assert_non_null(st);
	st->super = s;
	st->id = *id;
	st->refs = 1;
	snprintf(st->path, sizeof(st->path), "%s", path);
	s->nstores++;
	return st;
}

struct oqfs_store *oqfs_store_get(struct oqfs_store *st)
{
	st->refs++;
	return st;
}

void oqfs_store_put(struct oqfs_store *st)
{
	if (!st || --st->refs)
		return;
	st->super->nstores--;
	for (unsigned i = 0; i < st->calc.nparents; i++)
		oqfs_store_put(st->calc.parents[i]);
	for (unsigned i = 0; i < st->nsources; i++)
		oqfs_store_put(st->source[i]);
	free(st);
}

void oqfs_store_retire(struct oqfs_store *st)
{
	st->retired = true;
}

bool oqfs_store_is_retired(const struct oqfs_store *st)
{
	return st->retired;
}

void oqfs_store_set_live(struct oqfs_store *st)
{
	st->live = true;
}

int oqfs_store_set_calc(struct oqfs_store *st, const struct oqfs_calc *c)
{
	st->calc = *c;
	for (unsigned i = 0; i < c->nparents; i++)
		oqfs_store_get(c->parents[i]);
	st->calc.absent = NULL;
	snprintf(st->absent, sizeof(st->absent), "%s",
		 c->absent ? c->absent : "");
	return 0;
}

int oqfs_store_set_sources(struct oqfs_store *st, const char *names, size_t len,
			   struct oqfs_store *const *sources, unsigned n)
{
	assert_true(n <= FAKE_SOURCES && len < sizeof(st->sources));
	memcpy(st->sources, names, len);
	st->nsources = n;
	for (unsigned i = 0; i < n; i++)
		st->source[i] = oqfs_store_get(sources[i]);
	return 0;
}

bool oqfs_store_may_be(const struct oqfs_store *st, const struct stat *now)
{
	return oqfs_identity_holds(&st->id, st->live, now);
}

const struct oqfs_identity *oqfs_store_identity(const struct oqfs_store *st)
{
	return &st->id;
}

const char *oqfs_store_path(const struct oqfs_store *st)
{
	return st->path;
}

static struct oq_buf *fake_group(struct oqfs_super *s, uint64_t object)
{
	uint64_t g = object == OQ_WIRE_ROOT	? 0
		     : object == OQ_WIRE_EXPORT ? FAKE_GROUPS - 1
						: object;

	assert_true(g < FAKE_GROUPS);
	return &s->groups[g];
}

static int fake_list(struct oqfs_super *s, const struct oq_request *req,
		     struct oqfs_answer *out)
{
	struct oq_buf *b = fake_group(s, req->object);

	s->nlists++;
	if (s->answer) {
		struct timespec until;

		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += 5;
		sem_post(s->asked);
		(void)sem_timedwait(s->answer, &until);
	}
	out->bytes = (const uint8_t *)b->data;
	out->reply.nbytes = (uint32_t)b->len;
	out->reply.size = s->more ? req->off + s->more : 0;
	if (s->pages && out->reply.size >= s->pages)
		out->reply.size = 0;
	return 0;
}

int oqfs_store_ask(struct oqfs_store *st, const struct oq_request *req,
		   struct oqfs_cancel *cancel, struct oqfs_answer *out,
		   struct oq_err *err)
{
	struct oqfs_super *s = st->super;

	(void)cancel;
	s->nasks++;
	*out = (struct oqfs_answer){ 0 };
	if (st->retired)
		return -ESTALE;
	if (s->fail)
		return oq_err_set(err, s->fail, "made to fail");
	switch (req->op) {
	case OQ_OP_LIST:
		return fake_list(s, req, out);
	case OQ_OP_FAMILY:
		oq_buf_free(&s->family);
		if (!s->no_families)
			fake_family(fake_group(s, req->object), req->name,
				    req->name_len, &s->family);
		out->bytes = (const uint8_t *)s->family.data;
		out->reply.nbytes = (uint32_t)s->family.len;
		out->reply.size = 100;
		return s->no_families ? -EIO : 0;
	case OQ_OP_VIEW:
		if (req->slice_len &&
		    (!s->good_slice || strcmp(req->slice, s->good_slice) != 0))
			return -ENOENT;
		out->reply.size = s->size;
		return 0;
	case OQ_OP_XGET:
		if (!s->parent)
			return -ENODATA;
		out->bytes = (const uint8_t *)s->parent;
		out->reply.nbytes = (uint32_t)strlen(s->parent);
		return 0;
	case OQ_OP_READ:
	case OQ_OP_XLIST:
	case OQ_OP_XLISTS:
	case OQ_OP_XCHECK:
	case OQ_OP_CANCEL:
	case OQ_OP_CACHE:
	case OQ_OP_CALC:
	case OQ_OP_SOURCES:
	case OQ_NOPS:
		break;
	}
	return -EPROTO;
}

void oqfs_answer_done(struct oqfs_answer *a)
{
	(void)a;
}

int oqfs_store_pread(struct oqfs_store *st, void *buf, size_t len, uint64_t off,
		     struct oq_err *err)
{
	(void)st;
	(void)buf;
	(void)len;
	(void)off;
	return oq_err_set(err, -EIO, "nothing to read");
}

#endif
