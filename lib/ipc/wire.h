/* SPDX-License-Identifier: MIT */
/* wire.h - the messages between the front and a reader
 *
 * A reader serves one generation of one datastore.  The front asks, the reader
 * answers, in any order; each message is one packet of a SOCK_SEQPACKET pair.
 * Bulk bytes (listings, attribute values, file contents) travel in a slot of
 * shared memory that the front lends with the request; how many there are
 * comes by the socket, where it cannot change after the check.
 *
 *	front                                reader
 *	  |  LIST  id 7 object slot 0 -------> |
 *	  |  READ  id 8 object view off len -> |
 *	  | <----- id 8 status 0, nbytes 4096  |
 *	  | <----- id 7 PROGRESS               |   "still at it"
 *	  | <----- id 7 status 0, nbytes 911   |
 *
 * Neither side trusts the other's numbers: decoding checks every length, and
 * what a reply says of its slot is checked against what was lent.
 * All integers are little-endian.  Nothing here is HDF5's: objects are numbers
 * (their address in the file; OQ_WIRE_ROOT is the root group).
 */
#ifndef OQ_WIRE_H
#define OQ_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/views.h"

#define OQ_WIRE_ROOT	  UINT64_MAX /* the root group, whatever its address */
/* The directory of exports, and each of its files, by its name. */
#define OQ_WIRE_EXPORT	  (UINT64_MAX - 1)
#define OQ_WIRE_NO_PART	  UINT64_MAX /* the whole view */
#define OQ_WIRE_UNKNOWN	  UINT64_MAX /* a size that must be asked for by VIEW */
#define OQ_WIRE_MAX_BYTES (160 << 10) /* of one message */
#define OQ_WIRE_MAX_NAME  (70 << 10)

/* Calculations that others were made from, one from the next, of which a
 * reader is given the datastores. */
#define OQ_MAX_PARENTS	  2
/* Files that the virtual datasets of one group may take data from; the most
 * descriptors that go with a message. */
#define OQ_MAX_SOURCES	  64

/* Descriptors a reader is started with. */
enum { OQ_WIRE_FD_SOCKET = 3, OQ_WIRE_FD_FILE = 4, OQ_WIRE_FD_SHM = 5 };

enum oq_op {
	OQ_OP_LIST,   /* entries of a group from number 'off' on -> slot */
	OQ_OP_FAMILY, /* of a group's entries those of some links -> slot: those
			 in 'name', each with a NUL, and for each that is there
			 those with the suffix of a view behind its name */
	OQ_OP_VIEW,   /* exact size and extent of a view (measures a csv) */
	OQ_OP_READ,   /* bytes [off, off + len) of a view -> slot */
	OQ_OP_XLIST,  /* names of the attributes, each with a NUL -> slot; an
			 empty one at the end: there are more, which cannot be
			 told, or had */
	OQ_OP_XLISTS, /* the same of several objects, whose numbers 'name' is, 8
			 bytes each -> slot: of the first, as many as fit, each
			 as oq_buf_put_str() puts it */
	OQ_OP_XGET,   /* the value of attribute 'name' -> slot */
	OQ_OP_XCHECK, /* can all attributes be read: the status says */
	OQ_OP_CANCEL, /* nobody waits any more for the VIEW or READ with this
			 'id': end it early; no reply of its own */
	OQ_OP_CACHE,  /* keep blocks of 'off' bytes from now on; no reply */
	OQ_OP_CALC,   /* before all others, once or never: the calculation is
			 number 'off' (or OQ_WIRE_UNKNOWN) and was made from
			 those whose datastores come with the message as
			 descriptors, nearest first; 'name' says why the one
			 after them is not there; no reply */
	OQ_OP_SOURCES, /* before all others, once or never: virtual datasets
			 may take data from the files whose descriptors come
			 with the message; 'name' has, for each, the name that
			 they call it, with a NUL; no reply */
	OQ_NOPS,
};

