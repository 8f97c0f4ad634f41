/* SPDX-License-Identifier: MIT */
/* wire.c - messages survive the way, and nonsense does not */

#include "lib/ipc/wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/ipc/shm.h"
#include "tests/unit/test.h"

static const struct oq_request a_request = {
	.id = 77,
	.op = OQ_OP_READ,
	.object = 0x123456789abcdef0,
	.view = OQ_VIEW_NPY,
	.part = OQ_WIRE_NO_PART,
	.off = 1ULL << 40,
	.len = 4096,
	.slot = 31,
	.name = "lon",
	.name_len = 3,
	.slice = "[0:10, mag]",
	.slice_len = 11,
};

static const struct oq_reply a_reply = {
	.id = 77,
	.flags = OQ_REPLY_PROGRESS,
	.status = -EIO,
	.nbytes = 4096,
	.size = INT64_MAX,
	.ext_at = 128,
	.ext_off = 2048,
	.ext_len = 1 << 20,
	.err = { "read /lon: H5Dread: inflate() failed" },
};

static const struct oq_entry an_entry = {
	.name = "x y\xc3\xa9",
	.name_len = 5,
	.link = OQ_ENTRY_EXTERNAL,
	.kind = OQ_ENTRY_DATASET,
	.object = 800,
	.target = "/a",
	.target_len = 2,
	.file = "other.h5",
	.file_len = 8,
	.views = 0x1f,
	.listed = 7,
	.refused = -EOPNOTSUPP,
	.hidden = true,
	.bytes[OQ_VIEW_BIN] = 80,
	.bytes[OQ_VIEW_NPY] = OQ_WIRE_UNKNOWN,
	.bytes[OQ_VIEW_CSV] = 17,
	.rows = 10,
	.part_rows = 5,
};

/* A copy that ends where the message does, for a sanitizer to watch. */
static void *exact(const struct oq_buf *b, size_t n)
{
	void *p = malloc(n ? n : 1);

	assert_non_null(p);
	memcpy(p, b->data, n);
	return p;
}

static int look_request(const struct oq_buf *b, size_t n)
{
	struct oq_request r;
	void *p = exact(b, n);
	int rc = oq_wire_decode_request(p, n, &r);

	free(p);
	return rc;
}

static int look_reply(const struct oq_buf *b, size_t n)
{
	struct oq_reply r;
	void *p = exact(b, n);
	int rc = oq_wire_decode_reply(p, n, &r);

	free(p);
	return rc;
}

static int look_entry(const struct oq_buf *b, size_t n)
{
	struct oq_entry e;
	void *p = exact(b, n);
	struct oq_cursor l = { .p = p, .left = n };
	int rc = oq_wire_decode_entry(&l, &e);

	free(p);
	return rc;
}

/* ---- there and back ---- */

static void requests_arrive(void **state)
{
	OQ_BUF struct oq_buf b = { 0 };
	struct oq_request r;

	(void)state;
	oq_wire_put_request(&a_request, &b);
	assert_false(oq_buf_failed(&b));
	assert_int_equal(oq_wire_decode_request(b.data, b.len, &r), 0);
	assert_int_equal(r.id, a_request.id);
	assert_int_equal(r.op, a_request.op);
	assert_true(r.object == a_request.object);
	assert_int_equal(r.view, a_request.view);
	assert_true(r.part == a_request.part);
	assert_true(r.off == a_request.off);
	assert_int_equal(r.len, a_request.len);
	assert_int_equal(r.slot, a_request.slot);
	assert_int_equal(r.name_len, 3);
	assert_memory_equal(r.name, "lon", 3);
	assert_int_equal(r.slice_len, 11);
	assert_memory_equal(r.slice, "[0:10, mag]", 11);
}

/* The two numbers that are no addresses stay apart, from each other and from
 * what a file could have. */
static void numbers_of_ours_arrive(void **state)
{
	OQ_BUF struct oq_buf b = { 0 };
	struct oq_request r = a_request;

	(void)state;
	r.op = OQ_OP_CALC;
	r.object = OQ_WIRE_EXPORT;
	r.off = OQ_WIRE_UNKNOWN;
	oq_wire_put_request(&r, &b);
	r = a_request;
	assert_int_equal(oq_wire_decode_request(b.data, b.len, &r), 0);
	assert_int_equal(r.op, OQ_OP_CALC);
	assert_true(r.object == OQ_WIRE_EXPORT && r.object != OQ_WIRE_ROOT);
	assert_true(r.object > INT64_MAX);
	assert_true(r.off == OQ_WIRE_UNKNOWN);
}

