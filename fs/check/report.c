/* SPDX-License-Identifier: MIT */
/* report.c - what --check prints: text for people, or JSON */

#include "fs/check/report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/quote.h"

/* Objects between two lines of progress: seldom enough to cost nothing. */
#define STEP 16

static void put_json(struct oq_buf *b, const char *key, const char *text)
{
	oq_buf_printf(b, "\"%s\": ", key);
	oq_json_put_str(text, strlen(text), false, b);
}

static void put_counts(struct oq_buf *b, const struct oqfs_tally *c)
{
	oq_buf_printf(b,
		      "\"groups\": %" PRIu64 ", \"datasets\": %" PRIu64
		      ", \"unreadable\": %" PRIu64,
		      c->groups, c->datasets, c->unreadable);
}

static void print(struct oqfs_report *r, struct oq_buf *b)
{
	if (r->progress)
		fputs("\r\033[K", stderr);
	if (!oq_buf_failed(b) && b->len)
		fwrite(b->data, 1, b->len, stdout);
	fflush(stdout); /* it may be long until the next, or interrupted */
	oq_buf_free(b);
}

void oqfs_report_begin(struct oqfs_report *r, const char *source)
{
	OQ_BUF struct oq_buf b = { 0 };

	if (!r->json)
		return;
	oq_buf_puts(&b, "{");
	put_json(&b, "source", source);
	oq_buf_puts(&b, ", ");
	put_json(&b, "hdf5", OQFS_HDF5);
	oq_buf_puts(&b, ",\n \"datastores\": [");
	print(r, &b);
}

void oqfs_report_dir(struct oqfs_report *r, const char *dir, int code)
{
	const char *name = strerrorname_np(-code);
	OQ_BUF struct oq_buf b = { 0 };

	r->all.unreadable++;
	if (r->json) {
		oq_buf_puts(&r->dirs, r->dirs.len ? ",\n  {" : "\n  {");
		put_json(&r->dirs, "directory", dir);
		oq_buf_puts(&r->dirs, ", ");
		put_json(&r->dirs, "errno", name ? name : "?");
		oq_buf_puts(&r->dirs, "}");
		return;
	}
	oq_buf_put_safe(&b, dir);
	oq_buf_printf(&b, "/: cannot look into it: %s\n", strerror(-code));
	print(r, &b);
}

void oqfs_report_store(struct oqfs_report *r)
{
	oq_buf_free(&r->found);
	oq_buf_free(&r->lacks);
	oq_buf_free(&r->left);
	r->now = (struct oqfs_tally){ .stores = 1 };
	r->shown = 0;
	r->shut = false;
}

void oqfs_report_step(struct oqfs_report *r, const char *path)
{
	OQ_BUF struct oq_buf b = { 0 };
	uint64_t n = r->now.groups + r->now.datasets;

	if (!r->progress || (n - r->shown < STEP && n > 1))
		return;
	r->shown = n;
	oq_buf_put_safe(&b, path);
	oq_buf_putc(&b, '\0');
	if (!oq_buf_failed(&b))
		fprintf(stderr, "\r\033[K%.60s: %" PRIu64 " object%s", b.data,
			n, n == 1 ? "" : "s");
	fflush(stderr);
}

static void put_bad_text(struct oqfs_report *r, const char *object, int code,
			 const struct oq_err *why)
{
	const char *word = strerrordesc_np(-code);

	oq_buf_puts(&r->found, "  ");
	oq_buf_put_safe(&r->found, object);
	oq_buf_printf(&r->found, ": %s%s%s\n", word ? word : "?",
		      why->text[0] ? ": " : "", why->text);
}

static void put_bad_json(struct oqfs_report *r, const char *object, int code,
			 const struct oq_err *why)
{
	const char *name = strerrorname_np(-code);

	oq_buf_puts(&r->found, r->found.len ? ",\n   {" : "\n   {");
	put_json(&r->found, "object", object);
	oq_buf_puts(&r->found, ", ");
	put_json(&r->found, "errno", name ? name : "?");
	oq_buf_puts(&r->found, ", ");
	put_json(&r->found, "reason", why->text);
	oq_buf_puts(&r->found, "}");
}

void oqfs_report_bad(struct oqfs_report *r, const char *object, int code,
		     const struct oq_err *why)
{
	r->now.unreadable++;
	(r->json ? put_bad_json : put_bad_text)(r, object, code, why);
}

