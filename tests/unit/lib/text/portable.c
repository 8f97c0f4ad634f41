/* SPDX-License-Identifier: MIT */
/* portable.c - the texts of numbers are the same without vector instructions
 */

#define OQ_PORTABLE

#include "lib/text/numtext.c" /* instead of that of the library */

#include "tests/unit/lib/text/numtext.c"
