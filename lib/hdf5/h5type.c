/* SPDX-License-Identifier: MIT */
/* h5type.c - an HDF5 datatype as our own description
 *
 * Everything that dtype.h promises about a type is checked here, where the
 * numbers enter, and nowhere again.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/hdf5/h5int.h"
#include "lib/type/datetime.h"
#include "lib/type/timeval.h"

#define MAX_DEPTH    64
/* Types, members and symbols of one tree in all. */
#define MAX_PARTS    1000000
/* More exponent bits than any float has (binary256: 19). */
#define MAX_EXP_BITS 32

struct build {
	const struct oq_h5 *h;
	unsigned depth;
	size_t parts;
	struct oq_err *err;
};

static int build(struct build *b, hid_t id, struct oq_dtype **out);

static void drop_type(struct oq_dtype *const *t)
{
	oq_dtype_free(*t);
}

#define OQ_DTYPE __attribute__((cleanup(drop_type)))

static int no_memory(struct build *b)
{
	return oq_err_set(b->err, -ENOMEM, "out of memory");
}

static int damaged(struct build *b, const char *what)
{
	return oq_err_set(b->err, -EIO, "damaged datatype: %s", what);
}

static int unsupported(struct build *b, const char *what)
{
	return oq_err_set(b->err, -EOPNOTSUPP, "%s are not shown", what);
}

/* A copy that free() takes, of a name in libhdf5's own memory. */
static char *take_text(char *theirs)
{
	char *ours = strdup(theirs);

	H5free_memory(theirs);
	return ours;
}

static int get_order(struct build *b, hid_t id, struct oq_dtype *t)
{
	switch (H5Tget_order(id)) {
	case H5T_ORDER_BE:
		t->order = OQ_BE;
		return 0;
	case H5T_ORDER_VAX:
		t->order = OQ_VAX;
		return 0;
	case H5T_ORDER_LE:
	case H5T_ORDER_NONE:
		t->order = OQ_LE;
		return 0;
	case H5T_ORDER_ERROR:
	case H5T_ORDER_MIXED:
		break;
	}
	oq_h5_forget();
	return damaged(b, "byte order");
}

/* What integers, floats, times and bitfields share. */
static int get_bits(struct build *b, hid_t id, struct oq_dtype *t)
{
	size_t precision = H5Tget_precision(id);
	int off = t->cls == OQ_TIME ? 0 : H5Tget_offset(id);
	uint64_t end;

	if (precision == 0 || off < 0) {
		oq_h5_forget();
		return damaged(b, "precision");
	}
	if (oq_add_overflows(precision, (uint64_t)off, &end) ||
	    end > 8 * (uint64_t)t->size || end > UINT32_MAX)
		return damaged(b, "more significant bits than there are");
	t->precision = (unsigned)precision;
	t->bit_off = (unsigned)off;
	return get_order(b, id, t);
}

static int get_integer(struct build *b, hid_t id, struct oq_dtype *t)
{
	t->is_signed = H5Tget_sign(id) == H5T_SGN_2;
	return get_bits(b, id, t);
}

static int get_norm(struct build *b, hid_t id, struct oq_dtype *t)
{
	switch (H5Tget_norm(id)) {
	case H5T_NORM_IMPLIED:
		t->norm = OQ_NORM_IMPLIED;
		return 0;
	case H5T_NORM_MSBSET:
		t->norm = OQ_NORM_MSBSET;
		return 0;
	case H5T_NORM_NONE:
		t->norm = OQ_NORM_NONE;
		return 0;
	case H5T_NORM_ERROR:
		break;
	}
	oq_h5_forget();
	return damaged(b, "normalisation of a float");
}

static bool is_inside(size_t pos, size_t width, size_t bits)
{
	return width > 0 && width <= bits && pos <= bits - width;
}

static int get_float(struct build *b, hid_t id, struct oq_dtype *t)
{
	size_t sign, exp, exp_bits, man, man_bits, bits;
	int r = get_bits(b, id, t);

	if (r)
		return r;
	if (t->size > UINT32_MAX / 8)
		return damaged(b, "size of a float");
	if (H5Tget_fields(id, &sign, &exp, &exp_bits, &man, &man_bits) < 0)
		return oq_h5_fail(b->err, NULL);
	bits = 8 * t->size;
	if (!is_inside(sign, 1, bits) || !is_inside(exp, exp_bits, bits) ||
	    !is_inside(man, man_bits, bits) || exp_bits > MAX_EXP_BITS)
		return damaged(b, "fields of a float");
	t->sign_pos = (unsigned)sign;
	t->exp_pos = (unsigned)exp;
	t->exp_bits = (unsigned)exp_bits;
	t->man_pos = (unsigned)man;
	t->man_bits = (unsigned)man_bits;
	t->exp_bias = H5Tget_ebias(id);
	return get_norm(b, id, t);
}

