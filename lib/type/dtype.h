/* SPDX-License-Identifier: MIT */
/* dtype.h - what one element of a dataset or an attribute is made of
 *
 * A description of an HDF5 datatype that does not need libhdf5.  It describes
 * the bytes of an element as H5Dread() delivers them when the memory type is
 * the file's own type: file byte order, precision, offsets and padding.
 * Only parts without a fixed size differ from the file: a variable-length
 * string is a 'char *' (NULL allowed) and a variable-length sequence a
 * 'struct oq_vlen', both in this process's memory.
 *
 * A type is a tree, built once by h5type.c (or by a test) and constant from
 * then on, so any thread may read it.
 */
#ifndef OQ_DTYPE_H
#define OQ_DTYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"

#define OQ_MAX_RANK 32

enum oq_class {
	OQ_INT,
	OQ_FLOAT,
	OQ_TIME,     /* seconds, as an integer of 'order' and 'precision' */
	OQ_BITFIELD, /* shown as an unsigned integer */
	OQ_STRING,   /* fixed size */
	OQ_VSTRING,  /* char * */
	OQ_OPAQUE,
	OQ_COMPOUND,
	OQ_ARRAY,
	OQ_ENUM,
	OQ_VLEN,   /* struct oq_vlen of 'base' */
	OQ_OBJREF, /* 8 bytes: the object's address, native order */
	OQ_REGREF, /* 12 bytes, opaque to all but libhdf5 */
	/* HDF5 has no such types: the file has another in their place. */
	OQ_DATETIME,  /* NumPy's date-time: see datetime.h */
	OQ_TIMEDELTA, /* NumPy's time span */
	OQ_MASKED,    /* 'base', and a byte: not 0 where the value is missing */
};

enum oq_unit {
	OQ_UNIT_NONE,
	OQ_YEAR,
	OQ_MONTH,
	OQ_WEEK,
	OQ_DAY,
	OQ_HOUR,
	OQ_MINUTE,
	OQ_SECOND,
	OQ_MILLI,
	OQ_MICRO,
	OQ_NANO,
	OQ_PICO,
	OQ_FEMTO,
	OQ_ATTO,
};

enum oq_order { OQ_LE, OQ_BE, OQ_VAX };
enum oq_strpad { OQ_NULLTERM, OQ_NULLPAD, OQ_SPACEPAD };
/* What the most significant bit of a float's mantissa is. */
enum oq_norm { OQ_NORM_IMPLIED, OQ_NORM_MSBSET, OQ_NORM_NONE };

struct oq_dtype;

/* A variable-length sequence in memory; the same as HDF5's hvl_t. */
struct oq_vlen {
	size_t len;
	void *p;
};

/* What a column is to a data frame. */
enum oq_role {
	OQ_ROLE_COLUMN,
	OQ_ROLE_INDEX,	  /* its index, or a level of it */
	OQ_ROLE_NAMELESS, /* the same, but the name is only where it is kept */
};

struct oq_member {
	char *name; /* owned, UTF-8 or whatever the file holds */
	size_t offset;
	struct oq_dtype *type; /* owned */
	enum oq_role role;     /* of a row of a data frame */
};

struct oq_symbol {
	char *name;	/* owned */
	uint8_t *value; /* owned; base->size bytes */
};

/* Positions and widths are in bits, counted from the least significant bit of
 * the element, as HDF5 counts them. */
struct oq_dtype {
	enum oq_class cls;
	size_t size; /* bytes of one element; > 0 */

	/* int, float, time, bitfield */
	enum oq_order order;
	unsigned bit_off;   /* first significant bit */
	unsigned precision; /* significant bits, > 0; off + prec <= size * 8 */
	bool is_signed;

	/* float */
	unsigned sign_pos, exp_pos, exp_bits, man_pos, man_bits;
	uint64_t exp_bias;
	enum oq_norm norm;

	/* string, variable-length string */
	enum oq_strpad pad;
	bool is_utf8;

	char *tag; /* owned; opaque: may be empty, never NULL; date-time, time
		      span: the tag in the file, or NULL */

	/* date-time, time span; these use 'order', too */
	enum oq_unit unit;
	uint32_t multiple; /* how many units a step is; > 0 */

