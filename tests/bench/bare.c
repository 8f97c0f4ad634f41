/* SPDX-License-Identifier: MIT */
/* bare.c - how fast chunks can be decoded at all, for `make bench`
 *
 *	bare FILE NTHREADS < list
 *
 * where a line of the list is: file offset, stored bytes, chunk bytes, element
 * bytes (0: no shuffle).
 *
 * Reads, inflates and unshuffles each chunk and throws it away, on threads
 * that take turns, with nothing of oqfs around it but its unshuffle.
 */
#include <fcntl.h>
#include <libdeflate.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/codec/shuffle.h"

struct chunk {
	unsigned long long off, stored, bytes, elem;
};

struct work {
	int fd;
	size_t n;
	struct chunk *chunks;
	atomic_size_t next;
	atomic_bool failed;
};

static int decode(struct libdeflate_decompressor *d, int fd,
		  const struct chunk *c)
{
	uint8_t *raw = malloc(c->stored), *out = malloc(c->bytes);
	uint8_t *whole = malloc(c->bytes);
	int bad = !raw || !out || !whole;

	bad = bad ||
	      pread(fd, raw, c->stored, (off_t)c->off) != (ssize_t)c->stored;
	bad = bad || libdeflate_zlib_decompress(d, raw, c->stored, out,
						c->bytes, NULL);
	if (!bad && c->elem)
		oq_unshuffle(out, whole, c->bytes, c->elem);
	free(raw);
	free(out);
	free(whole);
	return bad;
}

static void *run(void *arg)
{
	struct work *w = arg;
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	size_t i;

	while (d && (i = atomic_fetch_add(&w->next, 1)) < w->n)
		if (decode(d, w->fd, &w->chunks[i]))
			atomic_store(&w->failed, true);
	libdeflate_free_decompressor(d);
	return NULL;
}

int main(int argc, char **argv)
{
	struct work w = { .fd = argc == 3 ? open(argv[1], O_RDONLY) : -1 };
	int nthreads = argc == 3 ? atoi(argv[2]) : 0;
	pthread_t threads[64];
	struct chunk c;

	if (w.fd < 0 || nthreads < 1 || nthreads > 64)
		return 2;
	while (scanf("%llu %llu %llu %llu", &c.off, &c.stored, &c.bytes,
		     &c.elem) == 4) {
		struct chunk *more = reallocarray(w.chunks, w.n + 1, sizeof(c));

		if (!more)
			return 2;
		w.chunks = more;
		w.chunks[w.n++] = c;
	}
	for (int i = 0; i < nthreads; i++)
		if (pthread_create(&threads[i], NULL, run, &w))
			return 2;
	for (int i = 0; i < nthreads; i++)
		pthread_join(threads[i], NULL);
	free(w.chunks);
	close(w.fd);
	return w.failed;
}
