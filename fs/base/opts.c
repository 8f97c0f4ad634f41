/* SPDX-License-Identifier: MIT */
/* opts.c - the command line and the -o options */

#include "fs/base/opts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fs/base/machine.h"
#include "fs/base/optval.h"
#include "fs/base/system.h"
#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/base/views.h"

enum type {
	FLAG,	 /* sets a bool */
	NOFLAG,	 /* clears one */
	COUNT,	 /* unsigned, 1 .. 10000 */
	SIZE,	 /* bytes, with K, M, G or T */
	SECONDS, /* into milliseconds */
	VIEWS,
	WATCH,	/* bool: auto or poll */
	SWITCH, /* bool: yes or no */
	NAMED,	/* one more of these */
	HELP,
	VERSION,
	CHECK,
};

/* One option.  A name of one letter is "-x", others are "-o name" or, where
 * 'dashed', "--name". */
struct option {
	const char *name;
	enum type type;
	size_t at; /* offset in struct oqfs_opts */
	bool dashed;
	const char *arg;  /* as --help shows it */
	const char *help; /* NULL: not shown */
};

#define AT(field) offsetof(struct oqfs_opts, field)

static const struct option table[] = {
	{ "f", FLAG, AT(foreground), 0, NULL,
	  "stay in the foreground, log to the terminal" },
	{ "d", FLAG, AT(debug), 0, NULL, "log every request; implies -f" },
	{ "h", HELP, 0, 0, NULL,
	  "this text; also --help; the version: -V, also --version" },
	{ "V", VERSION, 0, 0, NULL, NULL },
	{ "help", HELP, 0, true, NULL, NULL },
	{ "version", VERSION, 0, true, NULL, NULL },
	{ "check", CHECK, 0, true, NULL,
	  "tell what of SOURCE can be read; 2 if not all" },
	{ "json", FLAG, AT(json), true, NULL, "with --check: as JSON" },
	{ "no-sandbox", NOFLAG, AT(sandbox), true, NULL, NULL },
	{ "source", NAMED, 0, 0, "NAME:DIR",
	  "one of several, as a directory NAME; may be repeated" },
	{ "views", VIEWS, AT(views), 0, "LIST", "list these of " },
	{ "cache", SIZE, AT(cache), 0, "SIZE",
	  "decoded chunks of all readers; SIZE as in 64K, 1G (256M)" },
	{ "csv_split", SIZE, AT(csv_split), 0, "SIZE",
	  "larger datasets have their csv in parts; 0: none (256M)" },
	{ "conventions", SWITCH, AT(conventions), 0, "HOW",
	  "yes, or no: no tables of pandas, AnnData and others (yes)" },
	{ "memory", SIZE, AT(memory), 0, "SIZE",
	  "limit of each reader beyond its cache (1G)" },
	{ "passthrough", SWITCH, AT(passthrough), 0, "HOW",
	  "yes, or no: the kernel reads no file by itself (yes)" },
	{ "readers", COUNT, AT(readers), 0, "N",
	  "datastores open at the same time (8)" },
	{ "threads", COUNT, AT(threads), 0, "N",
	  "threads of each reader (two a processor, 8 to 18)" },
	{ "timeout", SECONDS, AT(timeout_ms), 0, "SECONDS",
	  "kill a reader that is silent for so long (5)" },
	{ "idle", SECONDS, AT(idle_ms), 0, "SECONDS",
	  "end a reader that is not used for so long (60)" },
	{ "watch", WATCH, AT(watch), 0, "HOW",
	  "auto, or poll: notice changes by looking alone (auto)" },
	{ "allow_other", FLAG, AT(allow_other), 0, NULL,
	  "other users may look too" },
	{ "auto_unmount", FLAG, AT(auto_unmount), 0, NULL,
	  "unmount even when oqfs is killed" },
	{ "nfs", FLAG, AT(nfs), 0, NULL,
	  "for export by NFS: remember all that was ever seen" },
	{ "nonempty", FLAG, AT(nonempty), 0, NULL,
	  "mount over a directory that is not empty" },
};

#define NOPTIONS (sizeof(table) / sizeof(table[0]))

/* What mount(8) and fstab pass to every filesystem: true of this one anyway,
 * or none of our business. */
