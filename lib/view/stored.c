/* SPDX-License-Identifier: MIT */
/* stored.c - the view of files that a datastore holds, decompressed
 *
 * The engine's `input/` group has the user's input files as gzip bytes in a
 * scalar opaque.  They are shown under their own names.
 */

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "lib/base/cleanup.h"
#include "lib/base/fetch.h"
#include "lib/base/num.h"
#include "lib/view/view.h"

#define BLOCK_BYTES ((size_t)256 << 10)
#define IN_BYTES    ((size_t)64 << 10)

/* What a stored file may decompress to; the engine's inputs are megabytes. */
#define MAX_BYTES   ((uint64_t)4 << 30)

static const uint8_t magic[] = { 0x1f, 0x8b, 8 };

static bool is_stored(const struct oq_env *env, struct oq_h5_dset *d)
{
	const struct oq_dataset *info = oq_h5_dset_info(d);
	OQ_FREE uint8_t *elem = NULL;
	uint8_t head[sizeof(magic)];

	if (info->space != OQ_SCALAR || info->type->cls != OQ_OPAQUE ||
	    info->type->size < 18)
		return false;
	if (info->layout == OQ_CONTIGUOUS) {
		if (info->file_off == OQ_NO_ADDR ||
		    !oq_h5_fetch(env->h5, head, sizeof(head), info->file_off))
			return false;
		return memcmp(head, magic, sizeof(magic)) == 0;
	}
	/* Compact: at most 64 KiB. */
	if (info->layout != OQ_COMPACT)
		return false;
	elem = calloc(1, info->type->size);
	return elem && oq_h5_read(d, NULL, NULL, NULL, elem, NULL) == 0 &&
	       memcmp(elem, magic, sizeof(magic)) == 0;
}

/* How the fields below are protected:
 *   I  set before it is shared, never changed
 *   L  under 'lock': there is one decompressor, which goes forward only; to
 *      go back it starts anew */
struct stored {
	struct oq_file base;	 /* I; first: a shown view is its file */
	struct oq_filler filler; /* I */
	const struct oq_env *env;
	struct oq_source *src; /* I; owned */
	pthread_mutex_t lock;
	uint8_t *whole;	      /* L: the gzip bytes, where the file has no run */
	bool sized;	      /* L */
	uint64_t size;	      /* L: decompressed */
	z_stream z;	      /* L */
	bool started;	      /* L: 'z' is in use */
	bool ended;	      /* L: nothing follows 'out_pos' */
	uint64_t in_pos;      /* L: gzip bytes given to 'z' */
	uint64_t out_pos;     /* L: bytes taken from it */
	uint8_t in[IN_BYTES]; /* L */
};

static struct stored *of_filler(const struct oq_filler *f)
{
	return (struct stored *)((uintptr_t)f -
				 offsetof(struct stored, filler));
}

static int restart_locked(struct stored *s, struct oq_err *err)
{
	if (s->started)
		inflateEnd(&s->z);
	memset(&s->z, 0, sizeof(s->z));
	s->started = inflateInit2(&s->z, 15 + 16) == Z_OK;
	s->in_pos = s->out_pos = 0;
	s->ended = false;
	return s->started ? 0
			  : oq_err_set(err, -ENOMEM, "no memory to inflate");
}

static int refill_locked(struct stored *s, struct oq_err *err)
{
	uint64_t total = s->src->type->size;
	size_t n = oq_min_u64(IN_BYTES, total - s->in_pos);
	int r;

	if (n == 0)
		return oq_err_set(err, -EIO, "a stored file is cut off");
	if (s->src->file_off != OQ_NO_ADDR) {
		r = oq_fetch(s->env->fd, s->in, n, s->src->file_off + s->in_pos,
			     err);
		if (r < 0)
			return r;
	} else {
		if (!s->whole) {
			OQ_FREE uint8_t *whole = malloc(total);

			if (!whole)
				return oq_err_set(err, -ENOMEM, "no memory");
			r = oq_source_read(s->src, 0, 1, whole, err);
			if (r < 0)
				return r;
			s->whole = oq_steal(&whole);
		}
		memcpy(s->in, s->whole + s->in_pos, n);
	}
	s->z.next_in = s->in;
	s->z.avail_in = (uInt)n;
	s->in_pos += n;
	return 0;
}

/* A gzip file may have several members; zeros after the last are padding. */
static int next_member_locked(struct stored *s, struct oq_err *err)
{
	for (;;) {
		if (!s->z.avail_in && s->in_pos == s->src->type->size) {
			s->ended = true;
			return 0;
		}
		if (!s->z.avail_in) {
			int r = refill_locked(s, err);

			if (r < 0)
				return r;
		}
		if (*s->z.next_in)
			break;
		s->z.next_in++;
		s->z.avail_in--;
	}
	if (*s->z.next_in != magic[0])
		return oq_err_set(err, -EIO, "bytes follow a stored file");
	inflateReset(&s->z);
	return 0;
}

