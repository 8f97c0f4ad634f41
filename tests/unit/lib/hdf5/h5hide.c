/* SPDX-License-Identifier: MIT */
/* h5hide.c - headers whose attributes are hidden, and those that are damaged */

#include "lib/hdf5/h5int.h"
#include "lib/hdf5/h5mask.h"
#include "tests/make/h5fixture.h"

#define HEADER_AT  8192
#define HEAD_BYTES 16

static void put(uint8_t **p, uint64_t v, size_t bytes)
{
	for (; bytes; bytes--, v >>= 8)
		*(*p)++ = (uint8_t)v;
}

static void put_message(uint8_t **p, unsigned kind, unsigned bytes)
{
	put(p, kind, 2);
	put(p, bytes, 2);
	put(p, 0, 4);
}

/* An attribute whose name has 'len' bytes, of a datatype to come. */
static void put_attribute(uint8_t **p, unsigned len)
{
	put_message(p, 0x0c, 8 + len + 8);
	put(p, 1, 2);
	put(p, len, 2);
	put(p, 8, 2);
	put(p, 8, 2);
	memset(*p, 'x', len);
	*p += len;
	put(p, 0xf0, 8);
}

/* A header of version 1 at HEADER_AT: 'goes_on' times to its own 'len' bytes
 * of messages, or 'elsewhere' each time one message later, then 'n'
 * attributes with names of 'name_len' bytes. */
static void append_header(const struct fixture *f, unsigned goes_on,
			  bool elsewhere, unsigned n, unsigned name_len)
{
	size_t len = goes_on * 24 + n * (24 + name_len);
	uint8_t *data = mk_alloc(HEAD_BYTES + len), *p = data;
	int fd = open(f->path, O_WRONLY | O_CLOEXEC);

	put(&p, 1, 2);
	put(&p, goes_on + n, 2);
	put(&p, 1, 4);
	put(&p, len, 8);
	for (unsigned i = 0; i < goes_on; i++) {
		put_message(&p, 0x10, 16);
		put(&p, HEADER_AT + HEAD_BYTES + (elsewhere ? 24 * i : 0), 8);
		put(&p, len - (elsewhere ? 24 * i : 0), 8);
	}
	for (unsigned i = 0; i < n; i++)
		put_attribute(&p, name_len);
	assert_int_equal(pwrite(fd, data, HEAD_BYTES + len, HEADER_AT),
			 HEAD_BYTES + len);
	close(fd);
	free(data);
}

static void open_with(struct fixture *f, unsigned goes_on, bool elsewhere,
		      unsigned n, unsigned name_len)
{
	mk_done(begin(f, EARLIEST, 0));
	append_header(f, goes_on, elsewhere, n, name_len);
	reopen(f);
}

static void test_nothing(void **state)
{
	struct fixture f;

	(void)state;
	open_with(&f, 0, false, 0, 0);
	assert_null(oq_h5_without_new(f.h, HEADER_AT));
	assert_int_equal(f.h->hidden->nnames, 0);
	end(&f);
}

static void test_some(void **state)
{
	struct fixture f;
	size_t at = 0;

	(void)state;
	open_with(&f, 0, false, 2, 8);
	assert_non_null(oq_h5_without_new(f.h, HEADER_AT));
	assert_string_equal(oq_h5_hidden_name(f.h, HEADER_AT, &at), "xxxxxxxx");
	assert_non_null(oq_h5_hidden_name(f.h, HEADER_AT, &at));
	assert_null(oq_h5_hidden_name(f.h, HEADER_AT, &at));
	end(&f);
}

/* A header that goes on where it is already is not gone through for ever: once
 * as what it is, once as what follows. */
static void test_circle(void **state)
{
	struct fixture f;

	(void)state;
	open_with(&f, 400, false, 1, 8);
	(void)oq_h5_without_new(f.h, HEADER_AT);
	assert_int_equal(f.h->hidden->nnames, 2);
	end(&f);
}

/* Hundreds of blocks that lie one in the other do not fill memory. */
static void test_one_in_the_other(void **state)
{
	struct fixture f;

	(void)state;
	open_with(&f, 400, true, 40, 60000);
	assert_null(oq_h5_without_new(f.h, HEADER_AT));
	assert_true(f.h->hidden->name_bytes <= OQ_MAX_HIDDEN_BYTES);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_some),
		cmocka_unit_test(test_circle),
		cmocka_unit_test(test_one_in_the_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
