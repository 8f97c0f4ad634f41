/* SPDX-License-Identifier: MIT */
/* main.c - oqfs, and oqfs --reader: choose and go */

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fs/base/opts.h"
#include "fs/base/system.h"
#include "fs/check/survey.h"
#include "fs/mount.h"
#include "lib/reader/reader.h"
#include "lib/reader/zygote.h"

/* A program may be started with some of its first three descriptors closed;
 * files that are opened later must not get these numbers. */
static void fill_descriptors(void)
{
	int fd, flags;
	const char *null = oqfs_system_null(&flags);

	do
		fd = open(null, flags);
	while (fd >= 0 && fd <= 2);
	if (fd > 2)
		close(fd);
}

static int print_help(void)
{
	OQ_BUF struct oq_buf text = { 0 };

	oqfs_opts_help(&text);
	return oq_buf_failed(&text) ||
	       fwrite(text.data, 1, text.len, stdout) != text.len;
}

static int print_version(void)
{
	return printf("oqfs %s (HDF5 %s, libfuse %s)\n", OQFS_VERSION,
		      OQFS_HDF5, oqfs_mount_libfuse()) < 0;
}

int main(int argc, char **argv)
{
	struct oqfs_opts opts;
	struct oq_err err = { "" };
	bool was_check;
	int r;

	if (argc > 1 && strcmp(argv[1], "--reader") == 0)
		return oq_reader_main(argc - 2, argv + 2);
	if (argc > 1 && strcmp(argv[1], "--zygote") == 0)
		return oq_zygote_main(argc - 2, argv + 2);
	fill_descriptors();
	umask(022);
	r = oqfs_opts_parse(argc, argv, &opts, &err);
	if (!r && opts.what == OQFS_DO_HELP)
		r = print_help();
	else if (!r && opts.what == OQFS_DO_VERSION)
		r = print_version();
	else if (!r && opts.what == OQFS_DO_CHECK)
		r = oqfs_survey(&opts, &err);
	else if (!r)
		r = oqfs_mount(&opts, &err);
	if (r && err.text[0])
		fprintf(stderr, "oqfs: %s\n", err.text);
	if (fflush(stdout) && !r)
		r = 1;
	was_check = opts.what == OQFS_DO_CHECK;
	oqfs_opts_free(&opts);
	/* --check exits with 2 if it was done and something cannot be read. */
	return r > 0 && was_check ? 2 : r ? 1 : 0;
}
