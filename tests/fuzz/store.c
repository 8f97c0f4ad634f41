/* SPDX-License-Identifier: MIT */
/* store.c - a reader's whole way through a file: list, attributes, views
 *
 * As a reader does it, main thread and worker; only the sandbox and the socket
 * are left out.  A store is never closed, as in a reader; so a process does
 * some thousands of files and no more (-fork=1 starts another).  libhdf5 is
 * known to crash on damaged files, which is why there are readers: the script
 * tests/fuzz tells those crashes from ours.
 */

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "lib/ipc/shm.h"
#include "lib/reader/store.h"
#include "tests/fuzz/input.h"

#define MAX_DEPTH  4
#define MAX_ASKS   400 /* of one file */
#define PART_BYTES 5000
#define PATIENCE_S 2

struct visit {
	struct oq_store *store;
	unsigned asks;
	time_t until;
	int done; /* eventfd */
	uint8_t *slot;
};

/* A view's size and some of its bytes: a worker's part. */
struct look {
	struct oq_job job; /* first: the job is its look */
	struct visit *visit;
	struct oq_file *shown;
};

static bool is_patient(void *ctx, uint64_t done, uint64_t all)
{
	const struct visit *v = ctx;

	(void)done, (void)all;
	return time(NULL) < v->until;
}

static void read_some(struct look *l, uint64_t size)
{
	struct oq_file *s = l->shown;
	struct oq_err err;
	uint64_t at[] = { 0, size / 2, size > 7 ? size - 7 : 0 };

	for (size_t i = 0; i < 3; i++) {
		uint64_t left = at[i] < size ? size - at[i] : 0;
		ssize_t n = s->read(s, at[i], PART_BYTES, l->visit->slot, &err);

		/* As many as the size promised, or a reason. */
		if (n >= 0 &&
		    (uint64_t)n != (left < PART_BYTES ? left : PART_BYTES))
			abort();
	}
}

static void do_look(struct oq_job *job)
{
	struct look *l = (struct look *)job;
	struct oq_progress p = { is_patient, l->visit };
	const uint64_t one = 1;
	struct oq_err err;
	uint64_t size;

	if (l->shown->size(l->shown, &p, &size, &err) == 0)
		read_some(l, size);
	if (write(l->visit->done, &one, sizeof(one)) != sizeof(one))
		abort();
}

/* The main thread runs errands until the worker is done. */
static void await(struct visit *v)
{
	struct oq_errands *errands = oq_store_env(v->store)->errands;
	struct pollfd fds[] = {
		{ .fd = v->done, .events = POLLIN },
		{ .fd = oq_errands_fd(errands), .events = POLLIN },
	};
	uint64_t n;

	while (!fds[0].revents) {
		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[1].revents)
			oq_errands_run(errands);
	}
	if (read(v->done, &n, sizeof(n)) != sizeof(n))
		abort();
}

static void view(struct visit *v, const struct oq_entry *e,
		 enum oq_view_kind kind, const char *slice)
{
	const struct oq_request key = {
		.object = e->object,
		.view = kind,
		.part = e->part_rows && kind == OQ_VIEW_CSV && !*slice
				? 0
				: OQ_WIRE_NO_PART,
		.name = e->name,
		.name_len = (uint32_t)e->name_len,
		.slice = slice,
		.slice_len = (uint32_t)strlen(slice),
	};
	struct look l = { .job.run = do_look, .visit = v };
	struct oq_cached_file *o;
	struct oq_err err;

	if (v->asks++ > MAX_ASKS || oq_store_view(v->store, &key, &o, &err))
		return;
	l.shown = oq_filecache_file(o);
	oq_pool_submit(oq_store_env(v->store)->pool, &l.job, OQ_URGENT);
	await(v);
	oq_filecache_put(o);
}

static void attributes(struct visit *v, uint64_t object)
{
	OQ_BUF struct oq_buf names = { 0 };
	struct oq_err err;

	(void)oq_store_xcheck(v->store, object, &err);
	if (oq_store_xlist(v->store, object, &names, &err))
		return;
	for (size_t at = 0; at < names.len && v->asks++ < MAX_ASKS;) {
		OQ_BUF struct oq_buf value = { 0 };

		(void)oq_store_xget(v->store, object, names.data + at, &value,
				    &err);
		at += strlen(names.data + at) + 1;
	}
}

static void group(struct visit *v, uint64_t object, int depth);

static void entry(struct visit *v, const struct oq_entry *e, int depth)
{
	if (e->kind == OQ_ENTRY_DANGLING || e->link != OQ_ENTRY_HARD)
		return;
	attributes(v, e->object);
	for (unsigned k = 0; k < OQ_NVIEWS; k++)
		if (e->views >> k & 1)
			view(v, e, (enum oq_view_kind)k, "");
	if (e->views >> OQ_VIEW_BIN & 1)
		view(v, e, OQ_VIEW_BIN, "[1:9:3]");
	if (e->kind == OQ_ENTRY_GROUP && depth < MAX_DEPTH)
		group(v, e->object, depth + 1);
}

static void group(struct visit *v, uint64_t object, int depth)
{
	OQ_BUF struct oq_buf out = { 0 };
	struct oq_list_spec spec = { object, 0, OQ_SHM_SLOT_BYTES, NULL };
	struct oq_cursor l;
	struct oq_entry e;
	struct oq_err err;
	uint64_t next;
	int r;

	if (v->asks++ > MAX_ASKS ||
	    oq_store_list(v->store, &spec, &out, &next, &err))
		return;
	l = (struct oq_cursor){ .p = (const uint8_t *)out.data,
				.left = out.len };
	while ((r = oq_wire_decode_entry(&l, &e)) == 1)
		entry(v, &e, depth);
	/* The front would call this a lie. */
	if (r < 0)
		abort();
}

/* As if it had been made from itself. */
static void exports(struct visit *v, int fd)
{
	const int parent = dup(fd);
	const struct oq_calc_spec spec = {
		.number = 42,
		.fds = &parent,
		.nfds = 1,
		.absent = "",
	};

	if (parent < 0 || oq_store_set_calc(v->store, &spec) < 0)
		abort();
	attributes(v, OQ_WIRE_EXPORT);
	group(v, OQ_WIRE_EXPORT, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct visit v = { .until = time(NULL) + PATIENCE_S };
	struct oq_store_opts o = {
		.fd = memfd_create("fuzz", MFD_CLOEXEC),
		.reader = {
			.nthreads = 1,
			.cache_bytes = 1 << 20,
			.csv_split = 1 << 20,
			.conventions = 1,
		},
	};
	struct oq_err err;

	v.done = eventfd(0, EFD_CLOEXEC);
	v.slot = malloc(PART_BYTES);
	if (o.fd < 0 || v.done < 0 || !v.slot ||
	    write(o.fd, data, n) != (ssize_t)n)
		abort();
	if (oq_store_open(&o, &v.store, &err) == 0) {
		exports(&v, o.fd);
		attributes(&v, OQ_WIRE_ROOT);
		group(&v, OQ_WIRE_ROOT, 0);
	}
	close(v.done);
	free(v.slot);
	return 0;
}