static void replies_arrive(void **state)
{
	OQ_BUF struct oq_buf b = { 0 };
	struct oq_reply r;

	(void)state;
	oq_wire_put_reply(&a_reply, &b);
	assert_int_equal(oq_wire_decode_reply(b.data, b.len, &r), 0);
	assert_int_equal(r.id, a_reply.id);
	assert_int_equal(r.flags, a_reply.flags);
	assert_int_equal(r.status, a_reply.status);
	assert_int_equal(r.nbytes, a_reply.nbytes);
	assert_true(r.size == a_reply.size);
	assert_true(r.ext_at == a_reply.ext_at);
	assert_true(r.ext_off == a_reply.ext_off);
	assert_true(r.ext_len == a_reply.ext_len);
	assert_string_equal(r.err.text, a_reply.err.text);
}

static void entries_arrive(void **state)
{
	OQ_BUF struct oq_buf b = { 0 };
	struct oq_cursor l;
	struct oq_entry e;

	(void)state;
	for (int i = 0; i < 3; i++)
		oq_wire_put_entry(&an_entry, &b);
	l = (struct oq_cursor){ .p = (uint8_t *)b.data, .left = b.len };
	for (int i = 0; i < 3; i++) {
		assert_int_equal(oq_wire_decode_entry(&l, &e), 1);
		assert_int_equal(e.name_len, 5);
		assert_memory_equal(e.name, an_entry.name, 5);
		assert_int_equal(e.link, an_entry.link);
		assert_int_equal(e.kind, an_entry.kind);
		assert_true(e.object == an_entry.object);
		assert_memory_equal(e.target, "/a", e.target_len);
		assert_memory_equal(e.file, "other.h5", e.file_len);
		assert_int_equal(e.views, an_entry.views);
		assert_int_equal(e.listed, an_entry.listed);
		assert_int_equal(e.refused, an_entry.refused);
		assert_true(e.hidden);
		assert_true(e.bytes[OQ_VIEW_BIN] ==
			    an_entry.bytes[OQ_VIEW_BIN]);
		assert_true(e.bytes[OQ_VIEW_NPY] ==
			    an_entry.bytes[OQ_VIEW_NPY]);
		assert_true(e.bytes[OQ_VIEW_CSV] ==
			    an_entry.bytes[OQ_VIEW_CSV]);
		assert_true(e.rows == an_entry.rows);
		assert_true(e.part_rows == an_entry.part_rows);
	}
	assert_int_equal(oq_wire_decode_entry(&l, &e), 0);
}

/* ---- nonsense ---- */

static void cut_messages_fail(void **state)
{
	OQ_BUF struct oq_buf req = { 0 };
	OQ_BUF struct oq_buf rep = { 0 };
	OQ_BUF struct oq_buf ent = { 0 };

	(void)state;
	oq_wire_put_request(&a_request, &req);
	oq_wire_put_reply(&a_reply, &rep);
	oq_wire_put_entry(&an_entry, &ent);
	for (size_t n = 0; n < req.len; n++)
		assert_int_equal(look_request(&req, n), -EPROTO);
	for (size_t n = 0; n < rep.len; n++)
		assert_int_equal(look_reply(&rep, n), -EPROTO);
	for (size_t n = 1; n < ent.len; n++)
		assert_int_equal(look_entry(&ent, n), -EPROTO);
}

static void longer_messages_fail(void **state)
{
	OQ_BUF struct oq_buf req = { 0 };
	OQ_BUF struct oq_buf rep = { 0 };

	(void)state;
	oq_wire_put_request(&a_request, &req);
	oq_buf_putc(&req, 0);
	assert_int_equal(look_request(&req, req.len), -EPROTO);
	oq_wire_put_reply(&a_reply, &rep);
	oq_buf_putc(&rep, 0);
	assert_int_equal(look_reply(&rep, rep.len), -EPROTO);
}

static int request_with(struct oq_request r)
{
	OQ_BUF struct oq_buf b = { 0 };

	oq_wire_put_request(&r, &b);
	return look_request(&b, b.len);
}

static void wrong_requests_fail(void **state)
{
	struct oq_request r = a_request;
	char *name = calloc(1, OQ_WIRE_MAX_NAME + 1);

	(void)state;
	r.id = 0;
	assert_int_equal(request_with(r), -EPROTO);
	r = a_request;
	r.op = OQ_NOPS;
	assert_int_equal(request_with(r), -EPROTO);
	r = a_request;
	r.view = OQ_NVIEWS;
	assert_int_equal(request_with(r), -EPROTO);
	r = a_request;
	r.len = OQ_SHM_SLOT_BYTES + 1;
	assert_int_equal(request_with(r), -EPROTO);
	r = a_request;
	r.slot = OQ_SHM_SLOTS;
	assert_int_equal(request_with(r), -EPROTO);
	r = a_request;
	r.name = r.slice = name;
	r.name_len = r.slice_len = OQ_WIRE_MAX_NAME;
	assert_int_equal(request_with(r), 0);
	r.name_len++;
	assert_int_equal(request_with(r), -EPROTO);
	free(name);
}

