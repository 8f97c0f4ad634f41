/* SPDX-License-Identifier: MIT */
/* catalog.c - what the source directory holds, and under which names */

#include "fs/source/catalog.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fs/source/identity.h"
#include "fs/source/signature.h"
#include "lib/base/cleanup.h"

#define SLOTS 8192 /* remembered answers to "is this HDF5" */

/* One remembered answer; an identity of zeros is an empty slot. */
struct slot {
	struct oqfs_identity id;
	bool is_hdf5, is_live, is_swmr;
};

/* I set before sharing, never changed; L under 'lock' */
struct oqfs_catalog {
	const struct oqfs_roots *roots; /* I: borrowed */
	pthread_mutex_t lock;
	struct slot *slots; /* L: by hash of the identity */
};

int oqfs_catalog_stat(struct oqfs_catalog *c, const char *dir, struct stat *st)
{
	return oqfs_roots_stat(c->roots, dir, O_DIRECTORY, st);
}

static struct slot *slot_of(struct oqfs_catalog *c,
			    const struct oqfs_identity *id)
{
	uint64_t h = id->ino * 0x9e3779b97f4a7c15;

	return &c->slots[(h >> 40) % SLOTS];
}

/* Find out whether it is HDF5, and open for writing.  If it cannot be read, the
 * name decides: a calculation of another user is still listed. */
static void sniff(struct oqfs_catalog *c, struct oqfs_source *s, bool *is_hdf5)
{
	struct oqfs_identity id = oqfs_identity_of(&s->st);
	struct slot *slot = slot_of(c, &id);
	struct oq_superblock sb = { 0 };
	size_t n = strlen(s->path);
	OQ_CLOSE int fd = -1;
	bool known;
	int r;

	pthread_mutex_lock(&c->lock);
	known = id.ino && oqfs_identity_same(&slot->id, &id);
	*is_hdf5 = slot->is_hdf5;
	s->is_live = slot->is_live;
	s->is_swmr = slot->is_swmr;
	pthread_mutex_unlock(&c->lock);
	if (known)
		return;

	fd = oqfs_roots_open(c->roots, s->path, 0);
	r = fd < 0 ? fd : oq_superblock_find(fd, &sb);
	*is_hdf5 = r > 0;
	s->is_live = r > 0 && oq_superblock_is_open(&sb);
	s->is_swmr = r > 0 && oq_superblock_is_swmr(&sb);
	if (r < 0) {
		*is_hdf5 = n > 5 && strcmp(s->path + n - 5, ".hdf5") == 0;
		return;
	}
	if (oqfs_identity_is_young(&s->st))
		return; /* the signature may be about to be written */
	pthread_mutex_lock(&c->lock);
	*slot = (struct slot){ id, *is_hdf5, s->is_live, s->is_swmr };
	pthread_mutex_unlock(&c->lock);
}

/* The number in "calc_42"; -1 where it is no such name. */
int64_t oqfs_calc_number(const char *name, size_t n)
{
	int64_t v = 0;

	if (n < 6 || n > 5 + 18 || strncmp(name, "calc_", 5) != 0)
		return -1;
	for (size_t i = 5; i < n; i++) {
		if (!isdigit((unsigned char)name[i]))
			return -1;
		v = v * 10 + (name[i] - '0');
	}
	return v;
}

/* The length of "calc_42" in "calc_42.hdf5", else 0. */
static size_t calc_len(const char *file)
{
	size_t n = strlen(file);

	if (n < 11 || n > NAME_MAX || strcmp(file + n - 5, ".hdf5") != 0 ||
	    oqfs_calc_number(file, n - 5) < 0)
		return 0;
	return n - 5;
}

bool oqfs_calc_name(const char *file, char shown[NAME_MAX + 1])
{
	size_t n = calc_len(file);

	snprintf(shown, NAME_MAX + 1, "%.*s", n ? (int)n : NAME_MAX, file);
	return n > 0;
}

static int join(const char *dir, const char *name, char path[PATH_MAX])
{
	int n = snprintf(path, PATH_MAX, "%s%s%s", dir, *dir ? "/" : "", name);

	return n < 0 || n >= PATH_MAX ? -ENAMETOOLONG : 0;
}

/* Does the directory hold an entry with the name that a datastore would be
 * shown under? */
static bool is_taken(struct oqfs_catalog *c, const char *dir, const char *shown)
{
	char path[PATH_MAX];
	struct stat st;

	return join(dir, shown, path) == 0 &&
	       oqfs_roots_stat(c->roots, path, O_NOFOLLOW, &st) == 0;
}

/* Replace a link's attributes by those of the file it leads to, if it may be
 * followed to one. */
static bool follow(struct oqfs_catalog *c, struct oqfs_source *s)
{
	struct oqfs_rights may;
	struct stat st;

	if (oqfs_roots_look(c->roots, s->path, 0, &st, &may) ||
	    !S_ISREG(st.st_mode))
		return false;
	s->st = st;
	s->is_plain = oqfs_rights_are_plain(&may);
	return true;
}

