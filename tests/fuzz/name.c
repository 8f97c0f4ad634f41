/* SPDX-License-Identifier: MIT */
/* name.c - link names as file names and back, on anything */

#include "lib/base/name.h"
#include "lib/base/views.h"
#include "tests/fuzz/input.h"

/* What a directory can hold, whatever the link is called. */
static void look_at(const char *file, size_t n)
{
	must(n > 0 && n <= OQ_NAME_MAX && file[n] == '\0' && strlen(file) == n);
	must(strcmp(file, ".") != 0 && strcmp(file, "..") != 0);
	for (size_t i = 0; i < n; i++)
		must((unsigned char)file[i] >= 0x20 && file[i] != 0x7f &&
		     file[i] != '/');
}

static void there_and_back(const char *name, size_t n)
{
	OQ_BUF struct oq_buf file = { 0 }, back = { 0 };

	oq_name_escape(name, n, &file);
	must(!oq_buf_failed(&file));
	must(oq_name_unescape(file.data, file.len, &back) == 0);
	must(back.len == n && (n == 0 || memcmp(back.data, name, n) == 0));
}

/* No two links have the same file name: what unescapes was escaped so. */
static void back_and_there(const char *file, size_t n)
{
	OQ_BUF struct oq_buf name = { 0 }, again = { 0 };

	if (oq_name_unescape(file, n, &name))
		return;
	oq_name_escape(name.data, name.len, &again);
	must(again.len == n && memcmp(again.data, file, n) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char file[OQ_NAME_MAX + 1];
	const char *name = (const char *)data;

	there_and_back(name, n);
	back_and_there(name, n);
	for (int v = 0; v < OQ_NVIEWS; v++) {
		const char *suffix = oq_views[v].suffix;
		size_t len = oq_name_file(name, n, suffix, file);

		look_at(file, len);
		must(len >= strlen(suffix) &&
		     strcmp(file + len - strlen(suffix), suffix) == 0);
	}
	return 0;
}
