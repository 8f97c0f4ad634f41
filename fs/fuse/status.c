/* SPDX-License-Identifier: MIT */
/* status.c - how the mount is doing, as a short text for people */

#include "fs/fuse/status.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>

void oqfs_status_put(struct oqfs_front *f, struct oq_buf *out)
{
	size_t n, bytes;

	oqfs_roots_put_status(f->roots, out);
	oqfs_super_put_status(f->super, out);
	oqfs_listings_measure(f->listings, &n, &bytes);
	oq_buf_printf(out, "listings: %zu kept, %zu kB\n", n, bytes >> 10);
	oq_buf_printf(out, "nodes: %" PRIu64 "\n", oqfs_nodes_count(f->nodes));
	if (atomic_load(&f->passes))
		oq_buf_printf(out, "passthrough: %u open\n",
			      atomic_load(&f->nbacked));
	else
		oq_buf_puts(out, "passthrough: no\n");
	oqfs_log_put_recent(f->log, out);
}

static void log_lines(struct oqfs_front *f)
{
	OQ_BUF struct oq_buf text = { 0 };
	char *at, *line;

	oqfs_status_put(f, &text);
	oq_buf_putc(&text, '\0');
	if (oq_buf_failed(&text))
		return;
	at = text.data;
	while ((line = strsep(&at, "\n")))
		if (*line)
			oqfs_log(f->log, OQFS_INFO, "status: %s", line);
}

static sigset_t the_signal(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	return set;
}

static void *await(void *arg)
{
	const sigset_t set = the_signal();
	struct oqfs_status *s = arg;
	int sig;

	while (sigwait(&set, &sig) == 0 && !atomic_load(&s->over))
		log_lines(s->front);
	return NULL;
}

void oqfs_status_block(void)
{
	const sigset_t set = the_signal();

	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void oqfs_status_start(struct oqfs_status *s, struct oqfs_front *f)
{
	s->front = f;
	atomic_init(&s->over, false);
	s->runs = oqfs_thread_start(&s->thread, await, s) == 0;
}

void oqfs_status_end(struct oqfs_status *s)
{
	if (!s->runs)
		return;
	atomic_store(&s->over, true);
	pthread_kill(s->thread, SIGUSR1);
	pthread_join(s->thread, NULL);
}
