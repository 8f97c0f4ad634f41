/* SPDX-License-Identifier: MIT */
/* view.c - the size and the bytes of a VIEW node */

#include "fs/tree/view.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/num.h"
#include "lib/ipc/shm.h"

static struct oq_request request_for(const struct oqfs_node *n, enum oq_op op)
{
	const char *slice = n->is.slice ? n->is.slice : "";

	return (struct oq_request){
		.op = op,
		.object = n->is.object,
		.view = n->is.view,
		.part = n->is.part,
		.name = n->is.link,
		.name_len = (uint32_t)n->is.link_len,
		.slice = slice,
		.slice_len = (uint32_t)strlen(slice),
	};
}

/* What a reader says of a view is a stranger's word. */
static bool extent_is_right(const struct oqfs_extent *e)
{
	uint64_t end;

	return e->size <= INT64_MAX && !oq_add_overflows(e->at, e->len, &end) &&
	       end <= e->size && !oq_add_overflows(e->off, e->len, &end) &&
	       end <= INT64_MAX;
}

static int ask_extent(struct oqfs_front *f, struct oqfs_node *n,
		      struct oqfs_cancel *cancel, struct oqfs_extent *e,
		      struct oq_err *err)
{
	struct oq_request req = request_for(n, OQ_OP_VIEW);
	struct oqfs_generation *gen = oqfs_node_gen(f->nodes, n);
	struct oqfs_answer a;
	int r = oqfs_store_ask(gen->store, &req, cancel, &a, err);

	oqfs_generation_put(gen);
	if (r)
		return r;
	*e = (struct oqfs_extent){ a.reply.size, a.reply.ext_at,
				   a.reply.ext_off, a.reply.ext_len };
	oqfs_answer_done(&a);
	if (!extent_is_right(e))
		return oq_err_set(err, -EPROTO,
				  "its reader sent no proper size");
	return 0;
}

/* Keep how it went with bytes [off, off + len), or the whole where there are
 * none. */
static int note(struct oqfs_front *f, const struct oqfs_node *n, uint64_t off,
		size_t len, int status, const struct oq_err *err)
{
	const char *slice = n->is.slice ? n->is.slice : "";
	const struct oqfs_attempt a = {
		.object = n->is.object,
		.what = (uint64_t)n->is.view ^ n->is.part << 8 ^
			oq_name_hash(slice, strlen(slice)) << 4,
		.off = off,
		.len = len,
	};
	struct oqfs_generation *gen = oqfs_node_gen(f->nodes, n);

	oqfs_reasons_note(&gen->reasons, &a, status, err);
	oqfs_generation_put(gen);
	return status;
}

static int measure(struct oqfs_front *f, struct oqfs_node *n,
		   struct oqfs_cancel *cancel, struct oqfs_extent *e,
		   struct oq_err *err)
{
	int r = ask_extent(f, n, cancel, e, err);

	if (r)
		return r;
	/* The kernel may have been told already. */
	if (n->is.size != OQ_WIRE_UNKNOWN && n->is.size != e->size)
		return oq_err_set(err, -EPROTO,
				  "its reader gave two sizes, %llu and %llu",
				  (unsigned long long)n->is.size,
				  (unsigned long long)e->size);
	oqfs_node_set_extent(f->nodes, n, e);
	return 0;
}

int oqfs_view_measure(struct oqfs_front *f, struct oqfs_node *n,
		      struct oqfs_cancel *cancel, struct oqfs_extent *e,
		      struct oq_err *err)
{
	if (oqfs_node_extent(f->nodes, n, e))
		return 0;
	return note(f, n, 0, 0, measure(f, n, cancel, e, err), err);
}

bool oqfs_view_is_troubled(int r)
{
	switch (-r) {
	case EIO:
	case EPROTO:
	case ETIMEDOUT:
	case EOPNOTSUPP:
	case EFBIG:
	case EOVERFLOW:
	case E2BIG:
		return true;
	}
	return false;
}

bool oqfs_view_size(struct oqfs_front *f, const struct oqfs_node *n,
		    uint64_t *size)
{
	struct oqfs_extent e;

	if (n->is.size != OQ_WIRE_UNKNOWN) {
		*size = n->is.size;
		return true;
	}
	if (!oqfs_node_extent(f->nodes, n, &e))
		return false;
	*size = e.size;
	return true;
}