static const char *const ignored[] = {
	"ro",	      "rw",	   "defaults",	    "auto",
	"noauto",     "user",	   "nouser",	    "users",
	"nosuid",     "suid",	   "nodev",	    "dev",
	"noexec",     "exec",	   "sync",	    "async",
	"atime",      "noatime",   "relatime",	    "_netdev",
	"nofail",     "owner",	   "dirsync",	    "group",
	"diratime",   "silent",	   "nodiratime",    "default_permissions",
	"loud",	      "mand",	   "nomand",	    "strictatime",
	"iversion",   "lazytime",  "nostrictatime", "nolazytime",
	"noiversion", "symfollow", "nosymfollow",   "_rnetdev",
};

static bool is_ignored(const char *name)
{
	if (strncmp(name, "x-", 2) == 0 || strncmp(name, "comment=", 8) == 0 ||
	    strncmp(name, "fsname=", 7) == 0)
		return true;
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		if (strcmp(name, ignored[i]) == 0)
			return true;
	return false;
}

/* Of two opposite words the last counts. */
static void note_guard(const char *word, struct oqfs_opts *o)
{
	static const struct {
		const char *on, *off;
	} guards[] = {
		{ "ro", "rw" },
		{ "nosuid", "suid" },
		{ "nodev", "dev" },
		{ "noexec", "exec" },
		{ "default_permissions", "" },
	};

	for (size_t i = 0; i < sizeof(guards) / sizeof(guards[0]); i++) {
		if (strcmp(word, guards[i].on) == 0)
			o->guards |= 1U << i;
		if (strcmp(word, guards[i].off) == 0)
			o->guards &= ~(1U << i);
	}
}

/* Options that mount(8) acts on before it starts oqfs. */
static bool is_of_mount(const char *word)
{
	return strncmp(word, "setuid=", 7) == 0 ||
	       strcmp(word, "drop_privileges") == 0;
}

static const char *const wanted[] = {
	[COUNT] = "a number from 1 to 10000",
	[SIZE] = "bytes, or as 64K, 256M, 2G",
	[SECONDS] = "a number from 1 to 1000000",
	[VIEWS] = "some of ",
	[WATCH] = "auto or poll",
	[SWITCH] = "yes or no",
	[NAMED] = "NAME:DIR",
};

static int add_named(const char *value, struct oqfs_opts *o)
{
	size_t n = o->nnamed + 1;
	char **more = reallocarray(o->named, n, sizeof(*more));

	if (!more)
		return -ENOMEM;
	o->named = more;
	o->named[o->nnamed] = strdup(value);
	if (!o->named[o->nnamed])
		return -ENOMEM;
	o->nnamed = n;
	return *value ? 0 : -EINVAL;
}

static int store(const struct option *opt, const char *value,
		 struct oqfs_opts *o)
{
	void *at = (char *)o + opt->at;

	switch (opt->type) {
	case FLAG:
		*(bool *)at = true;
		return 0;
	case NOFLAG:
		*(bool *)at = false;
		return 0;
	case COUNT:
		return oqfs_optval_count(value, 10000, 1, at);
	case SECONDS:
		return oqfs_optval_count(value, 1000000, 1000, at);
	case SIZE:
		return oqfs_optval_size(value, at);
	case VIEWS:
		return oqfs_optval_views(value, at);
	case WATCH:
		return oqfs_optval_either(value, "auto", "poll", at);
	case SWITCH:
		return oqfs_optval_either(value, "yes", "no", at);
	case NAMED:
		return add_named(value, o);
	case HELP:
		o->what = OQFS_DO_HELP;
		return 0;
	case VERSION:
		o->what = OQFS_DO_VERSION;
		return 0;
	case CHECK:
		o->what = OQFS_DO_CHECK;
		return 0;
	}
	return -EINVAL;
}

/* Find an option of an -o list, or one with dashes: a letter has one dash, a
 * word two. */
static const struct option *find(const char *name, size_t n, bool dashed)
{
	for (size_t i = 0; i < NOPTIONS; i++)
		if (strlen(table[i].name) == n &&
		    strncmp(table[i].name, name, n) == 0 &&
		    (table[i].dashed || n == 1) == dashed)
			return &table[i];
	return NULL;
}

static int refuse_value(const struct option *opt, const char *value,
			struct oq_err *err)
{
	OQ_BUF struct oq_buf takes = { 0 };

	oq_buf_puts(&takes, wanted[opt->type]);
	if (opt->type == VIEWS)
		oqfs_optval_view_words(~0U, ' ', &takes);
	oq_buf_putc(&takes, '\0');
	return oq_err_set(err, -EINVAL,
			  "'%s' is no value for option '%s', which takes %s",
			  value, opt->name, takes.data ? takes.data : "less");
}

