/* SPDX-License-Identifier: MIT */
/* lzf.c - undo LZF compression */

#include "lib/codec/lzf.h"

#include <string.h>

/*
 *	000nnnnn                     n + 1 literal bytes follow
 *	nnnddddd dddddddd            copy n + 2 bytes from d + 1 before, n < 7
 *	111ddddd nnnnnnnn dddddddd   copy n + 9 bytes from d + 1 before
 */
enum oq_lzf oq_lzf_undo(const uint8_t *in, size_t n, uint8_t *out, size_t room,
			size_t *len)
{
	const uint8_t *end = in + n;
	size_t at = 0;

	while (in < end) {
		size_t run = *in >> 5, back = (size_t)(*in & 31) << 8;

		if (run == 0) {
			run = (size_t)*in++ + 1;
			if (run > (size_t)(end - in))
				return OQ_LZF_DAMAGED;
			if (run > room - at)
				return OQ_LZF_NO_ROOM;
			memcpy(out + at, in, run);
			in += run;
			at += run;
			continue;
		}
		if (end - in < (run == 7 ? 3 : 2))
			return OQ_LZF_DAMAGED;
		in++;
		if (run == 7)
			run += *in++;
		run += 2;
		back += (size_t)*in++ + 1;
		if (back > at)
			return OQ_LZF_DAMAGED;
		if (run > room - at)
			return OQ_LZF_NO_ROOM;
		/* Byte by byte: the two may overlap, which repeats. */
		for (; run; run--, at++)
			out[at] = out[at - back];
	}
	*len = at;
	return OQ_LZF_DONE;
}

uint64_t oq_lzf_length(const uint8_t *in, size_t n)
{
	uint64_t len = 0;

	for (size_t i = 0; i < n;) {
		unsigned run = in[i] >> 5;

		if (run == 0) {
			len += in[i] + 1u;
			i += in[i] + 2u;
		} else if (run < 7) {
			len += run + 2;
			i += 2;
		} else {
			len += (i + 1 < n ? in[i + 1] : 0) + 9u;
			i += 3;
		}
	}
	return len;
}
