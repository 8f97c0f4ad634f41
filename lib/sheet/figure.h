/* SPDX-License-Identifier: MIT */
/* figure.h - a number as the engine's exporters print it
 *
 * printf's digits, for millions of numbers: correctly rounded from the exact
 * value, as C and Python have it.  No locale, no allocation.
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
	OQ_FIGURE_REPR32, /* of a single */
};

/* Write 'v' to 'out[OQ_FIGURE_MAX]'; returns how many bytes. */
size_t oq_figure_put(char *out, enum oq_figure f, double v);

/* The same where the engine's own writer made the row: a zero that is negative
 * loses its sign (but for %.5f and %.7e), and what is no number is in capitals
 * as printf has it; 'frame': where pandas made the row, "nan". */
size_t oq_figure_put_cell(char *out, enum oq_figure f, bool frame, double v);

#endif
