/* SPDX-License-Identifier: MIT */
/* zeros.c - how fast bytes can come through FUSE at all, for `make bench`
 *
 *	zeros MOUNTPOINT BYTES
 *
 * A mount, in the foreground, of one file "zeros" of so many bytes, which are
 * answered out of memory at once: what it takes is the kernel's and libfuse's.
 */
#include <errno.h>
#include <fuse_lowlevel.h>
#include <stdlib.h>
#include <string.h>

#define INO	  2
#define MAX_REPLY ((size_t)1 << 20)

static off_t nbytes;
static char zeros[MAX_REPLY];

static struct stat attr_of(fuse_ino_t ino)
{
	struct stat st = { .st_ino = ino, .st_nlink = 1 };

	st.st_mode = ino == INO ? S_IFREG | 0444 : S_IFDIR | 0555;
	st.st_size = ino == INO ? nbytes : 0;
	return st;
}

static void op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct fuse_entry_param e = { .ino = INO,
				      .attr = attr_of(INO),
				      .attr_timeout = 60,
				      .entry_timeout = 60 };

	if (parent == FUSE_ROOT_ID && !strcmp(name, "zeros"))
		fuse_reply_entry(req, &e);
	else
		fuse_reply_err(req, ENOENT);
}

static void op_getattr(fuse_req_t req, fuse_ino_t ino,
		       struct fuse_file_info *fi)
{
	struct stat st = attr_of(ino);

	(void)fi;
	fuse_reply_attr(req, &st, 60);
}

static void op_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		    struct fuse_file_info *fi)
{
	size_t left = off < nbytes ? (size_t)(nbytes - off) : 0;

	(void)ino;
	(void)fi;
	size = size < MAX_REPLY ? size : MAX_REPLY;
	fuse_reply_buf(req, zeros, size < left ? size : left);
}

static const struct fuse_lowlevel_ops ops = {
	.lookup = op_lookup,
	.getattr = op_getattr,
	.read = op_read,
};

int main(int argc, char **argv)
{
	char opts[] = "-oro,fsname=zeros";
	char *args[] = { argv[0], opts, NULL };
	struct fuse_args a = FUSE_ARGS_INIT(2, args);
	struct fuse_loop_config *config = fuse_loop_cfg_create();
	struct fuse_session *se;
	int r = 1;

	if (argc != 3)
		return 2;
	nbytes = (off_t)strtoll(argv[2], NULL, 10);
	se = fuse_session_new(&a, &ops, sizeof(ops), NULL);
	if (se && !fuse_set_signal_handlers(se)) {
		if (!fuse_session_mount(se, argv[1])) {
			r = fuse_session_loop_mt(se, config) != 0;
			fuse_session_unmount(se);
		}
		fuse_remove_signal_handlers(se);
	}
	fuse_session_destroy(se);
	fuse_loop_cfg_destroy(config);
	fuse_opt_free_args(&a);
	return r;
}
