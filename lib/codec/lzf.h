/* SPDX-License-Identifier: MIT */
/* lzf.h - undo LZF compression, which h5py users know as 'lzf'
 *
 * The format of Marc Lehmann's LibLZF: literal runs, and copies of what came
 * at most 8 KiB before.  The input may be anything.
 */
#ifndef OQ_LZF_H
#define OQ_LZF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum oq_lzf { OQ_LZF_DONE, OQ_LZF_DAMAGED, OQ_LZF_NO_ROOM };

/* Undo the 'n' bytes at 'in' into 'out'; '*len' is how many they became. */
enum oq_lzf oq_lzf_undo(const uint8_t *in, size_t n, uint8_t *out, size_t room,
			size_t *len);

/* How many bytes the 'n' at 'in' become, if they are not damaged. */
uint64_t oq_lzf_length(const uint8_t *in, size_t n);

#endif
