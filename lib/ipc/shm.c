/* SPDX-License-Identifier: MIT */
/* shm.c - the memory that front and reader share, and its slots */

#include "lib/ipc/shm.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "lib/base/cleanup.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U /* Linux 6.3 */
#endif

/* With a page for the number behind the slots. */
#define SHM_BYTES  (OQ_SHM_SLOTS * OQ_SHM_SLOT_BYTES + 4096)
#define SIZE_SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

static int make_memfd(void)
{
	const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create("oqfs-slots", flags | MFD_NOEXEC_SEAL);

	if (fd < 0 && errno == EINVAL) /* an older kernel */
		fd = memfd_create("oqfs-slots", flags);
	return fd;
}

static int map(struct oq_shm *s, int fd, int prot, struct oq_err *err)
{
	void *p = mmap(NULL, SHM_BYTES, prot, MAP_SHARED, fd, 0);

	if (p == MAP_FAILED)
		return oq_err_set(err, -errno, "map shared memory: %s",
				  strerror(errno));
	s->base = p;
	return 0;
}

int oq_shm_create(struct oq_shm *s, int *fd, struct oq_err *err)
{
	OQ_CLOSE int made = make_memfd();
	int rc;

	if (made < 0 || ftruncate(made, SHM_BYTES) ||
	    fcntl(made, F_ADD_SEALS, SIZE_SEALS))
		return oq_err_set(err, -errno, "make shared memory: %s",
				  strerror(errno));
	/* The front never writes to a slot. */
	rc = map(s, made, PROT_READ, err);
	if (rc)
		return rc;
	*fd = oq_steal_fd(&made);
	return 0;
}

int oq_shm_map(struct oq_shm *s, int fd, struct oq_err *err)
{
	struct stat st;
	int seals = fcntl(fd, F_GET_SEALS);

	if (seals < 0 || fstat(fd, &st))
		return oq_err_set(err, -errno, "shared memory: %s",
				  strerror(errno));
	if ((seals & SIZE_SEALS) != SIZE_SEALS || st.st_size != SHM_BYTES)
		return oq_err_set(
			err, -EPROTO,
			"shared memory of the wrong size or unsealed");
	return map(s, fd, PROT_READ | PROT_WRITE, err);
}

void oq_shm_unmap(struct oq_shm *s)
{
	if (s->base)
		(void)munmap(s->base, SHM_BYTES);
	s->base = NULL;
}