static int reply_with(struct oq_reply r)
{
	OQ_BUF struct oq_buf b = { 0 };

	oq_wire_put_reply(&r, &b);
	return look_reply(&b, b.len);
}

static void wrong_replies_fail(void **state)
{
	struct oq_reply r = a_reply;

	(void)state;
	r.flags = 2;
	assert_int_equal(reply_with(r), -EPROTO);
	r = a_reply;
	r.status = 1;
	assert_int_equal(reply_with(r), -EPROTO);
	r.status = INT32_MIN;
	assert_int_equal(reply_with(r), -EPROTO);
	r = a_reply;
	r.nbytes = OQ_SHM_SLOT_BYTES + 1;
	assert_int_equal(reply_with(r), -EPROTO);
}

static int entry_with(struct oq_entry e)
{
	OQ_BUF struct oq_buf b = { 0 };

	oq_wire_put_entry(&e, &b);
	return look_entry(&b, b.len);
}

static void wrong_entries_fail(void **state)
{
	struct oq_entry e = an_entry;

	(void)state;
	assert_int_equal(entry_with(e), 1);
	e.link = OQ_NENTRY_LINKS;
	assert_int_equal(entry_with(e), -EPROTO);
	e = an_entry;
	e.kind = OQ_NENTRY_KINDS;
	assert_int_equal(entry_with(e), -EPROTO);
	e = an_entry;
	e.views = 1U << OQ_NVIEWS;
	assert_int_equal(entry_with(e), -EPROTO);
	e = an_entry;
	e.listed = 1U << 31;
	assert_int_equal(entry_with(e), -EPROTO);
	e = an_entry;
	e.refused = 1;
	assert_int_equal(entry_with(e), -EPROTO);
	e = an_entry;
	e.bytes[OQ_VIEW_BIN] = (uint64_t)INT64_MAX + 1;
	assert_int_equal(entry_with(e), -EPROTO);
	e = an_entry;
	e.rows = UINT64_MAX;
	assert_int_equal(entry_with(e), -EPROTO);
}

static void reasons_are_cleaned(void **state)
{
	struct oq_reply r = { .id = 1, .err = { "a\nb\033[2J" } };
	OQ_BUF struct oq_buf b = { 0 };

	(void)state;
	oq_wire_put_reply(&r, &b);
	assert_int_equal(oq_wire_decode_reply(b.data, b.len, &r), 0);
	assert_string_equal(r.err.text, "a?b?[2J");
}

/* Whatever a byte is changed to, nothing outside the message is read. */
static void changed_bytes_are_harmless(void **state)
{
	OQ_BUF struct oq_buf req = { 0 };
	OQ_BUF struct oq_buf rep = { 0 };
	OQ_BUF struct oq_buf ent = { 0 };

	(void)state;
	oq_wire_put_request(&a_request, &req);
	oq_wire_put_reply(&a_reply, &rep);
	oq_wire_put_entry(&an_entry, &ent);
	for (int bit = 0; bit < 8; bit++) {
		for (size_t i = 0; i < ent.len; i++) {
			ent.data[i] ^= (char)(1 << bit);
			(void)look_entry(&ent, ent.len);
			ent.data[i] ^= (char)(1 << bit);
		}
		for (size_t i = 0; i < req.len; i++) {
			req.data[i] ^= (char)(1 << bit);
			(void)look_request(&req, req.len);
			req.data[i] ^= (char)(1 << bit);
		}
		for (size_t i = 0; i < rep.len; i++) {
			rep.data[i] ^= (char)(1 << bit);
			(void)look_reply(&rep, rep.len);
			rep.data[i] ^= (char)(1 << bit);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("a request arrives as it was sent", requests_arrive),
		TEST("so do the numbers that are no addresses",
		     numbers_of_ours_arrive),
		TEST("a reply arrives as it was sent", replies_arrive),
		TEST("entries arrive one after the other", entries_arrive),
		TEST("a message cut anywhere fails", cut_messages_fail),
		TEST("a message with more behind it fails",
		     longer_messages_fail),
		TEST("a request with a wrong number fails",
		     wrong_requests_fail),
		TEST("a reply with a wrong number fails", wrong_replies_fail),
		TEST("an entry with a wrong number fails", wrong_entries_fail),
		TEST("a reason has no control characters", reasons_are_cleaned),
		TEST("any changed bit is harmless", changed_bytes_are_harmless),
	};

	return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