int oqfs_view_refusal(struct oqfs_front *f, struct oqfs_node *n,
		      struct oqfs_cancel *cancel, struct oq_err *err)
{
	struct oqfs_extent e;
	int r = ask_extent(f, n, cancel, &e, err);

	if (r == 0 || r == -ENOENT)
		return n->is.refused;
	return r;
}

void oqfs_bytes_done(struct oqfs_front *f, struct oqfs_bytes *b)
{
	if (b->is_lent)
		oqfs_answer_done(&b->answer);
	b->is_lent = false;
	oqfs_buffers_give(f->buffers, b->buffer);
	b->buffer = NULL;
}

/* At most one slot full from the reader. */
static int ask_bytes(struct oqfs_store *store, struct oq_request *req,
		     struct oqfs_cancel *cancel, struct oqfs_answer *a,
		     struct oq_err *err)
{
	int r = oqfs_store_ask(store, req, cancel, a, err);

	if (r)
		return r;
	if (a->reply.nbytes == req->len)
		return 0;
	oqfs_answer_done(a);
	return oq_err_set(err, -EPROTO,
			  "its reader sent %u bytes instead of %u",
			  a->reply.nbytes, req->len);
}

/* Bytes [off, off + len) by pieces: each either the file's or the reader's. */
static int gather(struct oqfs_store *store, const struct oqfs_extent *e,
		  struct oq_request *req, struct oqfs_cancel *cancel, char *to,
		  size_t len, struct oq_err *err)
{
	uint64_t off = req->off;
	int r = 0;

	while (len && !r) {
		bool own = off >= e->at && off - e->at < e->len;
		size_t n = len;
		struct oqfs_answer a;

		if (own) {
			n = (size_t)oq_min_u64(n, e->at + e->len - off);
			r = oqfs_store_pread(store, to, n,
					     e->off + (off - e->at), err);
		} else {
			if (e->len && off < e->at)
				n = (size_t)oq_min_u64(n, e->at - off);
			n = n < OQ_SHM_SLOT_BYTES ? n : OQ_SHM_SLOT_BYTES;
			req->off = off;
			req->len = (uint32_t)n;
			r = ask_bytes(store, req, cancel, &a, err);
			if (!r) {
				memcpy(to, a.bytes, n);
				oqfs_answer_done(&a);
			}
		}
		to += n;
		off += n;
		len -= n;
	}
	return r;
}

static int read_extent(struct oqfs_front *f, struct oqfs_store *store,
		       const struct oqfs_extent *e, struct oq_request *req,
		       struct oqfs_cancel *cancel, struct oqfs_bytes *out,
		       struct oq_err *err)
{
	uint64_t end = req->off + out->len; /* <= size */
	int r;

	if (out->len <= OQ_SHM_SLOT_BYTES &&
	    (e->len == 0 || end <= e->at || req->off >= e->at + e->len)) {
		req->len = (uint32_t)out->len;
		r = ask_bytes(store, req, cancel, &out->answer, err);
		if (r)
			return r;
		out->is_lent = true;
		out->data = out->answer.bytes;
		return 0;
	}
	out->buffer = oqfs_buffers_take(f->buffers, out->len);
	if (!out->buffer)
		return -ENOMEM;
	out->data = out->buffer->data;
	r = gather(store, e, req, cancel, out->buffer->data, out->len, err);
	if (r)
		oqfs_bytes_done(f, out);
	return r;
}

int oqfs_view_read(struct oqfs_front *f, struct oqfs_node *n, uint64_t off,
		   size_t len, struct oqfs_cancel *cancel,
		   struct oqfs_bytes *out, struct oq_err *err)
{
	struct oq_request req = request_for(n, OQ_OP_READ);
	struct oqfs_extent e;
	struct oqfs_generation *gen;
	int r = oqfs_view_measure(f, n, cancel, &e, err);

	*out = (struct oqfs_bytes){ 0 };
	if (r)
		return r;
	if (off >= e.size)
		return 0;
	out->len = (size_t)oq_min_u64(len, e.size - off);
	req.off = off;
	if (out->len == 0)
		return 0;
	gen = oqfs_node_gen(f->nodes, n);
	r = read_extent(f, gen->store, &e, &req, cancel, out, err);
	oqfs_generation_put(gen);
	return note(f, n, off, out->len, r, err);
}
