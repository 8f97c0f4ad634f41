/* SPDX-License-Identifier: MIT */
/* figure.h - a number as the engine's exporters print it
 *
 * The digits of printf, but faster: correctly rounded from the exact value, as
 * in C and Python.  No locale, no allocation; any thread.
 */
#ifndef OQ_FIGURE_H
#define OQ_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OQ_FIGURE_MAX 340

enum oq_figure {
	OQ_FIGURE_E5,	  /* %.5E */
	OQ_FIGURE_E6,	  /* %.6E */
	OQ_FIGURE_SMALL7, /* %.7e */
	OQ_FIGURE_F5,	  /* %.5f */
	OQ_FIGURE_F7,	  /* %.7f */
	OQ_FIGURE_F6,	  /* %.6f */
	OQ_FIGURE_REPR,	  /* Python's str() of a double */
	OQ_FIGURE_REPR32, /* NumPy's str() of a float of four bytes */
};

/* Write 'v' to 'out[OQ_FIGURE_MAX]', without a NUL; returns how many bytes. */
size_t oq_figure_put(char *out, enum oq_figure f, double v);

/* The same as the two writers of CSV differ from it.  The engine's own writer
 * drops the sign of a negative zero (except in %.5f and %.7e) and of a NaN,
 * which it writes as printf does (NAN for %E).  pandas ('frame') writes "nan".
 */
size_t oq_figure_put_cell(char *out, enum oq_figure f, bool frame, double v);

#endif
