/* SPDX-License-Identifier: MIT */
/* datetime.c - NumPy's date-times and time spans, as h5py stores them */

#include "lib/type/datetime.h"

#include <endian.h>
#include <inttypes.h>
#include <string.h>

#include "lib/text/numtext.h"

#define DAY_SECONDS 86400

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 uwide;

/* ---- units ---- */

/* What is less than a day: how many make one, and the digits of the part of a
 * second. */
static const struct unit {
	const char *name;
	uint64_t per_second; /* 0: a second or more */
	unsigned digits;
} units[] = {
	[OQ_UNIT_NONE] = { "", 0, 0 },
	[OQ_YEAR] = { "Y", 0, 0 },
	[OQ_MONTH] = { "M", 0, 0 },
	[OQ_WEEK] = { "W", 0, 0 },
	[OQ_DAY] = { "D", 0, 0 },
	[OQ_HOUR] = { "h", 0, 0 },
	[OQ_MINUTE] = { "m", 0, 0 },
	[OQ_SECOND] = { "s", 1, 0 },
	[OQ_MILLI] = { "ms", 1000, 3 },
	[OQ_MICRO] = { "us", 1000000, 6 },
	[OQ_NANO] = { "ns", 1000000000, 9 },
	[OQ_PICO] = { "ps", 1000000000000, 12 },
	[OQ_FEMTO] = { "fs", 1000000000000000, 15 },
	[OQ_ATTO] = { "as", 1000000000000000000, 18 },
};

const char *oq_datetime_unit(enum oq_unit u)
{
	return units[u].name;
}

/* ---- notation ---- */

/* Go past 'word' if it stands at '*s'. */
static bool skip(const char **s, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(*s, word, n) != 0)
		return false;
	*s += n;
	return true;
}

static bool parse_multiple(const char **s, uint32_t *multiple)
{
	uint64_t n = 0;
	const char *p = *s;

	while (*p >= '0' && *p <= '9' && n <= INT32_MAX)
		n = n * 10 + (uint64_t)(*p++ - '0');
	*multiple = p == *s ? 1 : (uint32_t)n;
	*s = p;
	return *multiple > 0 && n <= INT32_MAX;
}

static bool parse_unit(const char *s, enum oq_unit *unit)
{
	if (strcmp(s, "\xce\xbcs]") == 0)
		s = "us]"; /* with a Greek mu */
	for (size_t i = OQ_YEAR; i < sizeof(units) / sizeof(*units); i++) {
		const char *at = s;

		if (skip(&at, units[i].name) && strcmp(at, "]") == 0) {
			*unit = (enum oq_unit)i;
			return true;
		}
	}
	return false;
}

bool oq_datetime_parse(const char *s, struct oq_dtype *t)
{
	enum oq_order order = *s == '>' ? OQ_BE : OQ_LE;
	enum oq_class cls = OQ_DATETIME;
	enum oq_unit unit = OQ_UNIT_NONE;
	uint32_t multiple = 1;

	if (*s && strchr("<>=|", *s))
		s++;
	if (skip(&s, "m8") || skip(&s, "timedelta64"))
		cls = OQ_TIMEDELTA;
	else if (!skip(&s, "M8") && !skip(&s, "datetime64"))
		return false;
	if (*s && !(skip(&s, "[") && parse_multiple(&s, &multiple) &&
		    parse_unit(s, &unit)))
		return false;
	t->cls = cls;
	t->order = order;
	t->unit = unit;
	t->multiple = multiple;
	return true;
}

void oq_datetime_put_numpy(const struct oq_dtype *t, struct oq_buf *out)
{
	oq_buf_printf(out, "%c%c8", t->order == OQ_BE ? '>' : '<',
		      t->cls == OQ_DATETIME ? 'M' : 'm');
	if (t->unit == OQ_UNIT_NONE)
		return;
	oq_buf_putc(out, '[');
	if (t->multiple > 1)
		oq_buf_printf(out, "%" PRIu32, t->multiple);
	oq_buf_printf(out, "%s]", units[t->unit].name);
}

/* ---- text ---- */

