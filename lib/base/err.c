/* SPDX-License-Identifier: MIT */
/* err.c - one line saying what went wrong, owned by the caller */

#include "lib/base/err.h"

#include <stdarg.h>
#include <stdio.h>

#include "lib/base/printable.h"

int oq_err_set(struct oq_err *err, int code, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return code;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	oq_printable(err->text);
	return code;
}
