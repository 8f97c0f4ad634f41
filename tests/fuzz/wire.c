/* SPDX-License-Identifier: MIT */
/* wire.c - the three decoders of foreign messages, on anything */

#include "lib/ipc/wire.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct oq_cursor l = { .p = data, .left = n };
	struct oq_request req;
	struct oq_reply rep;
	struct oq_entry e;

	(void)oq_wire_decode_request(data, n, &req);
	(void)oq_wire_decode_reply(data, n, &rep);
	while (oq_wire_decode_entry(&l, &e) == 1)
		;
	return 0;
}
