/* SPDX-License-Identifier: MIT */
/* world.h - a directory, a super over it, and the store of its file "a"
 *
 * For the tests of the front's readers, which are scripted: fakereader.h.
 */
#ifndef WORLD_H
#define WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "fs/readers/super.h"
#include "tests/unit/fakereader.h"

struct world {
	char dir[64];
	int fd;
	struct oqfs_roots *roots;
	struct oqfs_super_opts o;
	struct oqfs_super *super;
	struct oqfs_store *st; /* of the file "a" */
};

/* ---- a directory and its stores ---- */

static inline void write_file(const struct world *w, const char *name,
			      const char *text)
{
	int fd = openat(w->fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static inline struct oqfs_store *store_of(const struct world *w,
					  const char *name)
{
	struct oqfs_identity id;
	struct stat st;

	assert_int_equal(fstatat(w->fd, name, &st, 0), 0);
	id = oqfs_identity_of(&st);
	return oqfs_store_new(w->super, name, &id);
}

static inline struct oqfs_store *new_store(const struct world *w,
					   const char *name, const char *text)
{
	write_file(w, name, text);
	return store_of(w, name);
}

static inline struct oqfs_roots *roots_of(const char *dir, bool shared)
{
	struct oqfs_roots_opts o = { .source = dir, .shared = shared };
	struct oqfs_roots *roots;

	assert_int_equal(oqfs_roots_new(&o, &roots, NULL), 0);
	return roots;
}

static inline void start_super(struct world *w)
{
	assert_int_equal(oqfs_super_new(&w->o, &w->super, NULL), 0);
	w->st = new_store(w, "a", "0123456789");
}

static inline int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	snprintf(w->dir, sizeof(w->dir), "/tmp/oqfs-super-XXXXXX");
	if (!mkdtemp(w->dir))
		return -1;
	w->fd = open(w->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	w->roots = roots_of(w->dir, true);
	w->o = (struct oqfs_super_opts){
		.roots = w->roots,
		.nreaders = 2,
		.reader = { .nthreads = 1, .cache_bytes = 1 << 20 },
		.timeout_ms = TIMEOUT_MS,
		.idle_ms = 60000,
		.keep_stderr = true,
	};
	start_super(w);
	*state = w;
	return 0;
}

/* Stop, and start again with other options. */
static inline void restart(struct world *w, unsigned nreaders, unsigned idle_ms)
{
	oqfs_store_put(w->st);
	oqfs_super_free(w->super);
	w->o.nreaders = nreaders;
	w->o.idle_ms = idle_ms;
	start_super(w);
}

static inline int teardown(void **state)
{
	struct world *w = *state;
	char path[400];
	DIR *d;

	oqfs_store_put(w->st);
	oqfs_super_free(w->super);
	d = opendir(w->dir);
	for (struct dirent *e; d && (e = readdir(d));) {
		snprintf(path, sizeof(path), "%s/%s", w->dir, e->d_name);
		unlink(path);
	}
	closedir(d);
	rmdir(w->dir);
	oqfs_roots_free(w->roots);
	close(w->fd);
	free(w);
	return 0;
}

static inline int ask_for(struct oqfs_store *st, const char *name,
			  const char *slice, struct oqfs_cancel *cancel,
			  struct oqfs_answer *a, struct oq_err *err)
{
	const struct oq_request req = {
		.op = OQ_OP_VIEW,
		.len = 4096,
		.name = name,
		.name_len = (uint32_t)strlen(name),
		.slice = slice,
		.slice_len = (uint32_t)strlen(slice) + 1,
	};

	return oqfs_store_ask(st, &req, cancel, a, err);
}

/* Only what becomes of it. */
static inline int ask(struct oqfs_store *st, const char *name)
{
	struct oqfs_answer a;
	int rc = ask_for(st, name, "", NULL, &a, NULL);

	if (rc == 0)
		oqfs_answer_done(&a);
	return rc;
}

static inline void ask_text(struct oqfs_store *st, const char *name, char *out,
			    size_t size)
{
	struct oqfs_answer a;

	assert_int_equal(ask_for(st, name, "", NULL, &a, NULL), 0);
	assert_true(a.reply.nbytes < size);
	memcpy(out, a.bytes, a.reply.nbytes);
	out[a.reply.nbytes] = '\0';
	oqfs_answer_done(&a);
}

static inline pid_t pid_of(struct oqfs_store *st)
{
	char text[32];

	ask_text(st, "pid", text, sizeof(text));
	return atoi(text);
}

static inline bool is_alive(pid_t pid)
{
	return kill(pid, 0) == 0;
}

/* For what comes in its time, however slow the machine is. */
#define assert_soon(test)                                     \
	do {                                                  \
		for (int i_ = 0; !(test) && i_ < 60000; i_++) \
			fake_sleep(1);                        \
		assert_true(test);                            \
	} while (0)

static inline bool status_has(const struct world *w, const char *text)
{
	struct oq_buf b = { 0 };
	bool has;

	oqfs_super_put_status(w->super, &b);
	oq_buf_putc(&b, '\0');
	has = strstr(b.data, text);
	oq_buf_free(&b);
	return has;
}

/* ---- many at once ---- */

struct job {
	pthread_t thread;
	struct oqfs_store *st;
	const char *name;
	struct oqfs_cancel *cancel;
	unsigned times, delay_ms;
	int rc;
	atomic_bool is_over;
};

static inline void *run_job(void *arg)
{
	struct job *j = arg;
	struct oqfs_answer a;
	char slice[32];

	fake_sleep(j->delay_ms);
	snprintf(slice, sizeof(slice), "%p", arg);
	for (unsigned i = 0; i < j->times && !j->rc; i++) {
		j->rc = ask_for(j->st, j->name, slice, j->cancel, &a, NULL);
		if (j->rc)
			break;
		if (strcmp(j->name, "echo") == 0 &&
		    memcmp(a.bytes, slice, a.reply.nbytes) != 0)
			j->rc = -EBADMSG;
		oqfs_answer_done(&a);
	}
	atomic_store(&j->is_over, true);
	return NULL;
}

static inline void start_job(struct job *j)
{
	if (!j->times)
		j->times = 1;
	assert_int_equal(pthread_create(&j->thread, NULL, run_job, j), 0);
}

static inline void run_jobs(struct job *jobs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		start_job(&jobs[i]);
	for (size_t i = 0; i < n; i++)
		pthread_join(jobs[i].thread, NULL);
}

/* A test in a world of its own. */
#define test(name, f)                          \
	{                                      \
		name, f, setup, teardown, NULL \
	}

#define WORLD_MAIN(name)                                                     \
	int main(int argc, char **argv)                                      \
	{                                                                    \
		if (argc > 1 && strcmp(argv[1], "--reader") == 0)            \
			return fake_reader();                                \
		return cmocka_run_group_tests_name(name, tests, NULL, NULL); \
	}

#endif
