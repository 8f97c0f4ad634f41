/* SPDX-License-Identifier: MIT */
/* printable.h - text that stays within its line
 *
 * Names come from files: none may forge a line of a log or move a cursor.
 */
#ifndef OQ_PRINTABLE_H
#define OQ_PRINTABLE_H

#include <stdbool.h>

static inline bool oq_is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

/* Control characters of a string become '?'. */
static inline void oq_printable(char *s)
{
	for (; *s; s++)
		if (oq_is_control(*s))
			*s = '?';
}

#endif