/* One word of an -o list.  "views" may hold commas of its own: a word that is
 * no option but a view continues it. */
static int take_word(char *word, const struct option **last,
		     struct oqfs_opts *o, struct oq_err *err)
{
	char *value = strchr(word, '=');
	size_t n = value ? (size_t)(value - word) : strlen(word);
	const struct option *opt = find(word, n, false);
	uint32_t bits;

	if (!opt && *last && (*last)->type == VIEWS && !value &&
	    oqfs_optval_views(word, &bits) == 0) {
		o->views |= bits;
		return 0;
	}
	*last = opt;
	if (!opt && is_ignored(word)) {
		note_guard(word, o);
		return 0;
	}
	if (!opt && is_of_mount(word))
		return oq_err_set(err, -EINVAL,
				  "'%s' is an option of mount: mount -t oqfs "
				  "SOURCE MOUNTPOINT -o %s",
				  word, word);
	if (!opt && strcmp(word, "remount") == 0)
		return oq_err_set(err, -EINVAL,
				  "a mount cannot be changed: unmount it, and "
				  "mount it anew");
	if (!opt)
		return oq_err_set(err, -EINVAL,
				  "there is no option '%s'; see oqfs --help",
				  word);
	if ((opt->type == FLAG) != !value)
		return oq_err_set(err, -EINVAL, "option '%s' %s", opt->name,
				  value ? "takes no value" : "needs a value");
	if (store(opt, value ? value + 1 : NULL, o))
		return refuse_value(opt, value ? value + 1 : "", err);
	return 0;
}

/* Cut off what stands before the next comma; a backslash
 * before it makes it a comma in the word. */
static char *next_word(char **rest)
{
	char *word = *rest, *to = word, *from = word;

	while (*from && *from != ',') {
		from += *from == '\\' && from[1] == ',';
		*to++ = *from++;
	}
	*rest = from + (*from == ',');
	*to = '\0';
	return word;
}

static int take_list(const char *list, struct oqfs_opts *o, struct oq_err *err)
{
	OQ_FREE char *copy = strdup(list);
	const struct option *last = NULL;
	char *rest = copy;
	int r = 0;

	if (!copy)
		return oq_err_set(err, -ENOMEM, "there is not enough memory");
	while (!r && *rest) {
		char *word = next_word(&rest);

		r = *word ? take_word(word, &last, o, err) : 0;
	}
	return r;
}

static int take_dashed(const char *arg, struct oqfs_opts *o, struct oq_err *err)
{
	const struct option *opt = NULL;

	if (arg[1] == '-') {
		if (strlen(arg + 2) > 1)
			opt = find(arg + 2, strlen(arg + 2), true);
		if (!opt)
			return oq_err_set(err, -EINVAL,
					  "there is no option '%s'; see oqfs "
					  "--help",
					  arg);
		return store(opt, NULL, o);
	}
	for (const char *c = arg + 1; *c; c++) {
		opt = find(c, 1, true);
		if (!opt)
			return oq_err_set(err, -EINVAL,
					  "there is no option '-%c'; see oqfs "
					  "--help",
					  *c);
		store(opt, NULL, o);
	}
	return 0;
}

static char *default_source(const struct oqfs_opts *o)
{
	const char *dir = getenv("OQ_DATADIR");
	OQ_FREE char *home = NULL;
	char *path;

	/* What the table of mounts says where only source= is given. */
	if (o->nnamed)
		return strdup("oqfs");
	if (dir && *dir)
		return strdup(dir);
	home = oqfs_system_home();
	if (asprintf(&path, "%s/oqdata", home ? home : "") < 0)
		return NULL;
	return path;
}

static int take_checked(const char *const words[], int nwords,
			struct oqfs_opts *o, struct oq_err *err)
{
	if (nwords > 1)
		return oq_err_set(err, -EINVAL,
				  "--check takes one word: oqfs --check "
				  "[SOURCE]");
	o->source = nwords ? strdup(words[0]) : default_source(o);
	o->is_guessed = !nwords;
	if (!o->source)
		return oq_err_set(err, -ENOMEM, "there is not enough memory");
	return 0;
}

static int take_all(int argc, char **argv, struct oqfs_opts *o,
		    struct oq_err *err)
{
	const char *words[2] = { NULL, NULL };
	int nwords = 0, r = 0;
	bool plain = false;