static void put_reason(struct oq_buf *b, const char *object, const char *why)
{
	oq_buf_puts(b, b->len ? ",\n   {" : "\n   {");
	put_json(b, "object", object);
	oq_buf_puts(b, ", ");
	put_json(b, "reason", why);
	oq_buf_puts(b, "}");
}

void oqfs_report_no_parquet(struct oqfs_report *r, const char *object,
			    const struct oq_err *why)
{
	put_reason(&r->lacks, object, why->text);
}

void oqfs_report_left_out(struct oqfs_report *r, const char *object,
			  const char *what)
{
	put_reason(&r->left, object, what);
}

void oqfs_report_shut(struct oqfs_report *r, int code, const struct oq_err *why)
{
	r->shut = true;
	r->now = (struct oqfs_tally){ .stores = 1, .unreadable = 1 };
	if (r->json)
		put_bad_json(r, "/", code, why);
}

static void put_store_json(struct oqfs_report *r, const char *path,
			   const char *state, const struct oq_err *why,
			   struct oq_buf *b)
{
	oq_buf_puts(b, r->all.stores > 1 ? ",\n  {" : "\n  {");
	put_json(b, "file", path);
	oq_buf_puts(b, ", ");
	put_json(b, "state", state);
	oq_buf_puts(b, ", ");
	put_json(b, "reason", why->text);
	oq_buf_puts(b, ", ");
	put_counts(b, &r->now);
	oq_buf_puts(b, ", \"findings\": [");
	oq_buf_put(b, r->found.data, r->found.len);
	oq_buf_puts(b, "], \"no_parquet\": [");
	oq_buf_put(b, r->lacks.data, r->lacks.len);
	oq_buf_puts(b, "], \"left_out\": [");
	oq_buf_put(b, r->left.data, r->left.len);
	oq_buf_puts(b, "]}");
}

static void put_store_text(struct oqfs_report *r, const char *path,
			   const char *state, const struct oq_err *why,
			   struct oq_buf *b)
{
	oq_buf_put_safe(b, path);
	oq_buf_printf(b, ": %s", state);
	if (why->text[0])
		oq_buf_printf(b, " (%s)", why->text);
	if (!r->shut)
		oq_buf_printf(b, ", %" PRIu64 " group%s, %" PRIu64 " dataset%s",
			      r->now.groups, r->now.groups == 1 ? "" : "s",
			      r->now.datasets, r->now.datasets == 1 ? "" : "s");
	if (r->now.unreadable)
		oq_buf_printf(b, ", %" PRIu64 " unreadable", r->now.unreadable);
	oq_buf_putc(b, '\n');
	oq_buf_put(b, r->found.data, r->found.len);
}

void oqfs_report_store_end(struct oqfs_report *r, const char *path,
			   const char *state, const struct oq_err *why)
{
	OQ_BUF struct oq_buf b = { 0 };

	r->all.stores++;
	r->all.groups += r->now.groups;
	r->all.datasets += r->now.datasets;
	r->all.unreadable += r->now.unreadable;
	(r->json ? put_store_json : put_store_text)(r, path, state, why, &b);
	print(r, &b);
}

int oqfs_report_end(struct oqfs_report *r)
{
	OQ_BUF struct oq_buf b = { 0 };

	if (r->json) {
		oq_buf_puts(&b, "],\n \"directories\": [");
		oq_buf_put(&b, r->dirs.data, r->dirs.len);
		oq_buf_printf(&b, "],\n \"total\": {\"datastores\": %" PRIu64,
			      r->all.stores);
		oq_buf_puts(&b, ", ");
		put_counts(&b, &r->all);
		oq_buf_puts(&b, "}}\n");
	} else {
		if (r->all.stores == 0)
			oq_buf_puts(&b, "no HDF5 file found\n");
		oq_buf_printf(&b,
			      "%" PRIu64 " datastore%s, %" PRIu64
			      " dataset%s, %" PRIu64
			      " unreadable (HDF5 " OQFS_HDF5 ")\n",
			      r->all.stores, r->all.stores == 1 ? "" : "s",
			      r->all.datasets, r->all.datasets == 1 ? "" : "s",
			      r->all.unreadable);
	}
	print(r, &b);
	oq_buf_free(&r->found);
	oq_buf_free(&r->lacks);
	oq_buf_free(&r->left);
	oq_buf_free(&r->dirs);
	return fflush(stdout) || ferror(stdout) ? -EIO : 0;
}