int oqfs_catalog_look(struct oqfs_catalog *c, const char *dir, const char *name,
		      struct oqfs_source *out)
{
	bool is_link, is_hdf5 = false;
	struct oqfs_rights may;
	struct stat own;
	int r;

	if (strlen(name) > NAME_MAX)
		return -ENAMETOOLONG;
	r = join(dir, name, out->path);
	if (!r)
		r = oqfs_roots_look(c->roots, out->path, O_NOFOLLOW, &out->st,
				    &may);
	if (r)
		return r;
	out->is_plain = oqfs_rights_are_plain(&may);
	snprintf(out->shown, sizeof(out->shown), "%s", name);
	out->is_live = out->is_swmr = false;
	out->kind = OQFS_SOURCE_PLAIN;
	own = out->st;
	is_link = S_ISLNK(own.st_mode);
	if (S_ISDIR(own.st_mode)) {
		out->kind = OQFS_SOURCE_DIR;
		return 0;
	}
	if (S_ISREG(own.st_mode) || (is_link && follow(c, out)))
		sniff(c, out, &is_hdf5);
	else if (!is_link)
		return -ENOENT; /* a socket, a device: not for us to pass on */

	if (is_hdf5) {
		char shown[NAME_MAX + 1];

		out->kind = OQFS_SOURCE_STORE;
		if (oqfs_calc_name(name, shown) && !is_taken(c, dir, shown))
			memcpy(out->shown, shown, sizeof(shown));
	} else if (is_link) {
		out->kind = OQFS_SOURCE_LINK;
		out->st = own;
	}
	return 0;
}

int oqfs_catalog_find(struct oqfs_catalog *c, const char *dir, const char *name,
		      struct oqfs_source *out)
{
	char file[NAME_MAX + 1];
	int r = oqfs_catalog_look(c, dir, name, out);

	if (r == 0 && strcmp(out->shown, name) != 0) {
		/* Listed under another name: this one is the plain file. */
		out->kind = OQFS_SOURCE_PLAIN;
		snprintf(out->shown, sizeof(out->shown), "%s", name);
	}
	if (r != -ENOENT || oqfs_calc_number(name, strlen(name)) < 0)
		return r;
	snprintf(file, sizeof(file), "%s.hdf5", name);
	r = oqfs_catalog_look(c, dir, file, out);
	if (r == 0 && strcmp(out->shown, name) != 0)
		r = -ENOENT;
	return r;
}

int oqfs_catalog_list(struct oqfs_catalog *c, const char *dir,
		      struct oq_buf *names)
{
	struct dirent *d;
	int fd, r;
	DIR *dp;

	if (!*dir && oqfs_roots_are_several(c->roots))
		return oqfs_roots_names(c->roots, names);
	fd = oqfs_roots_open(c->roots, dir, O_DIRECTORY);
	if (fd < 0)
		return fd;
	dp = fdopendir(fd);
	if (!dp) {
		close(fd);
		return -ENOMEM;
	}
	for (errno = 0; (d = readdir(dp)); errno = 0)
		if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
			oq_buf_put(names, d->d_name, strlen(d->d_name) + 1);
	r = -errno;
	closedir(dp);
	return oq_buf_failed(names) ? -ENOMEM : r;
}

int oqfs_catalog_readlink(struct oqfs_catalog *c, const char *path,
			  char text[PATH_MAX])
{
	OQ_CLOSE int fd = oqfs_roots_open(c->roots, path, O_PATH | O_NOFOLLOW);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = readlinkat(fd, "", text, PATH_MAX - 1);
	if (n < 0)
		return errno == ENOENT ? -EINVAL : -errno;
	text[n] = '\0';
	return 0;
}

/* A source that is one file must be HDF5, and readable. */
static int check_file(const struct oqfs_roots *roots, struct oq_err *err)
{
	const char *dir = oqfs_roots_dir(roots), *file = oqfs_roots_file(roots);
	OQ_CLOSE int fd = oqfs_roots_open_file(roots, file);
	struct oq_superblock sb;
	int r = fd < 0 ? fd : oq_superblock_find(fd, &sb);

	if (r < 0)
		return oq_err_set(err, r, "cannot read '%s/%s': %s", dir, file,
				  strerror(-r));
	if (r == 0)
		return oq_err_set(err, -EINVAL,
				  "the source '%s/%s' is not an HDF5 file", dir,
				  file);
	return 0;
}

int oqfs_catalog_open(const struct oqfs_roots *roots, struct oqfs_catalog **out,
		      struct oq_err *err)
{
	int r = oqfs_roots_file(roots) ? check_file(roots, err) : 0;
	struct oqfs_catalog *c;

	if (r)
		return r;
	c = calloc(1, sizeof(*c));
	if (c)
		c->slots = calloc(SLOTS, sizeof(*c->slots));
	if (!c || !c->slots) {
		free(c);
		return oq_err_set(err, -ENOMEM, "there is not enough memory");
	}
	c->roots = roots;
	pthread_mutex_init(&c->lock, NULL);
	*out = c;
	return 0;
}

void oqfs_catalog_close(struct oqfs_catalog *c)
{
	if (!c)
		return;
	pthread_mutex_destroy(&c->lock);
	free(c->slots);
	free(c);
}
