/* SPDX-License-Identifier: MIT */
/* pqfooter.c - the footer of a Parquet file, in parts */

#include "lib/parquet/pqfooter.h"

#include <errno.h>
#include <stdlib.h>

/* Numbers of the fields of FileMetaData, RowGroup, ColumnChunk and
 * ColumnMetaData. */
enum { VERSION = 1, SCHEMA, ROWS, ROW_GROUPS, META, CREATED_BY, ORDERS };
enum {
	COLUMNS = 1,
	GROUP_SIZE,
	GROUP_ROWS,
	GROUP_OFF = 5,
	GROUP_STORED,
	ORDINAL
};
enum { FILE_OFF = 2, META_DATA };
enum { CODEC = 4, NVALUES, SIZE, STORED, DATA_OFF = 9, DICT_OFF = 11, STATS };

/* What is put of a chunk that starts at 'off'. */
static void put_chunk(const struct oq_pqcol *c, const struct oq_pqchunk *chunk,
		      uint64_t off, const struct oq_pqstat *stat,
		      struct oq_thrift *t)
{
	oq_thrift_item(t);
	oq_thrift_i64(t, FILE_OFF, 0);
	oq_thrift_open(t, META_DATA);
	oq_pqcol_put(c, t);
	oq_thrift_i32(t, CODEC, 0);
	oq_thrift_i64(t, NVALUES, (int64_t)chunk->nvalues);
	oq_thrift_i64(t, SIZE, (int64_t)chunk->nbytes);
	oq_thrift_i64(t, STORED, (int64_t)chunk->nbytes);
	oq_thrift_i64(t, DATA_OFF, (int64_t)(off + chunk->dict_bytes));
	if (chunk->dict_bytes)
		oq_thrift_i64(t, DICT_OFF, (int64_t)off);
	if (c->has_stats)
		oq_pqstat_put(c, stat, STATS, t);
	oq_thrift_close(t);
	oq_thrift_close(t);
}

static void put_group(const struct oq_pqfooter *f, size_t group,
		      const struct oq_pqstat *stats, struct oq_thrift *t)
{
	const struct oq_pqstat none = { 0, 0 };
	uint64_t start = oq_pqlayout_group(f->layout, group);
	uint64_t off = start;
	int64_t size;

	oq_thrift_list(t, COLUMNS, OQ_THRIFT_STRUCT, f->schema->ncols);
	for (size_t i = 0; i < f->schema->ncols; i++) {
		struct oq_pqchunk chunk;

		oq_pqlayout_chunk(f->layout, group, i, &chunk);
		put_chunk(&f->schema->cols[i], &chunk, off,
			  stats ? &stats[i] : &none, t);
		off += chunk.nbytes;
	}
	size = (int64_t)(off - start);
	oq_thrift_i64(t, GROUP_SIZE, size);
	oq_thrift_i64(t, GROUP_ROWS,
		      (int64_t)oq_pqlayout_group_rows(f->layout, group));
	oq_thrift_i64(t, GROUP_OFF, (int64_t)start);
	oq_thrift_i64(t, GROUP_STORED, size);
	oq_thrift_i16(t, ORDINAL, (int16_t)group);
	oq_thrift_close(t);
}

static void put_head(const struct oq_pqfooter *f, struct oq_thrift *t)
{
	oq_thrift_i32(t, VERSION, 2);
	oq_pqschema_put(f->schema, SCHEMA, t);
	oq_thrift_i64(t, ROWS, (int64_t)oq_pqlayout_nrows(f->layout));
	oq_thrift_list(t, ROW_GROUPS, OQ_THRIFT_STRUCT,
		       oq_pqlayout_ngroups(f->layout));
}

/* Readers trust the statistics only of columns whose order is said: that of
 * their types. */
static void put_tail(const struct oq_pqschema *s, struct oq_thrift *t)
{
	t->last[0] = ROW_GROUPS;
	if (s->nmeta)
		oq_thrift_list(t, META, OQ_THRIFT_STRUCT, s->nmeta);
	for (size_t i = 0; i < s->nmeta; i++) {
		oq_thrift_item(t);
		oq_thrift_string(t, 1, s->meta[i].key);
		oq_thrift_string(t, 2, s->meta[i].value);
		oq_thrift_close(t);
	}
	if (s->created_by)
		oq_thrift_string(t, CREATED_BY, s->created_by);
	oq_thrift_list(t, ORDERS, OQ_THRIFT_STRUCT, s->ncols);
	for (size_t i = 0; i < s->ncols; i++) {
		oq_thrift_item(t);
		oq_thrift_empty(t, 1);
		oq_thrift_close(t);
	}
	oq_thrift_close(t);
}

void oq_pqfooter_put(const struct oq_pqfooter *f, size_t i,
		     const struct oq_pqstat *stats, struct oq_thrift *t)
{
	if (i == 0)
		put_head(f, t);
	else if (i + 1 < f->nparts)
		put_group(f, i - 1, stats, t);
	else
		put_tail(f->schema, t);
}

int oq_pqfooter_init(struct oq_pqfooter *f, const struct oq_pqschema *s,
		     const struct oq_pqlayout *l, struct oq_err *err)
{
	size_t ngroups = oq_pqlayout_ngroups(l);
	uint64_t end = 0;

	*f = (struct oq_pqfooter){
		.schema = s,
		.layout = l,
		.start = oq_pqlayout_group(l, ngroups),
		.nparts = ngroups + 2,
	};
	f->ends = calloc(f->nparts, sizeof(*f->ends));
	if (!f->ends)
		return oq_err_set(err, -ENOMEM, "no memory");
	for (size_t i = 0; i < f->nparts; i++) {
		struct oq_thrift t = { 0 };

		oq_pqfooter_put(f, i, NULL, &t);
		/* A part is of what is in memory: far from 2^64. */
		end += t.nbytes;
		f->ends[i] = end;
	}
	if (end <= INT32_MAX && f->start <= INT64_MAX - INT32_MAX - 8)
		return 0;
	oq_pqfooter_free(f);
	return oq_err_set(err, -EOVERFLOW, "a footer of more than 2 GiB");
}

void oq_pqfooter_free(struct oq_pqfooter *f)
{
	free(f->ends);
	f->ends = NULL;
}
