/* SPDX-License-Identifier: MIT */
/* wire.c - the messages between the front and a reader */

#include "lib/ipc/wire.h"

#include <errno.h>

#include "lib/ipc/shm.h"

/* No errno of Linux is beyond this. */
#define MAX_ERRNO 4095

static bool is_status(int32_t status)
{
	return status <= 0 && status >= -MAX_ERRNO;
}

/* What a size may be: one that a file can have, or "ask". */
static bool is_size(uint64_t size)
{
	return size <= INT64_MAX || size == OQ_WIRE_UNKNOWN;
}

/* A string of at most 'most' bytes; a longer one makes the message invalid. */
static const char *look_name(struct oq_cursor *l, size_t most, size_t *n)
{
	const char *s = oq_cursor_str(l, n);

	if (*n > most)
		l->bad = true;
	return s;
}

void oq_wire_put_request(const struct oq_request *r, struct oq_buf *out)
{
	oq_buf_put_u32(out, r->id);
	oq_buf_put_u32(out, r->op);
	oq_buf_put_u64(out, r->object);
	oq_buf_put_u32(out, r->view);
	oq_buf_put_u64(out, r->part);
	oq_buf_put_u64(out, r->off);
	oq_buf_put_u32(out, r->len);
	oq_buf_put_u32(out, r->slot);
	oq_buf_put_str(out, r->name, r->name_len);
	oq_buf_put_str(out, r->slice, r->slice_len);
}

int oq_wire_decode_request(const void *msg, size_t n, struct oq_request *r)
{
	struct oq_cursor l = { .p = msg, .left = n };
	struct oq_request got = { 0 };
	uint32_t op, view;
	size_t name_len, slice_len;

	if (n > OQ_WIRE_MAX_BYTES)
		return -EPROTO;
	got.id = oq_cursor_u32(&l);
	op = oq_cursor_u32(&l);
	got.object = oq_cursor_u64(&l);
	view = oq_cursor_u32(&l);
	got.part = oq_cursor_u64(&l);
	got.off = oq_cursor_u64(&l);
	got.len = oq_cursor_u32(&l);
	got.slot = oq_cursor_u32(&l);
	got.name = look_name(&l, OQ_WIRE_MAX_NAME, &name_len);
	got.slice = look_name(&l, OQ_WIRE_MAX_NAME, &slice_len);

	if (l.bad || l.left || got.id == 0 || op >= OQ_NOPS ||
	    view >= OQ_NVIEWS || got.len > OQ_SHM_SLOT_BYTES ||
	    got.slot >= OQ_SHM_SLOTS)
		return -EPROTO;
	got.op = (enum oq_op)op;
	got.view = (enum oq_view_kind)view;
	got.name_len = (uint32_t)name_len;
	got.slice_len = (uint32_t)slice_len;
	*r = got;
	return 0;
}

void oq_wire_put_reply(const struct oq_reply *r, struct oq_buf *out)
{
	oq_buf_put_u32(out, r->id);
	oq_buf_put_u32(out, r->flags);
	oq_buf_put_u32(out, (uint32_t)r->status);
	oq_buf_put_u32(out, r->nbytes);
	oq_buf_put_u64(out, r->size);
	oq_buf_put_u64(out, r->ext_at);
	oq_buf_put_u64(out, r->ext_off);
	oq_buf_put_u64(out, r->ext_len);
	oq_buf_put_str(out, r->err.text,
		       strnlen(r->err.text, sizeof(r->err.text) - 1));
}

int oq_wire_decode_reply(const void *msg, size_t n, struct oq_reply *r)
{
	struct oq_cursor l = { .p = msg, .left = n };
	struct oq_reply got = { 0 };
	const char *text;
	size_t text_len;

	if (n > OQ_WIRE_MAX_BYTES)
		return -EPROTO;
	got.id = oq_cursor_u32(&l);
	got.flags = oq_cursor_u32(&l);
	got.status = (int32_t)oq_cursor_u32(&l);
	got.nbytes = oq_cursor_u32(&l);
	got.size = oq_cursor_u64(&l);
	got.ext_at = oq_cursor_u64(&l);
	got.ext_off = oq_cursor_u64(&l);
	got.ext_len = oq_cursor_u64(&l);
	text = look_name(&l, sizeof(got.err.text) - 1, &text_len);

	if (l.bad || l.left || (got.flags & ~(uint32_t)OQ_REPLY_PROGRESS) ||
	    !is_status(got.status) || got.nbytes > OQ_SHM_SLOT_BYTES)
		return -EPROTO;
	/* A stranger's text: no control characters get into our log. */
	oq_err_set(&got.err, 0, "%.*s", (int)text_len, text);
	*r = got;
	return 0;
}

void oq_wire_put_entry(const struct oq_entry *e, struct oq_buf *out)
{
	oq_buf_put_str(out, e->name, e->name_len);
	oq_buf_put_u32(out, e->link);
	oq_buf_put_u32(out, e->kind);
	oq_buf_put_u64(out, e->object);
	oq_buf_put_str(out, e->target, e->target_len);
	oq_buf_put_str(out, e->file, e->file_len);
	oq_buf_put_u32(out, e->views);
	oq_buf_put_u32(out, e->listed);
	oq_buf_put_u32(out, (uint32_t)e->refused);
	oq_buf_put_u32(out, e->hidden);
	for (unsigned v = 0; v < OQ_NVIEWS; v++)
		oq_buf_put_u64(out, e->bytes[v]);
	oq_buf_put_u64(out, e->rows);
	oq_buf_put_u64(out, e->part_rows);
}

static bool entry_is_right(const struct oq_entry *e)
{
	const uint32_t beyond = ~((1U << OQ_NVIEWS) - 1);

	for (unsigned v = 0; v < OQ_NVIEWS; v++)
		if (!is_size(e->bytes[v]))
			return false;
	return !(e->views & beyond) && !(e->listed & beyond) &&
	       is_status(e->refused) && e->rows <= INT64_MAX &&
	       e->part_rows <= INT64_MAX;
}

int oq_wire_decode_entry(struct oq_cursor *l, struct oq_entry *e)
{
	struct oq_entry got = { 0 };
	uint32_t link, kind, hidden;

	if (!l->bad && l->left == 0)
		return 0;
	got.name = look_name(l, OQ_WIRE_MAX_NAME, &got.name_len);
	link = oq_cursor_u32(l);
	kind = oq_cursor_u32(l);
	got.object = oq_cursor_u64(l);
	got.target = look_name(l, OQ_WIRE_MAX_NAME, &got.target_len);
	got.file = look_name(l, OQ_WIRE_MAX_NAME, &got.file_len);
	got.views = oq_cursor_u32(l);
	got.listed = oq_cursor_u32(l);
	got.refused = (int32_t)oq_cursor_u32(l);
	hidden = oq_cursor_u32(l);
	for (unsigned v = 0; v < OQ_NVIEWS; v++)
		got.bytes[v] = oq_cursor_u64(l);
	got.rows = oq_cursor_u64(l);
	got.part_rows = oq_cursor_u64(l);

	if (l->bad || link >= OQ_NENTRY_LINKS || kind >= OQ_NENTRY_KINDS ||
	    hidden > 1 || !entry_is_right(&got))
		return -EPROTO;
	got.link = (enum oq_entry_link)link;
	got.kind = (enum oq_entry_kind)kind;
	got.hidden = hidden;
	*e = got;
	return 1;
}