/* What a view is of: the same in VIEW and READ. */
struct oq_request {
	uint32_t id;
	enum oq_op op;
	uint64_t object;
	enum oq_view_kind view;
	uint64_t part;	  /* of a csv in parts, else OQ_WIRE_NO_PART */
	uint64_t off;	  /* READ: bytes; LIST: number of the first entry;
				CACHE, CALC: see above */
	uint32_t len;	  /* room in the slot, or bytes wanted */
	uint32_t slot;	  /* number of the slot */
	const char *name; /* VIEW, READ: the link's name (heads a column); XGET:
				the attribute's, without "user."; FAMILY: see
				above */
	uint32_t name_len;
	const char *slice; /* "[0:10, mag]" with its brackets; empty: all */
	uint32_t slice_len;
};

enum {
	OQ_REPLY_PROGRESS = 1, /* not an answer: the work goes on */
};

struct oq_reply {
	uint32_t id;
	uint32_t flags;
	int32_t status;	 /* 0 or a negative errno */
	uint32_t nbytes; /* bytes put into the slot; <= len */
	uint64_t size;	 /* VIEW: bytes of the view; LIST: number of the next
			    entry to ask for, 0 at the end; FAMILY: how many
			    links the group has, or INT64_MAX: not counted */
	/* VIEW: the view's bytes [ext_at, ext_at + ext_len) are the file's own
	 * at ext_off; ext_len 0 where there is no such run. */
	uint64_t ext_at, ext_off, ext_len;
	struct oq_err err; /* the reason, or how far the work is */
};

/* What a group's entry is, as far as the front must know. */
enum oq_entry_kind {
	OQ_ENTRY_GROUP,
	OQ_ENTRY_DATASET,
	OQ_ENTRY_DATATYPE,
	OQ_ENTRY_BROKEN,   /* something that cannot be opened */
	OQ_ENTRY_DANGLING, /* a link that leads nowhere in this file */
	OQ_NENTRY_KINDS,
};

enum oq_entry_link {
	OQ_ENTRY_HARD,
	OQ_ENTRY_SOFT,	   /* 'target' is the path it holds */
	OQ_ENTRY_EXTERNAL, /* 'file' and 'target' */
	OQ_ENTRY_USER,	   /* user-defined: nothing is known */
	OQ_NENTRY_LINKS,
};

/* One link of a group and what it leads to.  Strings point into the message
 * they were decoded from. */
struct oq_entry {
	const char *name;
	size_t name_len;
	enum oq_entry_link link;
	enum oq_entry_kind kind; /* of what it leads to */
	uint64_t object;
	/* 'file' of a hard link to a dataset: it is virtual, and takes data
	 * from files with these names, each with a NUL. */
	const char *target, *file;
	size_t target_len, file_len;
	uint32_t views;	 /* bit per oq_view_kind: it can be opened */
	uint32_t listed; /* bit per oq_view_kind: the natural ones; the front
			    intersects with its views= option, but a set without
			    bin, csv or npy is always listed as it is */
	int32_t refused; /* why opening its data will fail: 0 or -errno */
	bool hidden;	 /* not listed, whatever 'listed' says; by name */
	uint64_t bytes[OQ_NVIEWS]; /* exact sizes of the views, whole; or
				      OQ_WIRE_UNKNOWN */
	uint64_t rows;		   /* rows of its csv (header not counted) */
	uint64_t part_rows; /* 0: its csv is one file; else rows of each part */
};

/* Encode into a fresh buffer; the buffer's 'failed' tells of no memory. */
void oq_wire_put_request(const struct oq_request *r, struct oq_buf *out);
void oq_wire_put_reply(const struct oq_reply *r, struct oq_buf *out);
void oq_wire_put_entry(const struct oq_entry *e, struct oq_buf *out);

/* Decode a whole message; strings stay in it.  What a request says of its slot
 * is within bounds then.  Returns 0 or -EPROTO. */
int oq_wire_decode_request(const void *msg, size_t n, struct oq_request *r);
int oq_wire_decode_reply(const void *msg, size_t n, struct oq_reply *r);

/* Decode the next entry of a listing.  Returns 1, 0 (no more) or -EPROTO. */
int oq_wire_decode_entry(struct oq_cursor *l, struct oq_entry *e);

#endif