static int get_string(struct build *b, hid_t id, struct oq_dtype *t)
{
	htri_t is_vlen = H5Tis_variable_str(id);
	H5T_str_t pad = H5Tget_strpad(id);

	if (is_vlen < 0)
		return oq_h5_fail(b->err, NULL);
	if (is_vlen) {
		t->cls = OQ_VSTRING;
		if (t->size != sizeof(char *))
			return damaged(b, "size of a string's pointer");
	}
	if (pad == H5T_STR_SPACEPAD)
		t->pad = OQ_SPACEPAD;
	else if (pad == H5T_STR_NULLPAD)
		t->pad = OQ_NULLPAD;
	else
		t->pad = OQ_NULLTERM;
	t->is_utf8 = H5Tget_cset(id) == H5T_CSET_UTF8;
	return 0;
}

static int get_opaque(struct build *b, hid_t id, struct oq_dtype *t)
{
	char *tag = H5Tget_tag(id);

	if (!tag)
		return oq_h5_fail(b->err, NULL);
	t->tag = take_text(tag);
	if (!t->tag)
		return no_memory(b);
	/* h5py writes NumPy's dates, which HDF5 lacks, in this way. */
	if (t->size == 8 && strncmp(t->tag, "NUMPY:", 6) == 0)
		oq_datetime_parse(t->tag + 6, t);
	return 0;
}

static int get_time(struct build *b, hid_t id, struct oq_dtype *t)
{
	int r = get_bits(b, id, t);

	t->is_signed = true;
	if (r == 0 && b->h->is_pytables && t->size == 8 && oq_dtype_is_plain(t))
		oq_timeval_make(t);
	return r;
}

/* Count the members of a compound or an enum. */
static int count_members(struct build *b, hid_t id, size_t *n)
{
	int count = H5Tget_nmembers(id);

	if (count < 0)
		return oq_h5_fail(b->err, NULL);
	*n = (size_t)count;
	b->parts += *n;
	if (b->parts > MAX_PARTS)
		return damaged(b, "too many members");
	return 0;
}

static int get_member(struct build *b, hid_t id, unsigned i,
		      const struct oq_dtype *t, struct oq_member *m)
{
	OQ_HID hid_t type = H5Tget_member_type(id, i);
	char *name;
	int r;

	if (type < 0)
		return oq_h5_fail(b->err, NULL);
	name = H5Tget_member_name(id, i);
	if (!name)
		return oq_h5_fail(b->err, NULL);
	m->name = take_text(name);
	if (!m->name)
		return no_memory(b);
	m->offset = H5Tget_member_offset(id, i);
	r = build(b, type, &m->type);
	if (r)
		return r;
	if (m->type->size > t->size || m->offset > t->size - m->type->size)
		return damaged(b, "a member outside of its compound");
	return 0;
}

static int get_compound(struct build *b, hid_t id, struct oq_dtype *t)
{
	size_t n;
	int r = count_members(b, id, &n);

	if (r)
		return r;
	t->members = calloc(n ? n : 1, sizeof(*t->members));
	if (!t->members)
		return no_memory(b);
	for (t->nmembers = 0; t->nmembers < n && !r;) {
		size_t i = t->nmembers++;

		r = get_member(b, id, (unsigned)i, t, &t->members[i]);
	}
	return r;
}

static int get_base(struct build *b, hid_t id, struct oq_dtype *t)
{
	OQ_HID hid_t base = H5Tget_super(id);

	if (base < 0)
		return oq_h5_fail(b->err, NULL);
	return build(b, base, &t->base);
}

static int get_array(struct build *b, hid_t id, struct oq_dtype *t)
{
	int rank = H5Tget_array_ndims(id), r;
	hsize_t dims[OQ_MAX_RANK];
	uint64_t n, bytes;

	if (rank < 1 || rank > OQ_MAX_RANK || H5Tget_array_dims2(id, dims) < 0)
		return oq_h5_fail(b->err, "damaged datatype");
	t->rank = (unsigned)rank;
	for (int i = 0; i < rank; i++)
		t->dims[i] = dims[i];
	r = get_base(b, id, t);
	if (r)
		return r;
	if (oq_product_overflows(t->dims, t->rank, &n) ||
	    oq_mul_overflows(n, t->base->size, &bytes) || bytes != t->size)
		return damaged(b, "size of an array");
	return 0;
}

static int get_symbol(struct build *b, hid_t id, unsigned i,
		      const struct oq_dtype *t, struct oq_symbol *s)
{
	char *name = H5Tget_member_name(id, i);

	if (!name)
		return oq_h5_fail(b->err, NULL);
	s->name = take_text(name);
	s->value = calloc(1, t->size);
	if (!s->name || !s->value)
		return no_memory(b);
	if (H5Tget_member_value(id, i, s->value) < 0)
		return oq_h5_fail(b->err, NULL);
	return 0;
}

static int get_enum(struct build *b, hid_t id, struct oq_dtype *t)
{
	size_t n;
	int r = get_base(b, id, t);

	if (!r)
		r = count_members(b, id, &n);
	if (r)
		return r;
	if (t->base->cls != OQ_INT || t->base->size != t->size)
		return damaged(b, "an enum of what is no integer");
	t->symbols = calloc(n ? n : 1, sizeof(*t->symbols));
	if (!t->symbols)
		return no_memory(b);
	for (t->nsymbols = 0; t->nsymbols < n && !r;) {
		size_t i = t->nsymbols++;

		r = get_symbol(b, id, (unsigned)i, t, &t->symbols[i]);
	}
	return r;
}

