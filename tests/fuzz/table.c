/* SPDX-License-Identifier: MIT */
/* table.c - tables of elements of any type as Parquet files
 *
 *	u64  what the type, the elements and the labels are made of
 *	u8   rank - 1, whether members are stored apart, whether rows are many
 *	u8   of each of three axes: how many, labels, where it starts, its step
 *	     numbers: where the file is read
 *
 * The size is that of all bytes, and any range is what the whole has there.
 */

#include "lib/file/pqfile.h"

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "tests/fuzz/input.h"
#include "tests/unit/random.h"

#define MAX_DEPTH 3
#define MAX_BYTES ((uint64_t)8 << 20)
#define MANY	  140000 /* more than a row group */
#define PLACES	  8
#define PART	  3000

struct elements {
	struct oq_source src; /* first */
	uint64_t seed;
};

/* ---- elements ---- */

static void drop(const struct oq_dtype *t, uint8_t *elem)
{
	struct oq_vlen v;
	void *text;

	switch (t->cls) {
	case OQ_VSTRING:
		memcpy(&text, elem, sizeof(text));
		free(text);
		return;
	case OQ_VLEN:
		memcpy(&v, elem, sizeof(v));
		for (size_t i = 0; i < v.len; i++)
			drop(t->base, (uint8_t *)v.p + i * t->base->size);
		free(v.p);
		return;
	case OQ_ARRAY:
		for (size_t at = 0; at < t->size; at += t->base->size)
			drop(t->base, elem + at);
		return;
	case OQ_COMPOUND:
		for (size_t i = 0; i < t->nmembers; i++)
			drop(t->members[i].type, elem + t->members[i].offset);
		return;
	default:
		return;
	}
}

/* Element 'row', always the same. */
static void make(const struct elements *e, uint64_t row, uint8_t *elem)
{
	static _Thread_local struct chance c;

	c.x = (e->seed ^ row * UINT64_C(0x9e3779b97f4a7c15)) | 1;
	c.nkept = 0; /* they are the element's */
	memset(elem, 0, e->src.type->size);
	fill(&c, e->src.type, elem);
}

static int read_elements(struct oq_source *s, uint64_t first, size_t n,
			 void *out, struct oq_err *err)
{
	size_t size = s->type->size;

	(void)err;
	must(first + n <= s->nelems);
	for (size_t i = 0; i < n; i++)
		make((struct elements *)s, first + i,
		     (uint8_t *)out + i * size);
	return 0;
}

static void release_elements(struct oq_source *s, void *elems, size_t n)
{
	for (size_t i = 0; i < n; i++)
		drop(s->type, (uint8_t *)elems + i * s->type->size);
}

static int read_member(struct oq_source *s, size_t member, uint64_t first,
		       size_t n, void *out, struct oq_err *err)
{
	const struct oq_member *m = &s->type->members[member];
	uint8_t *elem = zeroed(s->type->size);

	(void)err;
	must(first + n <= s->nelems);
	for (size_t i = 0; i < n; i++) {
		make((struct elements *)s, first + i, elem);
		memcpy((uint8_t *)out + i * m->type->size, elem + m->offset,
		       m->type->size);
		for (size_t k = 0; k < s->type->nmembers; k++)
			if (k != member)
				drop(s->type->members[k].type,
				     elem + s->type->members[k].offset);
	}
	free(elem);
	return 0;
}

static void release_member(struct oq_source *s, size_t member, void *elems,
			   size_t n)
{
	const struct oq_dtype *t = s->type->members[member].type;

	for (size_t i = 0; i < n; i++)
		drop(t, (uint8_t *)elems + i * t->size);
}

static void ahead_member(struct oq_source *s, size_t member, uint64_t first,
			 uint64_t n)
{
	must(member < s->type->nmembers && first + n <= s->nelems);
}

static void close_elements(struct oq_source *s)
{
	free(s);
}

