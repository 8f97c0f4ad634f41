/* SPDX-License-Identifier: MIT */
/* slots.c - a proxy's references and slots, and how it is killed
 *
 * What the askers (proxy.c) and the monitor (monitor.c) both do.
 */

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "fs/readers/proxyint.h"

void oqfs_proxy_free(struct oqfs_proxy *p)
{
	const int fds[] = { p->sock,	p->wake_fd,   p->line_fd,
			    p->file_fd, p->theirs_fd, p->shm_fd };

	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		if (fds[i] >= 0)
			(void)close(fds[i]);
	oq_shm_unmap(&p->shm);
	for (uint32_t i = 0; i < OQ_SHM_SLOTS; i++)
		pthread_cond_destroy(&p->slots[i].settled);
	pthread_cond_destroy(&p->freed);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

struct oqfs_proxy *oqfs_proxy_get(struct oqfs_proxy *p)
{
	atomic_fetch_add(&p->refs, 1);
	return p;
}

void oqfs_proxy_put(struct oqfs_proxy *p)
{
	if (p && atomic_fetch_sub(&p->refs, 1) == 1)
		oqfs_proxy_free(p);
}

void oqfs_slot_free_locked(struct oqfs_slot *s)
{
	s->state = OQFS_SLOT_FREE;
	pthread_cond_signal(&s->proxy->freed);
}

void oqfs_proxy_kill_locked(struct oqfs_proxy *p, enum oqfs_end how)
{
	if (p->how == OQFS_END_OPEN)
		p->how = how;
	p->closing = true;
	/* If it is not started yet, the monitor finds 'how' when it is. */
	if (p->is_ours) {
		(void)kill(p->pid, SIGKILL);
		if (p->killed_at == OQFS_FOREVER)
			p->killed_at = oqfs_now_ms();
	}
	pthread_cond_broadcast(&p->freed);
}