/* Up to 'n' further bytes to 'out'; fewer only at the end. */
static ssize_t take_locked(struct stored *s, uint8_t *out, size_t n,
			   struct oq_err *err)
{
	s->z.next_out = out;
	s->z.avail_out = (uInt)n;
	while (s->z.avail_out && !s->ended) {
		int r = s->z.avail_in ? 0 : refill_locked(s, err);

		if (r < 0)
			return r;
		r = inflate(&s->z, Z_NO_FLUSH);
		if (r == Z_STREAM_END)
			r = next_member_locked(s, err);
		else if (r != Z_OK && r != Z_BUF_ERROR)
			r = oq_err_set(err, -EIO, "a stored file is damaged");
		else
			r = 0;
		if (r < 0)
			return r;
	}
	s->out_pos += n - s->z.avail_out;
	if (s->out_pos > MAX_BYTES)
		return oq_err_set(
			err, -EFBIG,
			"a stored file decompresses to more than 4 GiB");
	return (ssize_t)(n - s->z.avail_out);
}

/* Decompress block 'i', going back to the start where that is needed. */
static ssize_t make_block_locked(struct stored *s, uint64_t i, uint8_t *out,
				 struct oq_err *err)
{
	ssize_t n;

	if (!s->started || s->out_pos > i * BLOCK_BYTES) {
		int r = restart_locked(s, err);

		if (r < 0)
			return r;
	}
	do {
		uint64_t at = s->out_pos;

		n = take_locked(s, out, BLOCK_BYTES, err);
		if (n < 0) {
			/* After a failure zlib's state is of no use: start
			 * anew. */
			inflateEnd(&s->z);
			s->started = false;
			return n;
		}
		if (at == i * BLOCK_BYTES)
			return n;
	} while (n);
	return 0;
}

static int fill(const struct oq_filler *f, uint64_t i, uint8_t **data,
		size_t *len, struct oq_err *err)
{
	struct stored *s = of_filler(f);
	OQ_FREE uint8_t *block = malloc(BLOCK_BYTES);
	ssize_t n;

	if (!block)
		return oq_err_set(err, -ENOMEM, "no memory");
	pthread_mutex_lock(&s->lock);
	n = make_block_locked(s, i, block, err);
	pthread_mutex_unlock(&s->lock);
	if (n < 0)
		return (int)n;
	*data = oq_steal(&block);
	*len = (size_t)n;
	return 0;
}

static int stored_size(struct oq_file *shown, const struct oq_progress *p,
		       uint64_t *size, struct oq_err *err)
{
	struct stored *s = (struct stored *)shown;
	struct oq_block b = { .len = BLOCK_BYTES };
	uint64_t total = 0;
	bool sized;
	int r = 0;

	pthread_mutex_lock(&s->lock);
	sized = s->sized;
	total = s->size;
	pthread_mutex_unlock(&s->lock);
	for (uint64_t i = 0; !sized && b.len == BLOCK_BYTES; i++) {
		r = oq_cache_get(s->env->cache, &s->filler, i, &b, err);
		if (r < 0)
			return r;
		total += b.len;
		oq_cache_put(s->env->cache, &b);
		b.len = total == (i + 1) * BLOCK_BYTES ? BLOCK_BYTES : 0;
		if (p && !p->tell(p->ctx, 0, 0))
			return oq_err_set(err, -EINTR, "interrupted");
	}
	pthread_mutex_lock(&s->lock);
	s->sized = true;
	s->size = total;
	pthread_mutex_unlock(&s->lock);
	*size = total;
	return 0;
}

static ssize_t stored_read(struct oq_file *shown, uint64_t off, size_t len,
			   uint8_t *out, struct oq_err *err)
{
	struct stored *s = (struct stored *)shown;
	size_t done = 0;

	while (done < len) {
		uint64_t i = (off + done) / BLOCK_BYTES;
		size_t skip = (off + done) % BLOCK_BYTES, n;
		struct oq_block b;
		int r = oq_cache_get(s->env->cache, &s->filler, i, &b, err);

		if (r < 0)
			return r;
		n = b.len > skip ? oq_min_u64(len - done, b.len - skip) : 0;
		memcpy(out + done, b.data + skip, n);
		oq_cache_put(s->env->cache, &b);
		if (!n)
			break;
		done += n;
	}
	return (ssize_t)done;
}

static void stored_close(struct oq_file *shown)
{
	struct stored *s = (struct stored *)shown;

	oq_cache_forget(s->env->cache, &s->filler);
	if (s->started)
		inflateEnd(&s->z);
	oq_source_close(s->src);
	pthread_mutex_destroy(&s->lock);
	free(s->whole);
	free(s);
}

/* Decompressed as it is read, in bounded memory.  Takes over 'src', also on
 * failure. */
static int open_stored(const struct oq_env *env, struct oq_source *src,
		       struct oq_file **out, struct oq_err *err)
{
	struct stored *s = calloc(1, sizeof(*s));

	if (!s) {
		oq_source_close(src);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	s->base.size = stored_size;
	s->base.read = stored_read;
	s->base.close = stored_close;
	s->env = env;
	s->src = src;
	s->filler.owner = oq_cache_owner(env->cache);
	s->filler.fill = fill;
	pthread_mutex_init(&s->lock, NULL);
	*out = &s->base;
	return 0;
}

/* ---- the view ---- */

static enum oq_offered offer(const struct oq_subject *s, uint64_t *size)
{
	(void)size;
	return s->dset && !s->refused && is_stored(s->env, s->dset)
		       ? OQ_INSTEAD
		       : OQ_NOT_OFFERED;
}

static int open_view(struct oq_opening *o, struct oq_file **out,
		     struct oq_err *err)
{
	struct oq_source *src;
	int r = oq_content_source(o->content, &src, err);

	return r < 0 ? r : open_stored(o->env, src, out, err);
}

const struct oq_view_ops oq_view_stored = { offer, open_view };
