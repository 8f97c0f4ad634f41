/* SPDX-License-Identifier: MIT */
/* shm.c - both sides see the same slots, and neither can pull them away */

#include "lib/ipc/shm.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/test.h"

static void slots_are_shared(void **state)
{
	struct oq_shm front, reader;
	int fd = -1;

	(void)state;
	assert_int_equal(oq_shm_create(&front, &fd, NULL), 0);
	assert_int_equal(oq_shm_map(&reader, fd, NULL), 0);
	close(fd);
	for (uint32_t i = 0; i < OQ_SHM_SLOTS; i++) {
		memset(oq_shm_slot(&reader, i), (int)i + 1, 8);
		oq_shm_slot(&reader, i)[OQ_SHM_SLOT_BYTES - 1] = 99;
	}
	for (uint32_t i = 0; i < OQ_SHM_SLOTS; i++) {
		assert_int_equal(oq_shm_slot(&front, i)[0], i + 1);
		assert_int_equal(oq_shm_slot(&front, i)[7], i + 1);
		assert_int_equal(oq_shm_slot(&front, i)[8], 0);
		assert_int_equal(oq_shm_slot(&front, i)[OQ_SHM_SLOT_BYTES - 1],
				 99);
	}
	oq_shm_unmap(&reader);
	oq_shm_unmap(&front);
	oq_shm_unmap(&front);
	assert_null(front.base);
}

static void size_is_sealed(void **state)
{
	const off_t size = (off_t)(OQ_SHM_SLOTS * OQ_SHM_SLOT_BYTES);
	struct oq_shm front;
	int fd = -1;

	(void)state;
	assert_int_equal(oq_shm_create(&front, &fd, NULL), 0);
	assert_int_equal(ftruncate(fd, 0), -1);
	assert_int_equal(ftruncate(fd, size + 1), -1);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), -1);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
	oq_shm_unmap(&front);
}

static void others_are_refused(void **state)
{
	struct oq_shm s = { 0 };
	struct oq_err err;
	int fd = memfd_create("t", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	(void)state;
	assert_int_equal(
		ftruncate(fd, (off_t)(OQ_SHM_SLOTS * OQ_SHM_SLOT_BYTES)), 0);
	assert_int_equal(oq_shm_map(&s, fd, &err), -EPROTO); /* no seals */
	assert_int_equal(ftruncate(fd, 4096), 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS,
			       F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL),
			 0);
	assert_int_equal(oq_shm_map(&s, fd, &err), -EPROTO); /* too small */
	close(fd);
	assert_true(oq_shm_map(&s, fd, &err) < 0);
	assert_null(s.base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("what the reader writes the front reads",
		     slots_are_shared),
		TEST("nobody can change its size", size_is_sealed),
		TEST("a reader maps nothing else", others_are_refused),
	};

	return cmocka_run_group_tests_name("shm", tests, NULL, NULL);
}
