/* SPDX-License-Identifier: MIT */
/* odometer.c - the index columns of a table in long form */

#include "lib/table/odometer.h"

#include <string.h>

#include "lib/base/quote.h"
#include "lib/text/numtext.h"

/* Render axis 'axis' and those after it. */
static void render_from(struct oq_odometer *o, unsigned axis)
{
	const struct oq_table *t = o->table;

	o->text.len = o->start[axis];
	for (unsigned i = axis; i < t->rank; i++) {
		char *to = oq_buf_room(&o->text, OQ_NUMTEXT_MAX);

		o->start[i] = o->text.len;
		if (!to)
			return;
		if (t->axis_labels[i]) {
			const char *s = oq_table_label(t, i, o->at[i]);

			oq_csv_put_field(s, strlen(s), &o->text);
		} else {
			o->text.len +=
				oq_u64_text(to, oq_table_index(t, i, o->at[i]));
		}
		oq_buf_putc(&o->text, ',');
	}
}

void oq_odometer_init(struct oq_odometer *o, const struct oq_table *t,
		      uint64_t i)
{
	*o = (struct oq_odometer){ .table = t };
	for (unsigned axis = t->rank; axis-- > 0;) {
		o->at[axis] = i % t->dims[axis];
		i /= t->dims[axis];
	}
	render_from(o, 0);
}

void oq_odometer_free(struct oq_odometer *o)
{
	oq_buf_free(&o->text);
}

/* Add 1 to the last axis where its text shows that, but for one digit, it
 * stays as it is: that is nine steps in ten. */
static bool count_up(struct oq_odometer *o)
{
	const struct oq_table *t = o->table;
	unsigned axis = t->rank - 1;
	char *digit;

	if (t->axis_labels[axis] || t->axis_step[axis] != 1 ||
	    o->at[axis] + 1 >= t->dims[axis] || o->text.failed)
		return false;
	digit = &o->text.data[o->text.len - 2];
	if (*digit == '9')
		return false;
	++*digit;
	o->at[axis]++;
	return true;
}

void oq_odometer_step(struct oq_odometer *o)
{
	unsigned axis = o->table->rank;

	if (count_up(o))
		return;
	while (axis-- > 0) {
		if (++o->at[axis] < o->table->dims[axis])
			break;
		o->at[axis] = 0;
	}
	render_from(o, axis < o->table->rank ? axis : 0);
}