	for (int i = 1; i < argc && !r; i++) {
		const char *a = argv[i];

		if (!plain && strcmp(a, "--") == 0) {
			plain = true;
		} else if (!plain && strncmp(a, "-o", 2) == 0) {
			if (!a[2] && i + 1 == argc)
				return oq_err_set(err, -EINVAL,
						  "-o needs a list of options");
			r = take_list(a[2] ? a + 2 : argv[++i], o, err);
		} else if (!plain && a[0] == '-' && a[1]) {
			r = take_dashed(a, o, err);
		} else if (nwords == 2) {
			return oq_err_set(err, -EINVAL,
					  "there is one word too many: '%s'",
					  a);
		} else {
			words[nwords++] = a;
		}
	}
	if (!r && o->what == OQFS_DO_CHECK)
		return take_checked(words, nwords, o, err);
	if (r || o->what != OQFS_DO_MOUNT)
		return r;
	if (o->json)
		return oq_err_set(err, -EINVAL,
				  "--json goes with --check: oqfs --check "
				  "--json [SOURCE]");
	if (nwords == 0)
		return oq_err_set(err, -EINVAL,
				  "say where to mount: oqfs [SOURCE] "
				  "MOUNTPOINT; see oqfs --help");
	o->mountpoint = strdup(words[nwords - 1]);
	o->source = nwords == 2 ? strdup(words[0]) : default_source(o);
	o->is_guessed = nwords == 1;
	if (!o->mountpoint || !o->source)
		return oq_err_set(err, -ENOMEM, "there is not enough memory");
	return 0;
}

int oqfs_opts_parse(int argc, char **argv, struct oqfs_opts *o,
		    struct oq_err *err)
{
	const struct oqfs_machine has = oqfs_machine_look(NULL);
	int r;

	*o = (struct oqfs_opts){
		.readers = 8,
		/* Some of them wait for chunks that others decode, and all may
		 * wait for a file that is far away. */
		.threads = (unsigned)oq_max_u64(
			8, 2 * oq_min_u64(has.processors, 8) + 2),
		.cache = oq_min_u64(UINT64_C(256) << 20, has.memory / 8),
		.memory = oq_min_u64(UINT64_C(1) << 30, has.memory / 2),
		.csv_split = UINT64_C(256) << 20,
		.timeout_ms = 5000,
		.idle_ms = 60000,
		.watch = true,
		.conventions = true,
		.passthrough = true,
		.sandbox = true,
	};
	r = take_all(argc, argv, o, err);
	o->foreground |= o->debug;
	return r;
}

void oqfs_opts_free(struct oqfs_opts *o)
{
	for (size_t i = 0; i < o->nnamed; i++)
		free(o->named[i]);
	free(o->named);
	free(o->source);
	free(o->mountpoint);
	*o = (struct oqfs_opts){ 0 };
}

/* The words there are, and those of the default. */
static void help_views(struct oq_buf *out)
{
	oqfs_optval_view_words(~0U, ' ', out);
	oq_buf_puts(out, " (");
	oqfs_optval_view_words(oq_views_listed(OQ_LIST_USUAL), ':', out);
	oq_buf_putc(out, ')');
}

void oqfs_opts_help(struct oq_buf *out)
{
	oq_buf_puts(out,
		    "usage: oqfs [SOURCE] MOUNTPOINT [-f] [-d] [-o "
		    "OPTION[,OPTION...]]\n"
		    "Mount HDF5 datastores read-only; unmount with: "
		    "fusermount3 -u MOUNTPOINT\n"
		    "SOURCE is a directory ($OQ_DATADIR, else ~/oqdata), a "
		    "file or '/home/*/oqdata'.\n");
	for (size_t i = 0; i < NOPTIONS; i++) {
		const struct option *t = &table[i];
		char word[32];

		if (!t->help)
			continue;
		snprintf(word, sizeof(word), "%s %s%s%s",
			 t->name[1] ? "-o" : "-", t->name, t->arg ? "=" : "",
			 t->arg ? t->arg : "");
		if (t->dashed || !t->name[1])
			snprintf(word, sizeof(word), "%s%s",
				 t->dashed ? "--" : "-", t->name);
		oq_buf_printf(out, "  %-20s %s", word, t->help);
		if (t->type == VIEWS)
			help_views(out);
		oq_buf_putc(out, '\n');
	}
}