static struct oq_source *new_source(const struct oq_dtype *t, uint64_t seed,
				    bool apart)
{
	struct elements *e = zeroed(sizeof(*e));

	e->seed = seed;
	e->src = (struct oq_source){
		.type = t,
		.file_off = OQ_NO_ADDR,
		.block_bytes = 4096,
		.has_pointers = oq_dtype_has_pointers(t),
		.read = read_elements,
		.release = release_elements,
		.close = close_elements,
	};
	if (apart && t->cls == OQ_COMPOUND && t->nmembers) {
		e->src.read_member = read_member;
		e->src.release_member = release_member;
		e->src.ahead_member = ahead_member;
	}
	return &e->src;
}

/* ---- tables ---- */

static void take_axes(struct input *in, struct oq_axis *axes, uint64_t *dims)
{
	static const char *const labels[] = { "a",  "",	  "a", "\xff", "bcd",
					      "\"", "\n", "x", "y",    "z" };
	static const char *const names[] = { "one", "two", "\xfe%" };

	for (unsigned i = 0; i < 3; i++) {
		uint64_t what = take(in, 1);

		dims[i] = what % 6;
		axes[i] = (struct oq_axis){ names[i], NULL, 1000, -3 };
		/* There are no more than these labels. */
		if (what & 64)
			axes[i] = (struct oq_axis){ names[i], labels, 7, -1 };
		else if (what & 128)
			axes[i] = (struct oq_axis){ names[i], NULL, 0, 2 };
	}
}

static struct oq_table *take_table(struct input *in, const struct oq_dtype *t,
				   unsigned rank, bool many)
{
	struct oq_axis axes[3];
	uint64_t dims[3];
	struct oq_table_spec spec = { "x", t, OQ_ROWS, rank, dims, axes };
	struct oq_table *table;

	take_axes(in, axes, dims);
	if (many)
		dims[0] = MANY;
	if (many)
		axes[0] = (struct oq_axis){ "many", NULL, 5, 1 };
	spec.form = oq_table_form(t, rank, dims);
	return oq_table_new(&spec, &table, NULL) < 0 ? NULL : table;
}

/* ---- files ---- */

static void read_range(struct oq_file *f, uint64_t off, size_t n, uint8_t *out)
{
	struct oq_err err;

	must(f->read(f, off, n, out, &err) == (ssize_t)n);
}

static void look_at(struct oq_file *f, struct input *in)
{
	uint8_t part[PART], *whole;
	struct oq_err err;
	uint64_t size;

	if (f->size(f, NULL, &size, &err) < 0 || size > MAX_BYTES)
		return;
	whole = zeroed(size);
	must(f->ready(f, 0, size, NULL, &err) == 0);
	read_range(f, 0, size, whole);
	must(f->read(f, size, 1, part, &err) == 0);
	must(memcmp(whole, "PAR1", 4) == 0);
	must(memcmp(whole + size - 4, "PAR1", 4) == 0);
	for (unsigned i = 0; i < PLACES; i++) {
		uint64_t off = take(in, 4) % size;
		size_t n = 1 + take(in, 2) % oq_min_u64(size - off, PART);

		read_range(f, off, n, part);
		must(memcmp(part, whole + off, n) == 0);
	}
	free(whole);
}

static struct oq_env *the_env(void)
{
	static struct oq_env env;

	/* Nobody helps and nothing is fetched ahead: the same each time. */
	env.nthreads = 1;
	if (!env.cache)
		env.cache = oq_cache_new(1 << 20, NULL);
	must(env.cache);
	return &env;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct input in = { data, n };
	struct chance c = { .x = take(&in, 8) | 1 };
	uint64_t seed = c.x, how = take(&in, 1);
	bool many = how >= 0xfc;
	struct oq_pqfile_spec spec = { .env = the_env() };
	struct oq_dtype *t = random_type(&c, many ? 1 : MAX_DEPTH, many);
	struct oq_file *f;

	spec.table = take_table(&in, t, 1 + how % 3, many);
	if (spec.table) {
		spec.src = new_source(t, seed, how & 16);
		spec.src->nelems = spec.table->nelems;
		spec.attributes = copy_text("{\"a\": 1}");
		if (oq_pqfile_open(&spec, &f, NULL) == 0) {
			look_at(f, &in);
			oq_file_close(f);
		}
	}
	oq_dtype_free(t);
	return 0;
}
