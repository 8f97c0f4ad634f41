/* SPDX-License-Identifier: MIT */
/* file.h - one view of one object, opened: a file's bytes
 *
 * The front's VIEW and READ end here.  A shown view is made by the main
 * thread and then used by any number of workers at once.  Its kinds differ
 * in where a byte is found:
 *
 *	fixed.c     records of one width: bin, npy        plain arithmetic
 *	textfile.c  text of any width: csv, exports       measured once
 *	txtfile.c   lines of one width: txt          division, a search
 *	document.c  a text in memory: meta.json           all there
 *	pngfile.c   a picture that is rendered: png       all there
 *	stored.c    a file that is stored inside          inflated
 */
#ifndef OQ_FILE_H
#define OQ_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/data/env.h"
#include "lib/data/labels.h"
#include "lib/data/source.h"
#include "lib/table/table.h"
#include "lib/type/value.h"
#include "lib/work/progress.h"

/* The functions are for workers: they may wait for the main thread. */
struct oq_file {
	/* The exact size, measuring it the first time if need be. */
	int (*size)(struct oq_file *s, const struct oq_progress *p,
		    uint64_t *size, struct oq_err *err);
	/* Bytes [off, off + len), cut at the end. Returns how many, or a
	 * negative errno with the reason. */
	ssize_t (*read)(struct oq_file *s, uint64_t off, size_t len,
			uint8_t *out, struct oq_err *err);
	void (*close)(struct oq_file *s);
	/* A reference; what is shown borrows them until it is closed. */
	struct oq_labels *labels;
	size_t held; /* bytes of memory, beside those and what all have */
	/* [ext_at, ext_at + ext_len) are the file's own bytes at ext_off. */
	uint64_t ext_at, ext_off, ext_len;
};

static inline void oq_file_close(struct oq_file *s)
{
	struct oq_labels *labels = s->labels;

	s->close(s);
	oq_labels_put(labels);
}

/* Elements as they are, after 'head' (emptied: it is taken over); bin where
 * that is empty, npy else.  Takes over 'src', also on failure. */
int oq_fixed_open(const struct oq_env *env, struct oq_source *src,
		  struct oq_buf *head, struct oq_file **out,
		  struct oq_err *err);

/* The aligned table.  Takes over 'src' and 'table', also on failure. */
int oq_txtfile_open(struct oq_source *src, struct oq_table *table,
		    struct oq_file **out, struct oq_err *err);

/* The elements [first, first + n) of a table as csv, with a header. Takes over
 * 'src' and 'table', also on failure; 'refs' is copied. */
struct oq_csv_spec {
	const struct oq_env *env;
	struct oq_source *src;
	struct oq_table *table;
	struct oq_refs refs;
	uint64_t first, n;
};
int oq_csvfile_open(const struct oq_csv_spec *spec, struct oq_file **out,
		    struct oq_err *err);

/* The bytes of 'text' (emptied: it is taken over). */
int oq_document_open(struct oq_buf *text, struct oq_file **out,
		     struct oq_err *err);

#endif