/* The quotient rounded down, and what is left, which is not negative. */
static wide divide(wide a, wide by, wide *left)
{
	wide q;

	if (a == (int64_t)a && by == (int64_t)by)
		q = (int64_t)a / (int64_t)by; /* much faster */
	else
		q = a / by;
	if (q * by > a)
		q--;
	*left = a - q * by;
	return q;
}

/* A number in 'width' digits. */
static char *put_digits(char *to, uint64_t v, unsigned width)
{
	for (unsigned i = width; i-- > 0; v /= 10)
		to[i] = (char)('0' + v % 10);
	return to + width;
}

/* As C's "%04d", which counts the sign. */
static char *put_year(char *to, wide year)
{
	char digits[40];
	size_t at = sizeof(digits), least = year < 0 ? 3 : 4;
	uwide v = year < 0 ? -(uwide)year : (uwide)year;

	if (year < 0)
		*to++ = '-';
	for (; v > 0 || sizeof(digits) - at < least; v /= 10)
		digits[--at] = (char)('0' + (int)(v % 10));
	memcpy(to, digits + at, sizeof(digits) - at);
	return to + (sizeof(digits) - at);
}

static char *put_part(char *to, char before, uint64_t v)
{
	*to++ = before;
	return put_digits(to, v, 2);
}

/* Days since 1970 in the Gregorian calendar, which repeats itself every 400
 * years; they are counted from a 1st of March, so that a leap day is the last
 * of its year. */
static char *put_date(char *to, wide days)
{
	wide left, era = divide(days + 719468, 146097, &left);
	unsigned day = (unsigned)left;
	unsigned year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	unsigned yday = day - (365 * year + year / 4 - year / 100);
	unsigned month = (5 * yday + 2) / 153; /* from March on */
	unsigned mday = yday - (153 * month + 2) / 5 + 1;
	bool next = month >= 10;

	to = put_year(to, era * 400 + year + next);
	to = put_part(to, '-', next ? month - 9 : month + 3);
	return put_part(to, '-', mday);
}

/* Seconds of a day, as far as the unit goes. */
static char *put_time(char *to, unsigned seconds, enum oq_unit unit)
{
	to = put_part(to, 'T', seconds / 3600);
	if (unit >= OQ_MINUTE)
		to = put_part(to, ':', seconds / 60 % 60);
	if (unit >= OQ_SECOND)
		to = put_part(to, ':', seconds % 60);
	return to;
}

static char *put_moment(char *to, wide v, enum oq_unit unit)
{
	const struct unit *u = &units[unit];
	wide part = 0, second;

	if (u->per_second)
		v = divide(v, u->per_second, &part);
	else
		v *= unit == OQ_HOUR ? 3600 : 60;
	to = put_date(to, divide(v, DAY_SECONDS, &second));
	to = put_time(to, (unsigned)second, unit);
	if (u->digits == 0)
		return to;
	*to++ = '.';
	return put_digits(to, (uint64_t)part, u->digits);
}

static char *put_datetime(char *to, wide v, enum oq_unit unit)
{
	wide month;

	switch (unit) {
	case OQ_YEAR:
		return put_year(to, v + 1970);
	case OQ_MONTH:
		v = divide(v, 12, &month);
		to = put_year(to, v + 1970);
		return put_part(to, '-', (uint64_t)month + 1);
	case OQ_WEEK:
		return put_date(to, v * 7);
	case OQ_DAY:
		return put_date(to, v);
	default:
		return put_moment(to, v, unit);
	}
}

static size_t put_value(const struct oq_dtype *t, int64_t v, char *out)
{
	if (v == INT64_MIN)
		return 0;
	if (!oq_datetime_is_date(t))
		return oq_i64_text(out, v);
	return (size_t)(put_datetime(out, (wide)v * t->multiple, t->unit) -
			out);
}

size_t oq_datetime_text(const struct oq_dtype *t, const void *elem, char *out)
{
	uint64_t v;

	memcpy(&v, elem, sizeof(v));
	v = t->order == OQ_BE ? be64toh(v) : le64toh(v);
	return put_value(t, (int64_t)v, out);
}

/* The years far from now have the most digits. */
size_t oq_datetime_max(const struct oq_dtype *t)
{
	char text[OQ_DATETIME_MAX];
	size_t first = put_value(t, INT64_MIN + 1, text);
	size_t last = put_value(t, INT64_MAX, text);

	return first > last ? first : last;
}
