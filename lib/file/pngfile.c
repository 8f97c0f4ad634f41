/* SPDX-License-Identifier: MIT */
/* pngfile.c - a picture as a png, made when it is first needed */

#include <errno.h>
#include <png.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/file/picture.h"

/* How the fields below are protected:
 *   I  set before it is shared, never changed
 *   L  under 'lock', which is held while the png is made: whoever wants its
 *      size must wait for that anyway.  'text' does not change once made. */
struct pngfile {
	struct oq_file base;	   /* I; first: what the caller gets */
	struct oq_source *src;	   /* I; owned */
	struct oq_picture picture; /* I */
	pthread_mutex_t lock;
	bool made;	    /* L */
	struct oq_buf text; /* L */
};

/* ---- encoding ---- */

struct encoder {
	jmp_buf failed;
	struct oq_buf *out;
	struct oq_err *err;
};

static void on_error(png_structp png, png_const_charp why)
{
	struct encoder *e = png_get_error_ptr(png);

	oq_err_set(e->err, -EIO, "png: %s", why);
	longjmp(e->failed, 1);
}

static void on_warning(png_structp png, png_const_charp why)
{
	(void)png;
	(void)why;
}

static void on_write(png_structp png, png_bytep data, size_t n)
{
	struct encoder *e = png_get_io_ptr(png);

	oq_buf_put(e->out, data, n);
	if (oq_buf_failed(e->out))
		png_error(png, "no memory");
}

static void on_flush(png_structp png)
{
	(void)png;
}

/* A colour is named by its place: there must be one for every index. */
static void set_palette(png_structp png, png_infop info,
			const struct oq_picture *p)
{
	png_color colours[256] = { { 0, 0, 0 } };

	for (unsigned i = 0; i < p->ncolours; i++)
		colours[i] = (png_color){ p->palette[i][0], p->palette[i][1],
					  p->palette[i][2] };
	png_set_PLTE(png, info, colours, 256);
}

static int colour_type(const struct oq_picture *p)
{
	switch (p->samples) {
	case 1:
		return p->ncolours ? PNG_COLOR_TYPE_PALETTE
				   : PNG_COLOR_TYPE_GRAY;
	case 3:
		return PNG_COLOR_TYPE_RGB;
	default:
		return PNG_COLOR_TYPE_RGB_ALPHA;
	}
}

/* Fixed filter and level: the same pixels are always the same bytes. */
static void encode(png_structp png, png_infop info, const struct oq_picture *p,
		   const uint8_t *pixels)
{
	size_t row = (size_t)p->width * p->samples;

	png_set_IHDR(png, info, p->width, p->height, 8, colour_type(p),
		     PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
		     PNG_FILTER_TYPE_DEFAULT);
	if (p->ncolours)
		set_palette(png, info, p);
	png_set_compression_level(png, 6);
	png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
	png_write_info(png, info);
	for (uint32_t y = 0; y < p->height; y++)
		png_write_row(png, pixels + y * row);
	png_write_end(png, info);
}

static int write_png(const struct oq_picture *p, const uint8_t *pixels,
		     struct oq_buf *out, struct oq_err *err)
{
	struct encoder e = { .out = out, .err = err };
	png_structp volatile png = png_create_write_struct(
		PNG_LIBPNG_VER_STRING, &e, on_error, on_warning);
	png_infop volatile info = png ? png_create_info_struct(png) : NULL;
	volatile int r = -EIO;

	if (!info) {
		r = oq_err_set(err, -ENOMEM, "no memory for a png");
	} else if (setjmp(e.failed) == 0) {
		png_set_write_fn(png, &e, on_write, on_flush);
		encode(png, info, p, pixels);
		r = 0;
	}
	png_structp p1 = png;
	png_infop p2 = info;

	png_destroy_write_struct(&p1, &p2);
	return r;
}

/* ---- pixels ---- */

static void arrange(const struct oq_picture *p, const uint8_t *stored,
		    uint8_t *pixels)
{
	size_t n = (size_t)p->width * p->height;

	for (size_t i = 0; p->planes && i < n; i++)
		for (size_t k = 0; k < 3; k++)
			pixels[i * 3 + k] = stored[k * n + i];
	for (size_t i = 0; p->white_is_zero && i < n; i++)
		pixels[i] = (uint8_t)(255 - pixels[i]);
}

static int make(struct pngfile *f, struct oq_err *err)
{
	const struct oq_picture *p = &f->picture;
	size_t n = (size_t)p->width * p->height * p->samples;
	OQ_FREE uint8_t *stored = malloc(n);
	OQ_FREE uint8_t *arranged = p->planes ? malloc(n) : NULL;
	uint8_t *pixels = p->planes ? arranged : stored;
	int r;

	if (!stored || !pixels)
		return oq_err_set(err, -ENOMEM, "no memory for a picture");
	r = oq_source_read(f->src, 0, n, stored, err);
	if (r < 0)
		return r;
	arrange(p, stored, pixels);
	r = write_png(p, pixels, &f->text, err);
	if (r < 0)
		oq_buf_free(&f->text);
	return r;
}

static int ensure_made(struct pngfile *f, struct oq_err *err)
{
	int r = 0;

	pthread_mutex_lock(&f->lock);
	if (!f->made)
		r = make(f, err);
	f->made = r == 0;
	pthread_mutex_unlock(&f->lock);
	return r;
}

/* ---- as a view ---- */

static int png_size(struct oq_file *s, const struct oq_progress *p,
		    uint64_t *size, struct oq_err *err)
{
	struct pngfile *f = (struct pngfile *)s;
	int r = ensure_made(f, err);

	(void)p;
	/* Where it failed another thread may be at it again. */
	if (r == 0)
		*size = f->text.len;
	return r;
}

static ssize_t png_read(struct oq_file *s, uint64_t off, size_t len,
			uint8_t *out, struct oq_err *err)
{
	struct pngfile *f = (struct pngfile *)s;
	int r = ensure_made(f, err);

	if (r < 0)
		return r;
	if (off >= f->text.len)
		return 0;
	len = oq_min_u64(len, f->text.len - off);
	memcpy(out, f->text.data + off, len);
	return (ssize_t)len;
}

static void png_close(struct oq_file *s)
{
	struct pngfile *f = (struct pngfile *)s;

	oq_source_close(f->src);
	oq_buf_free(&f->text);
	pthread_mutex_destroy(&f->lock);
	free(f);
}

int oq_picture_open(struct oq_source *src, const struct oq_picture *p,
		    struct oq_file **out, struct oq_err *err)
{
	struct pngfile *f = calloc(1, sizeof(*f));

	if (!f) {
		oq_source_close(src);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	f->base.size = png_size;
	f->base.read = png_read;
	f->base.close = png_close;
	f->src = src;
	f->picture = *p;
	pthread_mutex_init(&f->lock, NULL);
	*out = &f->base;
	return 0;
}
