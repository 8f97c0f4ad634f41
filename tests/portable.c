/* SPDX-License-Identifier: MIT */
/* portable.c - the texts of numbers are the same without vector instructions
 */

#define OQ_PORTABLE

#include "lib/numtext.c" /* instead of that of the library */

#include "numtext.c"
