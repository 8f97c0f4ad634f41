/* SPDX-License-Identifier: MIT */
/* generation.c - a datastore that changes under its reader */

#include "tests/unit/world.h"

/* ---- generations ---- */

static void replaced(void **state)
{
	struct world *w = *state;
	pid_t pid = pid_of(w->st);

	write_file(w, "new", "9876543210");
	assert_int_equal(renameat(w->fd, "new", w->fd, "a"), 0);
	assert_int_equal(ask(w->st, "echo"), -ESTALE);
	assert_true(oqfs_store_is_retired(w->st));
	assert_soon(!is_alive(pid));
	oqfs_store_put(w->st);
	w->st = store_of(w, "a");
	assert_int_equal(ask(w->st, "echo"), 0);
}

static void rewritten(void **state)
{
	struct world *w = *state;
	char byte;

	assert_int_equal(ask(w->st, "echo"), 0);
	write_file(w, "a", "other");
	assert_int_equal(oqfs_store_pread(w->st, &byte, 1, 0, NULL), -ESTALE);
	assert_int_equal(ask(w->st, "echo"), -ESTALE);
}

static void changed_while_asked(void **state)
{
	struct world *w = *state;
	struct job j = { .st = w->st, .name = "slow" };

	assert_int_equal(ask(w->st, "echo"), 0);
	start_job(&j);
	fake_sleep(20);
	write_file(w, "a", "other");
	pthread_join(j.thread, NULL);
	assert_int_equal(j.rc, -ESTALE);
}

static bool has_open(const char *dir)
{
	DIR *d = opendir("/proc/self/fd");
	char link[64], to[512];
	bool found = false;

	for (struct dirent *e; d && (e = readdir(d));) {
		ssize_t n;

		snprintf(link, sizeof(link), "/proc/self/fd/%.20s", e->d_name);
		n = readlink(link, to, sizeof(to) - 1);
		to[n > 0 ? n : 0] = '\0';
		found |= strncmp(to, dir, strlen(dir)) == 0 &&
			 to[strlen(dir)] == '/';
	}
	closedir(d);
	return found;
}

static void deleted(void **state)
{
	struct world *w = *state;
	pid_t pid = pid_of(w->st);

	assert_true(has_open(w->dir));
	unlinkat(w->fd, "a", 0);
	assert_soon(!has_open(w->dir) && !is_alive(pid));
	assert_int_equal(ask(w->st, "echo"), -ESTALE);
}

/* A superblock as far as the front looks at it, and the rest of its bytes. */
#define LIVE "\x89HDF\r\n\x1a\n\x03\x08\x08\x05"
#define REST "-----------------------------------------------------------"

/* As a writer does it: in place, never short in between. */
static void change_file(const struct world *w, off_t at, const char *text)
{
	int fd = openat(w->fd, "live", O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, text, strlen(text), at), strlen(text));
	close(fd);
}

static void live(void **state)
{
	struct world *w = *state;
	struct oqfs_store *st = new_store(w, "live", LIVE REST);
	pid_t pid, later;
	int r;

	oqfs_store_set_live(st);
	pid = pid_of(st);
	change_file(w, sizeof(LIVE REST) - 1, "more");
	later = pid_of(st);
	/* The same length, but its writer has closed it in the meantime. */
	change_file(w, 11, "\x04");
	r = ask(st, "echo");
	oqfs_store_put(st);
	assert_int_equal(later, pid);
	assert_int_equal(r, -ESTALE);
}

static void live_shrinks(void **state)
{
	struct world *w = *state;
	struct oqfs_store *st = new_store(w, "live", LIVE REST);
	int before, after;

	oqfs_store_set_live(st);
	before = ask(st, "echo");
	write_file(w, "live", LIVE);
	after = ask(st, "echo");
	oqfs_store_put(st);
	assert_int_equal(before, 0);
	assert_int_equal(after, -ESTALE);
}

static void links(void **state)
{
	struct world *w = *state;
	struct oqfs_store *st;
	struct oqfs_roots *roots;

	assert_int_equal(symlinkat("a", w->fd, "inside"), 0);
	st = store_of(w, "inside");
	assert_int_equal(ask(st, "echo"), -ESTALE);
	oqfs_store_put(st);

	assert_int_equal(symlinkat("/proc/self/exe", w->fd, "outside"), 0);
	st = store_of(w, "outside");
	assert_int_equal(ask(st, "echo"), -ESTALE);
	oqfs_store_put(st);

	assert_int_equal(symlinkat("/etc/passwd", w->fd, "passwd"), 0);
	st = store_of(w, "passwd");
	assert_int_equal(ask(st, "echo"), -ESTALE);
	oqfs_store_put(st);
	/* In a mount of one's own they are. */
	roots = roots_of(w->dir, false);
	w->o.roots = roots;
	restart(w, 2, 60000);
	oqfs_roots_free(w->roots);
	w->roots = roots;
	st = store_of(w, "passwd");
	assert_int_equal(ask(st, "echo"), 0);
	oqfs_store_put(st);
}