	/* compound: sorted as in the file, which need not be by offset;
	 * offset + type->size <= size for each */
	size_t nmembers;
	struct oq_member *members;

	/* array: product(dims) * base->size == size */
	unsigned rank;
	uint64_t dims[OQ_MAX_RANK];

	struct oq_dtype *base; /* array, enum, vlen, masked: owned */

	/* enum */
	size_t nsymbols;
	struct oq_symbol *symbols;

	bool is_committed;
	bool is_complex; /* a compound {r, i}: a class of its own in the file */
	bool is_timeval; /* a float: see timeval.h */
};

/* Free the tree.  Accepts NULL and half-built trees (zeroed fields). */
void oq_dtype_free(struct oq_dtype *t);

/* h5py's bool, of one byte; NULL: no memory. */
struct oq_dtype *oq_dtype_new_bool(void);

/* An IEEE 754 float of 4 or 8 bytes, in the machine's order. */
struct oq_dtype oq_dtype_float(size_t size);

/* Whether an element is a string, of fixed size or not. */
static inline bool oq_dtype_is_text(const struct oq_dtype *t)
{
	return t->cls == OQ_STRING || t->cls == OQ_VSTRING;
}

/* Whether an element holds pointers (variable-length parts) anywhere. Such
 * types have no fixed bytes and so neither 'bin' nor 'npy'. */
bool oq_dtype_has_pointers(const struct oq_dtype *t);

/* Whether an element holds references anywhere.  Such types have no 'bin' and
 * 'npy' either, since only libhdf5 knows what a reference means. */
bool oq_dtype_has_refs(const struct oq_dtype *t);

/* How many floats with an exponent wider than a double's an element has (a
 * sequence counts as one of its elements).  Their text is hundreds of times
 * slower to make. */
uint64_t oq_dtype_wide_floats(const struct oq_dtype *t);

/* h5py's conventions: an enum of an 8-bit integer with exactly FALSE = 0 and
 * TRUE = 1 is a bool; a compound of exactly {r, i}, equal little- or
 * big-endian floats of 4, 8 (or 16: long double) bytes without padding, is
 * complex. */
bool oq_dtype_is_bool(const struct oq_dtype *t);
bool oq_dtype_is_complex(const struct oq_dtype *t);

/* Whether an int, time, bitfield or float has no unused bits and a layout that
 * the machine can read: integers of 1, 2, 4, 8 bytes; IEEE 754 floats of 2, 4,
 * 8 bytes; LE or BE. */
bool oq_dtype_is_plain(const struct oq_dtype *t);

/* Give a float of 2, 4 or 8 bytes the layout of IEEE 754.  Class, size, order
 * and precision are set already, all other fields zero. */
void oq_dtype_make_ieee(struct oq_dtype *t);

/* Whether it is the 80-bit float of the x87 in 16 bytes, little-endian: the
 * long double of x86-64. */
bool oq_dtype_is_x87(const struct oq_dtype *t);

/* Whether NumPy can have the members of a compound as fields: their names are
 * not empty and all different, and no two overlap.  If not, NumPy has the
 * element as plain bytes ('|V8').  Returns 1, 0 or -ENOMEM. */
int oq_dtype_has_fields(const struct oq_dtype *t);

/* Append NumPy's notation of the element type as in `user.oqfs.dtype`: '<f4',
 * '|b1', '|S8', '<c16', '|V3', 'object' for variable-length parts and
 * references; a compound is a list of (name, type[, shape]) as in an npy
 * header; a top-level array is "('<f4', (3,))".  Never fails but for memory,
 * which the buffer remembers. */
void oq_dtype_put_numpy(const struct oq_dtype *t, struct oq_buf *out);

/* Append the whole type as JSON for meta.json, nested, e.g.
 *   {"class":"integer","size":4,"order":"LE","signed":true,"precision":32,...}
 * with "offset" of bits only where not 0, every field of odd floats, members
 * with name, offset and type, symbols with name and value, string padding and
 * character set. */
void oq_dtype_put_json(const struct oq_dtype *t, struct oq_buf *out);

#endif
