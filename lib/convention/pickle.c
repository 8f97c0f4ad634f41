/* SPDX-License-Identifier: MIT */
/* pickle.c - lists of names out of Python's pickles
 *
 * A pickle is a program for a machine with a stack: a value is pushed by a
 * letter and a line of text, a list made of what is above a mark.
 */

#include "lib/convention/pickle.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/cleanup.h"
#include "lib/base/grow.h"

#define MAX_VALUES 100000

struct machine {
	const char *at, *end;
	struct oq_pickled **all; /* every value that was made */
	size_t nvalues;
	struct oq_pickled *stack[MAX_VALUES]; /* NULL is a mark */
	size_t depth;
	struct oq_pickled *memo[MAX_VALUES];
};

void oq_pickle_free(struct oq_pickled *all)
{
	while (all) {
		struct oq_pickled *next = all->next;

		free(all->text);
		free(all->items);
		free(all);
		all = next;
	}
}

/* ---- values ---- */

/* Make a value and push it; NULL ends the program. */
static struct oq_pickled *push(struct machine *m, enum oq_pickled_kind kind)
{
	struct oq_pickled *v = NULL;

	if (m->nvalues < MAX_VALUES && m->depth < MAX_VALUES)
		v = calloc(1, sizeof(*v));
	if (!v)
		return NULL;
	m->nvalues++;
	v->kind = kind;
	v->next = *m->all;
	*m->all = v;
	m->stack[m->depth++] = v;
	return v;
}

static struct oq_pickled *top(const struct machine *m)
{
	return m->depth ? m->stack[m->depth - 1] : NULL;
}

static struct oq_pickled *pop(struct machine *m)
{
	return m->depth ? m->stack[--m->depth] : NULL;
}

static bool add_item(struct oq_pickled *to, struct oq_pickled *item)
{
	if (!to || !item ||
	    oq_grow(&to->items, &to->room, to->n, sizeof(struct oq_pickled *)))
		return false;
	to->items[to->n++] = item;
	return true;
}

/* ---- lines of text ---- */

/* The line behind a letter, without its end. */
static bool take_line(struct machine *m, const char **s, size_t *n)
{
	const char *end = memchr(m->at, '\n', (size_t)(m->end - m->at));

	if (!end)
		return false;
	*s = m->at;
	*n = (size_t)(end - m->at);
	m->at = end + 1;
	return true;
}

static void put_utf8(uint32_t c, struct oq_buf *out)
{
	if (c < 0x80) {
		oq_buf_putc(out, (char)c);
		return;
	}
	if (c >= 0x10000)
		oq_buf_putc(out, (char)(0xf0 | c >> 18));
	if (c >= 0x800)
		oq_buf_putc(out, (char)(c >= 0x10000 ? 0x80 | (c >> 12 & 0x3f)
						     : 0xe0 | c >> 12));
	oq_buf_putc(out, (char)(c >= 0x800 ? 0x80 | (c >> 6 & 0x3f)
					   : 0xc0 | c >> 6));
	oq_buf_putc(out, (char)(0x80 | (c & 0x3f)));
}

/* The hexadecimal digits of \uXXXX or \UXXXXXXXX; how many bytes it is, or 0
 * where it is no such thing. */
static size_t escape(const char *s, size_t n, uint32_t *c)
{
	size_t digits = n > 1 && s[1] == 'u' ? 4 : 8;

	if (n < 2 + digits || s[0] != '\\' || (s[1] != 'u' && s[1] != 'U'))
		return 0;
	*c = 0;
	for (size_t i = 2; i < 2 + digits; i++) {
		const char *hex = "0123456789abcdef0123456789ABCDEF";
		const char *d = s[i] ? strchr(hex, s[i]) : NULL;

		if (!d)
			return 0;
		*c = *c << 4 | (uint32_t)((d - hex) & 15);
	}
	return 2 + digits;
}

/* Python's raw-unicode-escape: Latin-1 but for the escapes. */
static bool push_unicode(struct machine *m)
{
	OQ_BUF struct oq_buf text = { 0 };
	struct oq_pickled *v;
	const char *s;
	size_t n, len;
	bool good = true;

	if (!take_line(m, &s, &n))
		return false;
	for (; n > 0; s += len, n -= len) {
		uint32_t c = (unsigned char)*s;

		len = escape(s, n, &c);
		if (!len)
			len = 1;
		good = good && c > 0 && c <= 0x10ffff && c >> 11 != 0x1b;
		put_utf8(c, &text);
	}
	oq_buf_putc(&text, '\0');
	if (oq_buf_failed(&text))
		return false;
	v = push(m, good ? OQ_PICKLED_TEXT : OQ_PICKLED_OTHER);
	if (v && good)
		v->text = oq_steal(&text.data);
	return v;
}

