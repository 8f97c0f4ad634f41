/* SPDX-License-Identifier: MIT */
/* far.c - a directory as if it were far away: each read takes its time
 *
 *	far SOURCE MOUNTPOINT MS [COUNTS]
 *
 * A read-only mount of SOURCE, in the foreground, on which each read(2) sleeps
 * for MS milliseconds and nothing is cached, as on a network file system with
 * cold caches.  Up to 64 reads are answered at once.  After each the file
 * COUNTS says how many there were, of how many bytes, how many were under way
 * at once at the most, and how many round trips that was: so many reads, each
 * of which began only after the one before it had ended.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* I set before the mount, never changed; L under 'lock' */
struct far {
	int source;	       /* I: the directory */
	int counts;	       /* I: a file, or -1 */
	struct timespec delay; /* I */
	pthread_mutex_t lock;
	unsigned long long nreads, nbytes; /* L */
	unsigned now, most;		   /* L: reads under way */
	unsigned trips;			   /* L: up to a read that ended */
};

static struct far *far(void)
{
	return fuse_get_context()->private_data;
}

/* Relative to the source. */
static const char *below(const char *path)
{
	return path[1] ? path + 1 : ".";
}

static void *far_init(struct fuse_conn_info *conn, struct fuse_config *cfg)
{
	(void)conn;
	cfg->use_ino = 1;
	cfg->direct_io = 1;
	cfg->attr_timeout = cfg->entry_timeout = 0;
	return far();
}

static int far_getattr(const char *path, struct stat *st,
		       struct fuse_file_info *fi)
{
	(void)fi;
	return fstatat(far()->source, below(path), st, AT_SYMLINK_NOFOLLOW)
		       ? -errno
		       : 0;
}

static int far_readlink(const char *path, char *buf, size_t size)
{
	ssize_t n = readlinkat(far()->source, below(path), buf, size - 1);

	if (n < 0)
		return -errno;
	buf[n] = '\0';
	return 0;
}

static int far_readdir(const char *path, void *buf, fuse_fill_dir_t fill,
		       off_t off, struct fuse_file_info *fi,
		       enum fuse_readdir_flags flags)
{
	int fd = openat(far()->source, below(path), O_RDONLY | O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *d;

	(void)off;
	(void)fi;
	(void)flags;
	if (!dir)
		return -errno;
	while ((d = readdir(dir)))
		fill(buf, d->d_name, NULL, 0, 0);
	closedir(dir);
	return 0;
}

static int far_open(const char *path, struct fuse_file_info *fi)
{
	int fd = openat(far()->source, below(path), O_RDONLY);

	if (fd < 0)
		return -errno;
	fi->fh = (uint64_t)fd;
	return 0;
}

static int far_release(const char *path, struct fuse_file_info *fi)
{
	(void)path;
	close((int)fi->fh);
	return 0;
}

/* Returns how many round trips it is until this one ends. */
static unsigned begin(struct far *f)
{
	unsigned trip;

	pthread_mutex_lock(&f->lock);
	trip = f->trips + 1;
	if (++f->now > f->most)
		f->most = f->now;
	pthread_mutex_unlock(&f->lock);
	return trip;
}

/* The counts are right before the read is answered. */
static void end(struct far *f, unsigned trip, ssize_t n)
{
	char line[80];
	int len;

	pthread_mutex_lock(&f->lock);
	f->now--;
	f->nreads++;
	if (trip > f->trips)
		f->trips = trip;
	f->nbytes += n > 0 ? (size_t)n : 0;
	len = snprintf(line, sizeof(line), "%llu %llu %u %u\n", f->nreads,
		       f->nbytes, f->most, f->trips);
	if (f->counts >= 0 && pwrite(f->counts, line, (size_t)len, 0) != len)
		perror("far: the counts");
	pthread_mutex_unlock(&f->lock);
}

static int far_read(const char *path, char *buf, size_t size, off_t off,
		    struct fuse_file_info *fi)
{
	struct far *f = far();
	unsigned trip;
	ssize_t n;

	(void)path;
	trip = begin(f);
	nanosleep(&f->delay, NULL);
	n = pread((int)fi->fh, buf, size, off);
	if (n < 0)
		n = -errno;
	end(f, trip, n);
	return (int)n;
}

static const struct fuse_operations ops = {
	.init = far_init,
	.getattr = far_getattr,
	.readlink = far_readlink,
	.readdir = far_readdir,
	.open = far_open,
	.release = far_release,
	.read = far_read,
};

int main(int argc, char **argv)
{
	char foreground[] = "-f",
	     opts[] = "-oro,max_threads=64,max_idle_threads=64";
	char *args[] = { argv[0], foreground, opts, argv[2], NULL };
	struct far f = { .counts = -1, .lock = PTHREAD_MUTEX_INITIALIZER };
	long us;

	if (argc < 4 || argc > 5) {
		fprintf(stderr, "far SOURCE MOUNTPOINT MS [COUNTS]\n");
		return 2;
	}
	us = (long)(1000 * atof(argv[3]));
	f.delay = (struct timespec){ us / 1000000, us % 1000000 * 1000 };
	f.source = open(argv[1], O_RDONLY | O_DIRECTORY);
	if (f.source < 0) {
		perror(argv[1]);
		return 1;
	}
	if (argc == 5)
		f.counts = open(argv[4], O_WRONLY | O_CREAT | O_TRUNC, 0644);
	return fuse_main(4, args, &ops, &f);
}
