/* SPDX-License-Identifier: MIT */
/* superblock.c - the first fields of an HDF5 file, read without libhdf5 */

#include "lib/base/superblock.h"

#include <errno.h>
#include <string.h>

#include "lib/base/num.h"
#include "lib/base/preadn.h"

static const uint8_t signature[8] = { 0x89, 'H',  'D',	'F',
				      '\r', '\n', 0x1a, '\n' };

/* An address of 'width' bytes; all ones mean that there is none. */
static uint64_t get_addr(const uint8_t *p, unsigned width)
{
	uint64_t v = 0;

	for (unsigned i = width; i-- > 0;)
		v = v << 8 | p[i];
	if (width < 8 && v == ((uint64_t)1 << 8 * width) - 1)
		return OQ_NO_ADDR;
	return v;
}

/* The stored end of file counts from the stored base.  A user block that was
 * put before a finished file moves the superblock away from that base, and the
 * end of file by as much. */
static uint64_t moved_eof(uint64_t eof, uint64_t base, uint64_t found_at)
{
	uint64_t moved;

	if (eof == OQ_NO_ADDR || base == OQ_NO_ADDR)
		return OQ_NO_ADDR;
	if (base >= found_at)
		return eof >= base - found_at ? eof - (base - found_at)
					      : OQ_NO_ADDR;
	if (oq_add_overflows(eof, found_at - base, &moved))
		return OQ_NO_ADDR;
	return moved;
}

/* Both families: base, one more address, end of file; then, in the old one,
 * the block of a driver. */
static void decode(const uint8_t *p, size_t n, struct oq_superblock *sb)
{
	unsigned width = sb->version < 2 ? p[13] : p[9];
	size_t off = sb->version == 0 ? 24 : sb->version == 1 ? 28 : 12;
	uint64_t at;

	if (width != 2 && width != 4 && width != 8)
		return;
	if (off + (sb->version < 2 ? 4 : 3) * width > n)
		return;
	if (sb->version >= 2)
		sb->flags = p[11];
	sb->stored_eof = moved_eof(get_addr(p + off + 2 * width, width),
				   get_addr(p + off, width), sb->base);
	sb->is_readable = sb->stored_eof != OQ_NO_ADDR;
	at = sb->version < 2 ? get_addr(p + off + 3 * width, width)
			     : OQ_NO_ADDR;
	if (at != OQ_NO_ADDR && !oq_add_overflows(at, sb->base, &at))
		sb->driver = at;
}

int oq_superblock_find(int fd, struct oq_superblock *sb)
{
	uint8_t p[OQ_SUPERBLOCK_BYTES];

	for (uint64_t at = 0; at <= INT64_MAX / 4; at = at ? 2 * at : 512) {
		ssize_t n = oq_preadn(fd, p, sizeof(p), at);

		if (n < 0)
			return (int)n;
		if (n < (ssize_t)sizeof(signature))
			return 0;
		if (memcmp(p, signature, sizeof(signature)) != 0)
			continue;
		*sb = (struct oq_superblock){
			.base = at,
			.stored_eof = OQ_NO_ADDR,
			.driver = OQ_NO_ADDR,
		};
		if (n < 14)
			return 1;
		sb->version = p[8];
		if (sb->version <= 3)
			decode(p, (size_t)n, sb);
		return 1;
	}
	return 0;
}
