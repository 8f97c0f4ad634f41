/* SPDX-License-Identifier: MIT */
/* probe.c - can an object of a datastore be read */

#include "fs/check/probe.h"

#include <errno.h>
#include <string.h>

#include "fs/tree/parts.h"
#include "fs/tree/tree.h"
#include "lib/base/num.h"
#include "lib/ipc/shm.h"

#define WHOLE_BYTES ((uint64_t)16 << 20) /* smaller ones are read whole */

#define BIT(view)   (1U << (view))

/* The view that is nearest to what is stored. */
static enum oq_view_kind choose(const struct oq_entry *e)
{
	uint32_t views = oqfs_entry_names(e);
	enum oq_view_kind best = OQ_VIEW_META;

	/* A string alone is text, whatever else it could be. */
	if (e->listed == BIT(OQ_VIEW_TXT))
		return OQ_VIEW_TXT;
	for (unsigned v = 0; v < OQ_NVIEWS; v++)
		if ((views & BIT(v)) && oq_views[v].probe &&
		    oq_views[v].probe < oq_views[best].probe)
			best = (enum oq_view_kind)v;
	return best;
}

/* A request about an object as a whole. */
static struct oq_request request_for(enum oq_op op, const struct oq_entry *e,
				     enum oq_view_kind view)
{
	return (struct oq_request){
		.op = op,
		.object = e->object,
		.view = view,
		.part = OQ_WIRE_NO_PART,
		.name = e->name,
		.name_len = (uint32_t)e->name_len,
		.slice = "",
	};
}

static int read_range(struct oqfs_store *store, struct oq_request *req,
		      uint64_t from, uint64_t to, struct oq_err *err)
{
	int r = 0;

	req->op = OQ_OP_READ;
	while (from < to && !r) {
		struct oqfs_answer a;

		req->off = from;
		req->len = (uint32_t)oq_min_u64(to - from, OQ_SHM_SLOT_BYTES);
		r = oqfs_store_ask(store, req, NULL, &a, err);
		if (r)
			return r;
		if (a.reply.nbytes != req->len)
			r = oq_err_set(err, -EPROTO,
				       "its reader sent %u bytes instead of %u",
				       a.reply.nbytes, req->len);
		oqfs_answer_done(&a);
		from += req->len;
	}
	return r;
}

static int read_view(struct oqfs_store *store, struct oq_request *req,
		     struct oq_err *err)
{
	struct oqfs_answer a;
	uint64_t size;
	int r;

	req->op = OQ_OP_VIEW;
	r = oqfs_store_ask(store, req, NULL, &a, err);
	if (r)
		return r;
	size = a.reply.size;
	oqfs_answer_done(&a);
	if (size > INT64_MAX)
		return oq_err_set(err, -EPROTO,
				  "its reader sent no proper size");
	if (size <= WHOLE_BYTES)
		return read_range(store, req, 0, size, err);
	r = read_range(store, req, 0, OQ_SHM_SLOT_BYTES, err);
	if (!r)
		r = read_range(store, req, size - OQ_SHM_SLOT_BYTES, size, err);
	return r;
}

int oqfs_probe_dataset(struct oqfs_store *store, const struct oq_entry *e,
		       struct oq_err *err)
{
	struct oq_request req = request_for(OQ_OP_VIEW, e, choose(e));
	uint64_t parts = 0;
	int r;

	if (oq_view_has(req.view, OQ_HAS_PARTS) && e->part_rows) {
		parts = oqfs_parts_count(e->rows, e->part_rows);
		req.part = 0;
	}
	r = read_view(store, &req, err);
	if (!r && parts > 1) {
		req.part = parts - 1;
		r = read_view(store, &req, err);
	}
	/* An object that the listing calls refused is unreadable, even if no
	 * reason comes back. */
	return r ? r : e->refused;
}

static int ask_size(struct oqfs_store *store, struct oq_request *req,
		    const char *slice, struct oq_err *err)
{
	struct oqfs_answer a;
	int r;

	req->slice = slice;
	req->slice_len = (uint32_t)strlen(slice);
	r = oqfs_store_ask(store, req, NULL, &a, err);
	if (!r)
		oqfs_answer_done(&a);
	return r;
}

int oqfs_probe_parquet(struct oqfs_store *store, const struct oq_entry *e,
		       struct oq_err *err)
{
	struct oq_request req = request_for(OQ_OP_VIEW, e, OQ_VIEW_PARQUET);
	int r;

	if (!(oqfs_entry_names(e) & BIT(OQ_VIEW_PARQUET)) || e->refused)
		return 0;
	/* A slice of no rows takes no measuring; a scalar has no slices. */
	r = ask_size(store, &req, "[0:0]", err);
	if (r == -ENOENT)
		r = ask_size(store, &req, "", err);
	return r == -EOPNOTSUPP ? r : 0;
}

void oqfs_probe_left_out(struct oqfs_store *store, const struct oq_entry *e,
			 struct oq_buf *out)
{
	struct oq_request req = request_for(OQ_OP_XGET, e, OQ_VIEW_FILE);
	struct oqfs_answer a;

	req.name = "oqfs.left_out";
	req.name_len = strlen("oqfs.left_out");
	req.len = OQ_SHM_SLOT_BYTES;
	if (!(oqfs_entry_names(e) & BIT(OQ_VIEW_CSV)) ||
	    oqfs_store_ask(store, &req, NULL, &a, NULL))
		return;
	oq_buf_put(out, a.bytes, a.reply.nbytes);
	oqfs_answer_done(&a);
}

int oqfs_probe_attrs(struct oqfs_store *store, uint64_t object,
		     struct oq_err *err)
{
	struct oq_request req = {
		.op = OQ_OP_XCHECK,
		.object = object,
		.part = OQ_WIRE_NO_PART,
		.name = "",
		.slice = "",
	};
	struct oqfs_answer a;
	int r = oqfs_store_ask(store, &req, NULL, &a, err);

	if (!r)
		oqfs_answer_done(&a);
	return r;
}
