/* SPDX-License-Identifier: MIT */
/* names.c - names of attributes, asked for many objects at once */

#include "fs/readers/names.h"

#include <stdlib.h>

#include "lib/base/num.h"
#include "lib/base/search.h"
#include "lib/ipc/wire.h"

/* The next entry in order is at most so far behind the one before: links, which
 * have no attributes, are between them. */
#define MOST_APART 16
#define GROWTH	   8

struct oqfs_names_of {
	uint64_t object; /* first: for oq_lower_bound() */
	size_t at, len;	 /* in 'bytes' */
};

void oqfs_names_init(struct oqfs_names *names)
{
	*names = (struct oqfs_names){ .n = 0 };
	pthread_mutex_init(&names->lock, NULL);
}

static void drop_locked(struct oqfs_names *names)
{
	free(names->v);
	names->v = NULL;
	names->n = 0;
	oq_buf_free(&names->bytes);
}

void oqfs_names_done(struct oqfs_names *names)
{
	drop_locked(names);
	pthread_mutex_destroy(&names->lock);
}

static const struct oqfs_names_of *find_locked(const struct oqfs_names *names,
					       uint64_t object)
{
	const struct oqfs_names_of *v = names->v;
	size_t i = oq_lower_bound(v, names->n, sizeof(*v), object);

	return i < names->n && v[i].object == object ? &v[i] : NULL;
}

bool oqfs_names_get(struct oqfs_names *names, uint64_t object,
		    struct oq_buf *out)
{
	const struct oqfs_names_of *of;

	pthread_mutex_lock(&names->lock);
	of = find_locked(names, object);
	if (of)
		oq_buf_put(out, names->bytes.data + of->at, of->len);
	pthread_mutex_unlock(&names->lock);
	return of != NULL;
}

enum oqfs_lack oqfs_names_lack(struct oqfs_names *names, uint64_t object,
			       const char *name)
{
	enum oqfs_lack lack = OQFS_UNKNOWN;
	const struct oqfs_names_of *of;

	pthread_mutex_lock(&names->lock);
	of = find_locked(names, object);
	if (of) {
		const char *list = names->bytes.data + of->at;

		lack = oq_words_have(list, of->len, "") ||
				       oq_words_have(list, of->len, name)
			       ? OQFS_MAY_HAVE
			       : OQFS_LACKS;
	}
	pthread_mutex_unlock(&names->lock);
	return lack;
}

size_t oqfs_names_plan(struct oqfs_names *names, uint64_t group, size_t i)
{
	size_t window;

	pthread_mutex_lock(&names->lock);
	if (names->is_off || !names->window || names->group != group ||
	    i <= names->from || i - names->from > names->window + MOST_APART)
		names->window = 1;
	else
		names->window =
			oq_min_u64(names->window * GROWTH, OQFS_NAMES_MOST);
	window = names->window;
	names->group = group;
	names->from = i;
	pthread_mutex_unlock(&names->lock);
	return window;
}

static int by_object(const void *a, const void *b)
{
	const struct oqfs_names_of *x = a, *y = b;

	return x->object < y->object ? -1 : x->object > y->object;
}

/* Where each object's are, as far as they came.  Returns how many. */
static size_t take_apart(const uint64_t *objects, size_t n,
			 const struct oq_buf *bytes, struct oqfs_names_of *v)
{
	struct oq_cursor l = { (const uint8_t *)bytes->data, bytes->len,
			       false };
	size_t kept = 0;

	for (size_t i = 0; i < n && l.left; i++) {
		size_t len;
		const char *text = oq_cursor_str(&l, &len);

		if (l.bad || (len && text[len - 1]))
			return 0;
		v[kept++] = (struct oqfs_names_of){
			objects[i], (size_t)(text - bytes->data), len
		};
	}
	return l.left ? 0 : kept;
}

void oqfs_names_keep(struct oqfs_names *names, const uint64_t *objects,
		     size_t n, struct oq_buf *bytes)
{
	struct oqfs_names_of *v = calloc(n ? n : 1, sizeof(*v));
	size_t kept = v && !oq_buf_failed(bytes)
			      ? take_apart(objects, n, bytes, v)
			      : 0;

	if (kept)
		qsort(v, kept, sizeof(*v), by_object);
	pthread_mutex_lock(&names->lock);
	drop_locked(names);
	names->v = v;
	names->n = kept;
	names->bytes = *bytes;
	pthread_mutex_unlock(&names->lock);
	*bytes = (struct oq_buf){ 0 };
}

void oqfs_names_stop(struct oqfs_names *names)
{
	pthread_mutex_lock(&names->lock);
	names->is_off = true;
	drop_locked(names);
	pthread_mutex_unlock(&names->lock);
}