/* Integers, and I00 and I01, which are false and true. */
static bool push_int(struct machine *m)
{
	struct oq_pickled *v;
	char *end;
	const char *s;
	size_t n;

	if (!take_line(m, &s, &n) || n > 30 || memchr(s, '\0', n))
		return false;
	v = push(m, OQ_PICKLED_OTHER);
	if (!v)
		return false;
	v->text = strndup(s, n);
	if (!v->text)
		return false;
	if (n > 0 && v->text[n - 1] == 'L')
		v->text[--n] = 0;
	errno = 0;
	v->number = strtoll(v->text, &end, 10);
	if (n > 0 && !*end && !errno && (n == 1 || v->text[0] != '0'))
		v->kind = OQ_PICKLED_INT;
	return true;
}

static bool push_other_of_lines(struct machine *m, int lines)
{
	const char *s;
	size_t n;

	while (lines-- > 0)
		if (!take_line(m, &s, &n))
			return false;
	return push(m, OQ_PICKLED_OTHER);
}

/* ---- what is made of what is on the stack ---- */

/* A value of all that is above the mark, which goes. */
static bool collect(struct machine *m, enum oq_pickled_kind kind)
{
	size_t mark = m->depth;
	struct oq_pickled *v;

	while (mark > 0 && m->stack[mark - 1])
		mark--;
	if (mark == 0)
		return false;
	v = push(m, kind);
	for (size_t i = mark; v && i + 1 < m->depth; i++)
		if (!add_item(v, m->stack[i]))
			return false;
	if (!v || (kind == OQ_PICKLED_DICT && v->n % 2))
		return false;
	m->stack[mark - 1] = v;
	m->depth = mark;
	return true;
}

static bool append(struct machine *m)
{
	struct oq_pickled *item = pop(m), *list = top(m);

	return list && list->kind != OQ_PICKLED_DICT && add_item(list, item);
}

static bool set_item(struct machine *m)
{
	struct oq_pickled *value = pop(m), *key = pop(m), *dict = top(m);

	return dict && dict->kind != OQ_PICKLED_LIST && add_item(dict, key) &&
	       add_item(dict, value);
}

/* What a call would give, or a state would make, is not known. */
static bool put_aside(struct machine *m)
{
	return pop(m) && pop(m) && push(m, OQ_PICKLED_OTHER);
}

static bool use_memo(struct machine *m, bool put)
{
	const char *s;
	char *end;
	size_t n;
	unsigned long long i;

	if (!take_line(m, &s, &n) || n == 0)
		return false;
	i = strtoull(s, &end, 10);
	if (end != s + n || i >= MAX_VALUES || m->depth == MAX_VALUES)
		return false;
	if (put)
		m->memo[i] = top(m);
	else
		m->stack[m->depth++] = m->memo[i];
	return top(m);
}

/* ---- the program ---- */

static bool push_mark(struct machine *m)
{
	if (m->depth == MAX_VALUES)
		return false;
	m->stack[m->depth++] = NULL;
	return true;
}

static bool step(struct machine *m, char letter)
{
	switch (letter) {
	case '(':
		return push_mark(m);
	case 'l':
	case 't':
		return collect(m, OQ_PICKLED_LIST);
	case 'd':
		return collect(m, OQ_PICKLED_DICT);
	case 'a':
		return append(m);
	case 's':
		return set_item(m);
	case 'p':
		return use_memo(m, true);
	case 'g':
		return use_memo(m, false);
	case 'V':
		return push_unicode(m);
	case 'I':
	case 'L':
		return push_int(m);
	case 'N':
		return push(m, OQ_PICKLED_NONE);
	case 'S': /* bytes, as Python 2 wrote them */
	case 'F':
		return push_other_of_lines(m, 1);
	case 'c': /* a class or a function, by its module and name */
		return push_other_of_lines(m, 2);
	case 'R':
	case 'b':
		return put_aside(m);
	case '0':
		return pop(m);
	default:
		return false;
	}
}

const struct oq_pickled *oq_pickle_read(const char *s, size_t n,
					struct oq_pickled **all)
{
	OQ_FREE struct machine *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->at = s;
	m->end = s + n;
	m->all = all;
	while (m->at < m->end) {
		char letter = *m->at++;

		if (letter == '.')
			return top(m);
		if (!step(m, letter))
			break;
	}
	return NULL;
}

const struct oq_pickled *oq_pickled_get(const struct oq_pickled *dict,
					const char *key)
{
	if (!dict || dict->kind != OQ_PICKLED_DICT)
		return NULL;
	for (size_t i = 0; i + 1 < dict->n; i += 2)
		if (dict->items[i]->kind == OQ_PICKLED_TEXT &&
		    strcmp(dict->items[i]->text, key) == 0)
			return dict->items[i + 1];
	return NULL;
}
