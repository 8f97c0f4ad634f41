/* SPDX-License-Identifier: MIT */
/* hdfeos.c - names of axes, as HDF-EOS5 has them */

#include "lib/data/hdfeos.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/type/value.h"

#define INFORMATION "HDFEOS INFORMATION"
#define MAX_BYTES   ((size_t)4 << 20)
#define MAX_PIECES  100

bool oq_hdfeos_may_be(const struct oq_env *env)
{
	return env->conventions && oq_h5_has_mark(env->h5, OQ_MARK_HDFEOS);
}

/* ---- the text ---- */

static bool put_piece(const struct oq_env *env, uint64_t addr,
		      struct oq_buf *out)
{
	struct oq_h5_dset *d = NULL;
	const struct oq_dataset *info;
	OQ_FREE void *elem = NULL;
	const char *s = NULL;
	size_t n = 0;

	if (oq_h5_dset_open(env->h5, addr, &d, NULL) < 0)
		return false;
	info = oq_h5_dset_info(d);
	if (info->space == OQ_SCALAR && oq_dtype_is_text(info->type) &&
	    info->type->size <= MAX_BYTES)
		elem = calloc(1, info->type->size);
	if (elem && oq_h5_read(d, NULL, NULL, NULL, elem, NULL) == 0) {
		s = oq_value_str(info->type, elem, &n);
		if (s && n <= MAX_BYTES - out->len)
			oq_buf_put(out, s, n);
		oq_h5_reclaim(d, elem, 1);
	}
	oq_h5_dset_close(d);
	return s;
}

/* A long text is in pieces of 32,000 bytes. */
static void read_text(const struct oq_env *env, struct oq_buf *out)
{
	uint64_t group = oq_h5_find(env->h5, oq_h5_root(env->h5), INFORMATION);

	for (unsigned i = 0; i < MAX_PIECES; i++) {
		char name[32];
		uint64_t addr;

		snprintf(name, sizeof(name), "StructMetadata.%u", i);
		addr = oq_h5_find(env->h5, group, name);
		if (addr == OQ_NO_ADDR || !put_piece(env, addr, out))
			break;
	}
	oq_buf_putc(out, '\0');
}

/* ---- what it says ---- */

/* The value of "key=value" at 's'; NULL where that is not what stands there. */
static const char *value_of(const char *s, const char *key)
{
	size_t n = strlen(key);

	return strncmp(s, key, n) == 0 && s[n] == '=' ? s + n + 1 : NULL;
}

/* Is it "name" in quotes? */
static bool is_quoted(const char *s, const char *name)
{
	size_t n = strlen(name);

	return *s == '"' && strncmp(s + 1, name, n) == 0 && s[1 + n] == '"';
}

/* Of several keys with one meaning: 1 says so of 'name', 0 of another, -1 is
 * another key. */
static int names(const char *s, const char *const *keys, const char *name)
{
	for (; *keys; keys++) {
		const char *value = value_of(s, *keys);

		if (value)
			return is_quoted(value, name);
	}
	return -1;
}

/* The list of dimensions of a field; NULL where there is none. */
static const char *find_list(const char *text, const char *structure,
			     const char *field)
{
	static const char *const of_structures[] = { "SwathName", "GridName",
						     "ZaName", "PointName",
						     NULL };
	static const char *const of_fields[] = { "DataFieldName",
						 "GeoFieldName", NULL };
	bool inside = false, found = false;

	for (const char *s = text; *s; s += strcspn(s, "\n")) {
		const char *value;
		int is;

		s += strspn(s, " \t\r\n");
		is = names(s, of_structures, structure);
		inside = is < 0 ? inside : is;
		is = names(s, of_fields, field);
		found = is < 0 ? found && !value_of(s, "OBJECT") : is;
		value = value_of(s, "DimList");
		if (value && inside && found)
			return value;
	}
	return NULL;
}

/* ("nTimes","nXtrack"): as many as there are axes, or none. */
static bool take_names(const char *list, struct oq_labels *l)
{
	unsigned n = 0;

	if (*list++ != '(')
		return false;
	while (*list && *list != ')') {
		const char *end;

		list += strspn(list, " \t\r\n,");
		if (*list != '"')
			break;
		end = strchr(++list, '"');
		if (!end || n == l->rank)
			return false;
		free(l->names[n]);
		l->names[n++] = strndup(list, (size_t)(end - list));
		list = end + 1;
	}
	return n == l->rank && *list == ')';
}

/* "/HDFEOS/SWATHS/name/Data Fields/field"; both are to be freed. */
static bool split_path(const char *path, char **structure, char **field)
{
	static const char top[] = "/HDFEOS/";
	const char *kind, *name, *end, *last;

	if (!path || strncmp(path, top, sizeof(top) - 1) != 0)
		return false;
	kind = path + sizeof(top) - 1;
	name = strchr(kind, '/');
	end = name ? strchr(name + 1, '/') : NULL;
	last = end ? strrchr(end, '/') : NULL;
	if (!last)
		return false;
	*structure = strndup(name + 1, (size_t)(end - name - 1));
	*field = strdup(last + 1);
	return *structure && *field;
}

bool oq_hdfeos_read(const struct oq_env *env, const struct oq_dataset *info,
		    struct oq_labels *l)
{
	OQ_FREE char *structure = NULL, *field = NULL;
	OQ_BUF struct oq_buf text = { 0 };
	const char *list;

	if (!split_path(oq_h5_path(env->h5, info->addr), &structure, &field))
		return false;
	read_text(env, &text);
	list = oq_buf_failed(&text) ? NULL
				    : find_list(text.data, structure, field);
	if (list && take_names(list, l))
		return true;
	for (unsigned i = 0; i < l->rank; i++)
		free(oq_steal(&l->names[i]));
	return false;
}
