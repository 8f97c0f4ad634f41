/* SPDX-License-Identifier: MIT */
/* pickle.c - attributes that pandas pickled, and NumPy's notation of dates */

#include <stdlib.h>
#include <string.h>

#include "lib/convention/pickle.h"
#include "lib/type/datetime.h"
#include "tests/fuzz/input.h"

/* Every value that was made can be looked at, and its items are values. */
static void look_at(const struct oq_pickled *all)
{
	for (; all; all = all->next) {
		if ((all->kind == OQ_PICKLED_TEXT ||
		     all->kind == OQ_PICKLED_INT) &&
		    !all->text)
			abort();
		for (size_t i = 0; i < all->n; i++)
			if (!all->items[i])
				abort();
		(void)oq_pickled_get(all, "index");
	}
}

static void look_at_date(const char *s, const uint8_t *data, size_t n)
{
	struct oq_dtype t = { .cls = OQ_OPAQUE, .size = 8 };
	char text[OQ_DATETIME_MAX];
	uint8_t elem[8] = { 0 };

	memcpy(elem, data, n < 8 ? n : 8);
	if (oq_datetime_parse(s, &t) &&
	    oq_datetime_text(&t, elem, text) > oq_datetime_max(&t))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct oq_pickled *all = NULL;
	char *s = malloc(n + 1);

	if (!s)
		return 0;
	memcpy(s, data, n);
	s[n] = 0;
	(void)oq_pickle_read(s, n, &all);
	look_at(all);
	oq_pickle_free(all);
	look_at_date(s, data, n);
	free(s);
	return 0;
}