static int get_vlen(struct build *b, hid_t id, struct oq_dtype *t)
{
	if (t->size != sizeof(struct oq_vlen))
		return damaged(b, "size of a sequence's pointer");
	return get_base(b, id, t);
}

static int get_reference(struct build *b, hid_t id, struct oq_dtype *t)
{
	if (H5Tequal(id, H5T_STD_REF_OBJ) > 0 &&
	    t->size == sizeof(hobj_ref_t)) {
		t->cls = OQ_OBJREF;
		return 0;
	}
	if (H5Tequal(id, H5T_STD_REF_DSETREG) > 0 &&
	    t->size == sizeof(hdset_reg_ref_t)) {
		t->cls = OQ_REGREF;
		return 0;
	}
	oq_h5_forget();
	return unsupported(b, "references of the HDF5 1.12 kind");
}

#if H5_VERSION_GE(2, 0, 0)
static struct oq_member complex_part(const char *name, size_t offset)
{
	return (struct oq_member){ .name = strdup(name), .offset = offset };
}

/* HDF5 2's own complex class has the bytes of h5py's compound {r, i}. */
static int get_complex(struct build *b, hid_t id, struct oq_dtype *t)
{
	OQ_HID hid_t base = H5Tget_super(id);
	int r = 0;

	if (base < 0)
		return oq_h5_fail(b->err, NULL);
	t->members = calloc(2, sizeof(*t->members));
	if (!t->members)
		return no_memory(b);
	t->is_complex = true;
	t->nmembers = 2;
	t->members[0] = complex_part("r", 0);
	t->members[1] = complex_part("i", t->size / 2);
	for (size_t i = 0; i < 2 && !r; i++)
		r = t->members[i].name ? build(b, base, &t->members[i].type)
				       : no_memory(b);
	if (!r && (t->size % 2 || t->members[0].type->size != t->size / 2))
		r = damaged(b, "size of a complex number");
	return r;
}
#endif

static int get_class(struct build *b, hid_t id, H5T_class_t cls,
		     struct oq_dtype *t)
{
	switch ((int)cls) {
	case H5T_INTEGER:
		t->cls = OQ_INT;
		return get_integer(b, id, t);
	case H5T_FLOAT:
		t->cls = OQ_FLOAT;
		return get_float(b, id, t);
	case H5T_TIME:
		t->cls = OQ_TIME;
		return get_time(b, id, t);
	case H5T_STRING:
		t->cls = OQ_STRING;
		return get_string(b, id, t);
	case H5T_BITFIELD:
		t->cls = OQ_BITFIELD;
		return get_bits(b, id, t);
	case H5T_OPAQUE:
		t->cls = OQ_OPAQUE;
		return get_opaque(b, id, t);
	case H5T_COMPOUND:
		t->cls = OQ_COMPOUND;
		return get_compound(b, id, t);
	case H5T_REFERENCE:
		t->cls = OQ_OBJREF;
		return get_reference(b, id, t);
	case H5T_ENUM:
		t->cls = OQ_ENUM;
		return get_enum(b, id, t);
	case H5T_VLEN:
		t->cls = OQ_VLEN;
		return get_vlen(b, id, t);
	case H5T_ARRAY:
		t->cls = OQ_ARRAY;
		return get_array(b, id, t);
#if H5_VERSION_GE(2, 0, 0)
	case H5T_COMPLEX:
		t->cls = OQ_COMPOUND;
		return get_complex(b, id, t);
#endif
	default:
		oq_h5_forget();
		return unsupported(b, "types of this class");
	}
}

static int build(struct build *b, hid_t id, struct oq_dtype **out)
{
	OQ_DTYPE struct oq_dtype *t = calloc(1, sizeof(*t));
	int r;

	if (!t)
		return no_memory(b);
	if (++b->parts > MAX_PARTS)
		return damaged(b, "too many members");
	if (b->depth >= MAX_DEPTH)
		return damaged(b, "nested too deeply");
	t->size = H5Tget_size(id);
	if (t->size == 0 || t->size > INT64_MAX) {
		oq_h5_forget();
		return damaged(b, "no size");
	}
	t->is_committed = H5Tcommitted(id) > 0;
	b->depth++;
	r = get_class(b, id, H5Tget_class(id), t);
	b->depth--;
	if (!r)
		*out = oq_steal(&t);
	return r;
}

int oq_h5_type(const struct oq_h5 *h, hid_t type, struct oq_dtype **out,
	       struct oq_err *err)
{
	struct build b = { .h = h, .err = err };

	return build(&b, type, out);
}

int oq_h5_datatype(struct oq_h5 *h, uint64_t addr, struct oq_dtype **out,
		   struct oq_err *err)
{
	OQ_HID hid_t id = oq_h5_object(h, addr);

	if (id < 0)
		return oq_h5_fail(err, NULL);
	if (H5Iget_type(id) != H5I_DATATYPE)
		return oq_err_set(err, -EIO, "not a datatype");
	return oq_h5_type(h, id, out, err);
}