static void preads(void **state)
{
	struct world *w = *state;
	char buf[16];

	assert_int_equal(oqfs_store_pread(w->st, buf, 4, 3, NULL), 0);
	assert_memory_equal(buf, "3456", 4);
	assert_int_equal(oqfs_store_pread(w->st, buf, 4, 7, NULL), -EIO);
	assert_int_equal(oqfs_store_pread(w->st, buf, 4, UINT64_MAX, NULL),
			 -EIO);
	assert_true(has_open(w->dir));
	assert_soon(!has_open(w->dir)); /* no reader: it is closed again */
}

/* ---- with others that it was made from ---- */

/* The store of the file "child", made from "p" and "q". */
static struct oqfs_store *child_of(struct world *w)
{
	struct oqfs_store *st = new_store(w, "child", "hello");
	struct oqfs_calc calc = {
		.number = 42,
		.parents = { new_store(w, "p", "one"),
			     new_store(w, "q", "two") },
		.nparents = 2,
		.absent = "no third",
	};

	assert_int_equal(oqfs_store_set_calc(st, &calc), 0);
	oqfs_store_put(calc.parents[0]);
	oqfs_store_put(calc.parents[1]);
	return st;
}

static void parents_are_given(void **state)
{
	struct world *w = *state;
	struct oqfs_store *st = child_of(w);
	char text[128];
	pid_t pid;

	ask_text(st, "calc", text, sizeof(text));
	assert_string_equal(text, "42 'no third' one two");
	/* To each of its readers. */
	pid = pid_of(st);
	assert_int_equal(kill(pid, SIGKILL), 0);
	ask_text(st, "calc", text, sizeof(text));
	assert_string_equal(text, "42 'no third' one two");
	assert_true(pid_of(st) != pid);
	/* To no others. */
	ask_text(w->st, "calc", text, sizeof(text));
	assert_string_equal(text, "");
	oqfs_store_put(st);
}

static void parent_replaced(void **state)
{
	struct world *w = *state;
	struct oqfs_store *st = child_of(w);
	pid_t pid = pid_of(st);

	write_file(w, "new", "three");
	assert_int_equal(renameat(w->fd, "new", w->fd, "q"), 0);
	assert_int_equal(ask(st, "echo"), -ESTALE);
	assert_true(oqfs_store_is_retired(st));
	assert_soon(!is_alive(pid));
	oqfs_store_put(st);
}

/* Nobody asks: the super sees it all the same, and lets its space go. */
static void parent_deleted(void **state)
{
	struct world *w = *state;
	struct oqfs_store *st = child_of(w);
	pid_t pid = pid_of(st);

	assert_int_equal(unlinkat(w->fd, "p", 0), 0);
	/* Our own descriptor goes when its monitor has reaped it. */
	assert_soon(!is_alive(pid) && !has_open(w->dir));
	assert_true(oqfs_store_is_retired(st));
	oqfs_store_put(st);
}

static void parent_changes_while_asked(void **state)
{
	struct world *w = *state;
	struct oqfs_store *st = child_of(w);
	struct job j = { .st = st, .name = "slow" };

	assert_int_equal(ask(st, "echo"), 0);
	start_job(&j);
	fake_sleep(20);
	write_file(w, "p", "other");
	pthread_join(j.thread, NULL);
	assert_int_equal(j.rc, -ESTALE);
	oqfs_store_put(st);
}

static void parent_is_another_from_the_start(void **state)
{
	struct world *w = *state;
	struct oqfs_store *st = child_of(w);

	write_file(w, "p", "other");
	assert_int_equal(ask(st, "echo"), -ESTALE);
	assert_true(oqfs_store_is_retired(st));
	oqfs_store_put(st);
}

static void unreadable(void **state)
{
	struct world *w = *state;
	int rc;

	/* Root may read everything: be another, in this thread alone. */
	assert_int_equal(fchmodat(w->fd, "a", 0, 0), 0);
	oqfs_store_put(w->st);
	w->st = store_of(w, "a");
	if (geteuid() == 0)
		assert_int_equal(syscall(SYS_setresuid, -1, 65534, -1), 0);
	rc = ask(w->st, "echo");
	if (getuid() == 0)
		assert_int_equal(syscall(SYS_setresuid, -1, 0, -1), 0);
	assert_int_equal(rc, -EACCES);
}

static const struct CMUnitTest tests[] = {
	test("a replaced file is stale", replaced),
	test("a rewritten file is stale", rewritten),
	test("a change during a request makes its answer stale",
	     changed_while_asked),
	test("a deleted file is let go within a second", deleted),
	test("a live datastore may grow while its writer goes on", live),
	test("a live datastore that shrinks is another", live_shrinks),
	test("symbolic links are not followed unless they may lead outside",
	     links),
	test("bytes of the file itself are read exactly", preads),
	test("an unreadable file is EACCES", unreadable),
	test("a reader is given the files that its own was made from",
	     parents_are_given),
	test("once one of those is replaced the store is stale",
	     parent_replaced),
	test("a deleted one is let go within a second", parent_deleted),
	test("a change to one during a request makes its answer stale",
	     parent_changes_while_asked),
	test("one that was replaced before it was opened is not read",
	     parent_is_another_from_the_start),
};

WORLD_MAIN("generation")
