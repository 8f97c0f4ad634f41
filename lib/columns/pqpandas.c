/* SPDX-License-Identifier: MIT */
/* pqpandas.c - which columns are the index, for pandas */

#include "lib/columns/pqpandas.h"

#include <string.h>

#include "lib/base/quote.h"

/* A type as pandas calls it: what it means, how NumPy holds it, and how a
 * column does of which values may be missing. */
static const struct names {
	const char *meaning, *numpy, *nullable;
} names[] = {
	[OQ_PQ_BOOL] = { "bool", "bool", "boolean" },
	[OQ_PQ_INT8] = { "int8", "int8", "Int8" },
	[OQ_PQ_INT16] = { "int16", "int16", "Int16" },
	[OQ_PQ_INT32] = { "int32", "int32", "Int32" },
	[OQ_PQ_INT64] = { "int64", "int64", "Int64" },
	[OQ_PQ_UINT8] = { "uint8", "uint8", "UInt8" },
	[OQ_PQ_UINT16] = { "uint16", "uint16", "UInt16" },
	[OQ_PQ_UINT32] = { "uint32", "uint32", "UInt32" },
	[OQ_PQ_UINT64] = { "uint64", "uint64", "UInt64" },
	[OQ_PQ_FLOAT] = { "float32", "float32", "Float32" },
	[OQ_PQ_DOUBLE] = { "float64", "float64", "Float64" },
	[OQ_PQ_MILLIS] = { "datetime", "datetime64[ms]", "datetime64[ms]" },
	[OQ_PQ_MICROS] = { "datetime", "datetime64[us]", "datetime64[us]" },
	[OQ_PQ_NANOS] = { "datetime", "datetime64[ns]", "datetime64[ns]" },
	[OQ_PQ_STRING] = { "unicode", "object", "object" },
	[OQ_PQ_BINARY] = { "bytes", "object", "object" },
	[OQ_PQ_FIXED] = { "bytes", "object", "object" },
};

bool oq_pqpandas_has(const struct oq_pqcolumns *c)
{
	for (size_t i = 0; i < c->schema.ncols; i++)
		if (c->origins[i].role != OQ_ROLE_COLUMN)
			return true;
	return false;
}

static void put_name(const struct oq_pqcol *col, struct oq_buf *out)
{
	oq_json_put_str(col->name, strlen(col->name), false, out);
}

static void put_column(const struct oq_pqcol *col, enum oq_role role,
		       struct oq_buf *out)
{
	const struct names *t = &names[col->type];
	bool is_list = col->nest == OQ_PQ_LIST;

	oq_buf_puts(out, "{\"name\": ");
	if (role == OQ_ROLE_NAMELESS)
		oq_buf_puts(out, "null");
	else
		put_name(col, out);
	oq_buf_puts(out, ", \"field_name\": ");
	put_name(col, out);
	oq_buf_printf(out,
		      ", \"pandas_type\": \"%s%s%s\", \"numpy_type\": \"%s\", "
		      "\"metadata\": null}",
		      is_list ? "list[" : "", t->meaning, is_list ? "]" : "",
		      is_list			    ? "object"
		      : col->nest == OQ_PQ_NULLABLE ? t->nullable
						    : t->numpy);
}

void oq_pqpandas_put(const struct oq_pqcolumns *c, struct oq_buf *out)
{
	const char *comma = "";

	oq_buf_puts(out, "{\"index_columns\": [");
	for (size_t i = 0; i < c->schema.ncols; i++) {
		if (c->origins[i].role == OQ_ROLE_COLUMN)
			continue;
		oq_buf_puts(out, comma);
		put_name(&c->cols[i], out);
		comma = ", ";
	}
	oq_buf_puts(out, "], \"column_indexes\": [], \"columns\": [");
	for (size_t i = 0; i < c->schema.ncols; i++) {
		oq_buf_puts(out, i ? ", " : "");
		put_column(&c->cols[i], c->origins[i].role, out);
	}
	oq_buf_puts(out, "], \"creator\": {\"library\": \"oqfs\", "
			 "\"version\": \"" OQFS_VERSION "\"}}");
}
