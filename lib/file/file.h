/* SPDX-License-Identifier: MIT */
/* file.h - one view of one object, opened: a file's bytes
 *
 * The front's VIEW and READ end here.  The main thread opens a file; then any
 * number of workers use it at the same time.  The kinds of files differ in how
 * a byte is found:
 *
 *	fixed.c     records of one width: bin, npy       arithmetic
 *	pqfile.c    Parquet                              arithmetic, or measured
 *	textfile.c  text of any width: csv, exports      measured once
 *	txtfile.c   lines of one width: txt              arithmetic
 *	document.c  a text in memory: meta.json          all of it is kept
 *	pngfile.c   a picture that is rendered: png      all of it is kept
 *	stored.c    a file that is stored inside         inflated
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
	/* The exact size.  The first call measures it where that is needed:
	 * -EINTR where nobody waits for it any more. */
	int (*size)(struct oq_file *s, const struct oq_progress *p,
		    uint64_t *size, struct oq_err *err);
	/* What a read of bytes [off, off + len) has to find out first, where
	 * that may take long: as size(), which is called before it.  NULL:
	 * nothing does. */
	int (*ready)(struct oq_file *s, uint64_t off, size_t len,
		     const struct oq_progress *p, struct oq_err *err);
	/* Bytes [off, off + len), cut at the end. Returns how many, or a
	 * negative errno with the reason. */
	ssize_t (*read)(struct oq_file *s, uint64_t off, size_t len,
			uint8_t *out, struct oq_err *err);
	void (*close)(struct oq_file *s);
	/* A reference of the file's; its table borrows them.  NULL: none. */
	struct oq_labels *labels;
	size_t held; /* bytes of memory that it keeps, labels not counted */
	/* Bytes [ext_at, ext_at + ext_len) of the file are the datastore's own
	 * at ext_off; ext_len 0: no such run. */
	uint64_t ext_at, ext_off, ext_len;
};

/* A worker: close it and give back its labels. */
static inline void oq_file_close(struct oq_file *s)
{
	struct oq_labels *labels = s->labels;

	s->close(s);
	oq_labels_put(labels);
}

/* The openers below are for the main thread and return 0 or a negative errno
 * with the reason. */

/* The bytes of 'head' (taken over, and left empty), then the elements as they
 * are: bin where 'head' is empty, else npy.  Takes over 'src', also on failure.
 */
int oq_fixed_open(const struct oq_env *env, struct oq_source *src,
		  struct oq_buf *head, struct oq_file **out,
		  struct oq_err *err);

/* A table as txt.  Takes over 'src' and 'table', also on failure. */
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

/* The bytes of 'text' (taken over, and left empty). */
int oq_document_open(struct oq_buf *text, struct oq_file **out,
		     struct oq_err *err);

#endif
