/* SPDX-License-Identifier: MIT */
/* err.h - one line saying what went wrong, owned by the caller
 *
 * A function that can fail for a reason worth telling takes a
 * 'struct oq_err *', writes one line into it and returns a negative errno.
 * The line crosses the wire in the reply and is logged once, at the place
 * that turns it into an errno for the user.
 */
#ifndef OQ_ERR_H
#define OQ_ERR_H

#define OQ_ERR_BYTES 240

struct oq_err {
	char text[OQ_ERR_BYTES]; /* NUL-terminated, no control characters */
};

/* Write the line (cut where it does not fit, control characters replaced by
 * '?') and return 'code', so that a failure is one statement.  'err' may be
 * NULL when nobody wants the reason. */
int oq_err_set(struct oq_err *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
