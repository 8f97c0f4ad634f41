/* SPDX-License-Identifier: MIT */
/* h5kinds.c - exports of a small calculation that the test itself writes */

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/cleanup.h"
#include "lib/engine/export.h"
#include "lib/reader/store.h"
#include "lib/sheet/frames.h"
#include "lib/sheet/sheetrows.h"
#include "tests/make/mkh5.h"

/* What a calculation lies about. */
enum lie {
	HONEST,
	SHORT_SITES,
	FEW_WEIGHTS,
	WRONG_IMTS,
	NO_SITE,
	TIED,
	BAD_JSON
};

static const char param[] =
	"{\"calculation_mode\": \"event_based_risk\", \"hazard_imtls\": "
	"{\"SA(0.3)\": [0.1, 0.2], \"PGA\": [0.005, 0.25]}, "
	"\"investigation_time\": 50.0, \"ses_per_logic_tree_path\": 2, "
	"\"poes\": [0.1], \"hazard_maps\": true, \"quantiles\": [0.5], "
	"\"individual_rlzs\": true, \"all_cost_types\": [\"structural\"], "
	"\"aggregate_by\": [[\"zone\"]], \"inputs\": {}, "
	"\"limit_states\": []}";

static void put_text(hid_t at, const char *name, const char *text)
{
	mk_scalar(at, name, mk_vlen_str(), &text);
}

static hid_t put_frame(hid_t f, const char *name, const char *columns)
{
	hid_t g = mk_group(f, name);

	mk_attr_str(g, "__pdcolumns__", columns);
	return g;
}

static void put_sites(hid_t f, enum lie lie)
{
	const double lon[] = { 1.5, -0.000001, 3 }, depth[] = { 0, 0, 0 };
	const uint32_t sids[] = { 0, 1, 2 };
	const char *names[] = { "north", "s,\"", "x" };
	hid_t g = put_frame(f, "sitecol", "sids lon lat depth custom_site_id");
	hsize_t n = lie == SHORT_SITES ? 1 : 2;

	mk_array(g, "sids", H5T_STD_U32LE, 1, DIMS(n), sids);
	mk_array(g, "lon", H5T_IEEE_F64LE, 1, DIMS(n), lon);
	mk_array(g, "lat", H5T_IEEE_F64LE, 1, DIMS(n), lon);
	mk_array(g, "depth", H5T_IEEE_F64LE, 1, DIMS(n), depth);
	mk_array(g, "custom_site_id", mk_vlen_str(), 1, DIMS(n), names);
}

/* [site, statistic or realization, imt, level] */
static void put_curves(hid_t f, enum lie lie)
{
	float v[2 * 2 * 3 * 2];
	hsize_t imts = lie == WRONG_IMTS ? 3 : 2;

	for (size_t i = 0; i < COUNT(v); i++)
		v[i] = (float)i / 8;
	v[1] = -0.0F;
	mk_array(f, "hcurves-stats", H5T_IEEE_F32LE, 4, DIMS(2, 2, imts, 2), v);
	mk_array(f, "hcurves-rlzs", H5T_IEEE_F32LE, 4, DIMS(2, 2, imts, 2), v);
	mk_array(f, "hmaps-stats", H5T_IEEE_F32LE, 4, DIMS(2, 2, imts, 1), v);
}

/* Events 7 and 3, each at both sites, out of order. */
static void put_fields(hid_t f, enum lie lie)
{
	uint32_t sid[] = { 0, 1, 0, 1 };
	const uint32_t eid[] = { 1, 1, 0, 0 };
	const float gmv[] = { 0.1F, -0.0F, 1e10F, 12345.678F };
	hid_t g = put_frame(f, "gmf_data", "sid eid gmv_0 gmv_1");

	if (lie == NO_SITE)
		sid[3] = 77;
	mk_array(g, "sid", H5T_STD_U32LE, 1, DIMS(4), sid);
	mk_array(g, "eid", H5T_STD_U32LE, 1, DIMS(4), eid);
	mk_array(g, "gmv_0", H5T_IEEE_F32LE, 1, DIMS(4), gmv);
	mk_array(g, "gmv_1", H5T_IEEE_F32LE, 1, DIMS(4), gmv);
}

struct event {
	uint32_t id;
	int64_t rup_id;
	uint16_t rlz_id;
	uint32_t year;
} __attribute__((packed));

static void put_events(hid_t f)
{
	const struct event e[] = { { 0, 5000000000, 0, 1 }, { 1, 7, 1, 2 } };
	hid_t t = OK(H5Tcreate(H5T_COMPOUND, sizeof(*e)));

	OK(H5Tinsert(t, "id", 0, H5T_STD_U32LE));
	OK(H5Tinsert(t, "rup_id", 4, H5T_STD_I64LE));
	OK(H5Tinsert(t, "rlz_id", 12, H5T_STD_U16LE));
	OK(H5Tinsert(t, "year", 14, H5T_STD_U32LE));
	mk_array(f, "events", t, 1, DIMS(2), e);
}

/* Zones a and b, and the total, in two realizations. */
static void put_losses(hid_t f, enum lie lie)
{
	const uint32_t agg[] = { 2, 0, 2, 1, 0, 2 },
		       event[] = { 1, 0, 0, 1, 1, 1 };
	const uint16_t rlz[] = { 1, 0, 0, 1, 1, 1 };
	const uint8_t loss_id[] = { 3, 3, 3, 3, 3, 3 };
	float loss[] = { 30, 1, 20, 3, 2, 10 };
	hid_t g = put_frame(f, "risk_by_event", "event_id agg_id loss_id loss");

	if (lie == TIED)
		loss[5] = 30;
	mk_attr_i64(g, "K", 2);
	mk_array(g, "event_id", H5T_STD_U32LE, 1, DIMS(6), event);
	mk_array(g, "agg_id", H5T_STD_U32LE, 1, DIMS(6), agg);
	mk_array(g, "loss_id", H5T_STD_U8LE, 1, DIMS(6), loss_id);
	mk_array(g, "loss", H5T_IEEE_F32LE, 1, DIMS(6), loss);
	g = put_frame(f, "aggrisk", "agg_id rlz_id loss_id loss");
	mk_array(g, "agg_id", H5T_STD_U32LE, 1, DIMS(5), agg);
	mk_array(g, "rlz_id", H5T_STD_U16LE, 1, DIMS(5), rlz);
	mk_array(g, "loss_id", H5T_STD_U8LE, 1, DIMS(5), loss_id);
	mk_array(g, "loss", H5T_IEEE_F32LE, 1, DIMS(5), loss);
}

static void put_tags(hid_t f)
{
	const char *zones[] = { "?", "a", "b" };
	const float values[] = { 10, 40, 50 };
	hid_t t = OK(H5Tcreate(H5T_COMPOUND, 4));

	OK(H5Tinsert(t, "structural", 0, H5T_IEEE_F32LE));
	mk_array(f, "agg_values", t, 1, DIMS(3), values);
	mk_array(f, "agg_keys", mk_vlen_str(), 1, DIMS(2), zones + 1);
	mk_array(f, "assetcol/tagcol/zone", mk_vlen_str(), 1, DIMS(3), zones);
}

static void put_weights(hid_t f, enum lie lie)
{
	const float w[] = { 0.25F, 0.75F };

	mk_array(f, "weights", H5T_IEEE_F32LE, 1,
		 DIMS(lie == FEW_WEIGHTS ? 1 : 2), w);
}

static struct oq_exports *make(enum lie lie)
{
	char name[] = "/tmp/oqfs-kinds-XXXXXX";
	struct oq_store_opts o = { .reader = { .nthreads = 1,
					       .cache_bytes = 1 << 20 } };
	struct oq_exports_spec spec = { .number = "42" };
	struct oq_exports *x = NULL;
	struct oq_store *store;
	struct oq_err err = { "" };
	hid_t f;

	close((int)OK(mkstemp(name)));
	f = mk_file(name, LATEST, 0);
	mk_attr_str(f, "engine_version", "3.25.0");
	mk_attr_str(f, "date", "2026-01-02");
	mk_attr_i64(f, "checksum32", 77);
	put_text(f, "oqparam", lie == BAD_JSON ? "{\"a\": [" : param);
	put_sites(f, lie);
	put_curves(f, lie);
	put_fields(f, lie);
	put_events(f);
	put_losses(f, lie);
	put_tags(f);
	put_weights(f, lie);
	mk_done(f);
	o.fd = open(name, O_RDONLY | O_CLOEXEC);
	OK(unlink(name));
	OK(oq_store_open(&o, &store, NULL));
	spec.own = oq_store_env(store);
	if (oq_exports_new(&spec, &x, &err) < 0 && lie != BAD_JSON)
		fail_msg("%s", err.text);
	return x;
}

static int render(const struct oq_exports *x, const char *name,
		  struct oq_buf *out, struct oq_err *err)
{
	struct oq_export *e = NULL;
	int r = oq_exports_open(x, name, &e, err);

	if (r < 0)
		return r;
	r = e->prepare ? e->prepare(e, NULL, err) : 0;
	oq_buf_put(out, e->head.data, e->head.len);
	for (uint64_t i = 0; !r && i < e->nrows; i++)
		r = e->render(e, i, 1, out, err);
	oq_buf_putc(out, '\0');
	oq_buf_free(&e->head);
	e->close(e);
	return r;
}

/* The text without the metadata, which all have. */
static void check(const struct oq_exports *x, const char *name,
		  const char *want)
{
	static const char metadata[] =
		"generated_by='OpenQuake engine 3.25.0', "
		"start_date='2026-01-02', checksum=77";
	OQ_BUF struct oq_buf got = { 0 };
	struct oq_err err = { "" };
	char *at;

	if (render(x, name, &got, &err) < 0)
		fail_msg("%s: %s", name, err.text);
	at = strstr(got.data, metadata);
	assert_non_null(at);
	memmove(at + 2, at + strlen(metadata),
		strlen(at + strlen(metadata)) + 1);
	memcpy(at, "MD", 2);
	assert_string_equal(got.data, want);
}

static void refuse(const struct oq_exports *x, const char *name)
{
	OQ_BUF struct oq_buf got = { 0 };
	struct oq_err err = { "" };
	int e = render(x, name, &got, &err);

	assert_true(e == -EIO || e == -ENOENT);
	assert_true(err.text[0] != '\0');
}

static void test_curves(void **ctx)
{
	struct oq_exports *x = make(HONEST);

	(void)ctx;
	check(x, "hazard_curve-mean-PGA_42",
	      "#,,,,,\"MD, kind='mean', investigation_time=50.0, "
	      "imt='PGA'\"\r\n"
	      "custom_site_id,lon,lat,depth,poe-0.0050000,poe-0.2500000\r\n"
	      "north,1.50000,1.50000,0.00000,0.000000E+00,0.000000E+00\r\n"
	      "\"s,\"\"\",-0.00000,-0.00000,0.00000,1.000000E+00,"
	      "1.125000E+00\r\n");
	check(x, "hazard_curve-rlz-001-SA(0.3)_42",
	      "#,,,,,\"MD, kind='rlz-001', investigation_time=50.0, "
	      "imt='SA(0.3)'\"\r\n"
	      "custom_site_id,lon,lat,depth,poe-0.1000000,poe-0.2000000\r\n"
	      "north,1.50000,1.50000,0.00000,7.500000E-01,8.750000E-01\r\n"
	      "\"s,\"\"\",-0.00000,-0.00000,0.00000,1.750000E+00,"
	      "1.875000E+00\r\n");
	check(x, "quantile_map-0.5_42",
	      "#,,,,\"MD, kind='quantile-0.5', investigation_time=50.0\"\r\n"
	      "custom_site_id,lon,lat,PGA-0.1,SA(0.3)-0.1\r\n"
	      "north,1.50000,1.50000,2.500000E-01,3.750000E-01\r\n"
	      "\"s,\"\"\",-0.00000,-0.00000,7.500000E-01,8.750000E-01\r\n");
	oq_exports_free(x);
}

static void test_fields(void **ctx)
{
	struct oq_exports *x = make(HONEST);

	(void)ctx;
	check(x, "gmf-data_42",
	      "#,,,\"MD\"\r\n"
	      "event_id,gmv_PGA,gmv_SA(0.3),custom_site_id\r\n"
	      "0,1.00000E+10,1.00000E+10,north\r\n"
	      "0,1.23457E+04,1.23457E+04,\"s,\"\"\"\r\n"
	      "1,1.00000E-01,1.00000E-01,north\r\n"
	      "1,-0.00000E+00,-0.00000E+00,\"s,\"\"\"\r\n");
	oq_exports_free(x);
}

static void test_losses(void **ctx)
{
	struct oq_exports *x = make(HONEST);

	(void)ctx;
	check(x, "risk_by_event_42",
	      "#,,,,\"MD, investigation_time=50.0, "
	      "risk_investigation_time=50.0\"\r\n"
	      "event_id,loss,loss_type,rup_id,year\r\n"
	      "0,2.00000E+01,structural,5000000000,1\r\n"
	      "1,1.00000E+01,structural,7,2\r\n"
	      "1,3.00000E+01,structural,7,2\r\n");
	check(x, "aggrisk-zone_42",
	      "#,,,,\"MD, investigation_time=50.0, "
	      "risk_investigation_time=50.0\"\r\n"
	      "loss_type,zone,rlz_id,loss_value,loss_ratio\r\n"
	      "structural,a,0,1.00000E+00,1.00000E-01\r\n"
	      "structural,a,1,2.00000E+00,2.00000E-01\r\n"
	      "structural,b,1,3.00000E+00,7.50000E-02\r\n");
	oq_exports_free(x);
}

static void test_lies(void **ctx)
{
	static const struct {
		enum lie lie;
		const char *name;
	} lies[] = {
		{ SHORT_SITES, "hazard_curve-mean-PGA_42" },
		{ SHORT_SITES, "hazard_map-mean_42" },
		{ SHORT_SITES, "gmf-data_42" },
		{ WRONG_IMTS, "hazard_map-mean_42" },
		{ FEW_WEIGHTS, "hazard_curve-rlz-001-PGA_42" },
		{ NO_SITE, "gmf-data_42" },
		{ TIED, "risk_by_event_42" },
		{ HONEST, "nothing_42" },
	};

	(void)ctx;
	for (size_t i = 0; i < COUNT(lies); i++) {
		struct oq_exports *x = make(lies[i].lie);

		refuse(x, lies[i].name);
		oq_exports_free(x);
	}
	assert_null(make(BAD_JSON));
}

/* What a typed view is made of: values as they are stored, in the order of the
 * rows. */
static void test_values(void **ctx)
{
	struct oq_exports *x = make(HONEST);
	OQ_BUF struct oq_buf hold = { 0 };
	struct oq_export *e = NULL;
	struct oq_sheet *s;
	struct oq_span_text names[3];
	double gmv[2];
	struct oq_column *c;

	(void)ctx;
	assert_int_equal(oq_exports_open(x, "gmf-data_42", &e, NULL), 0);
	assert_int_equal(e->prepare(e, NULL, NULL), 0);
	s = (struct oq_sheet *)e;
	c = oq_frames_column(s, "gmv_PGA");
	assert_non_null(c);
	assert_true(c->single);
	assert_int_equal(oq_sheet_values(s, (size_t)(c - s->columns), 1, 2, gmv,
					 &hold, NULL),
			 0);
	assert_true(gmv[0] == (double)12345.678F && gmv[1] == (double)0.1F);
	c = oq_frames_column(s, "custom_site_id");
	assert_int_equal(oq_sheet_values(s, (size_t)(c - s->columns), 0, 3,
					 names, &hold, NULL),
			 0);
	assert_int_equal(names[1].n, 3);
	assert_memory_equal(names[1].s, "s,\"", 3);
	assert_memory_equal(names[2].s, "north", 5);
	oq_buf_free(&e->head);
	e->close(e);
	oq_exports_free(x);
}

/* What is not there is said with its reason. */
static void test_left_out(void **ctx)
{
	struct oq_exports *x = make(TIED);
	OQ_BUF struct oq_buf why = { 0 };

	(void)ctx;
	oq_exports_put_left_out(x, &why);
	oq_buf_putc(&why, '\0');
	assert_non_null(strstr(why.data, "\"risk_by_event\": \"rows of equal"));
	assert_non_null(strstr(why.data, "\"realizations\": \"the datastore "
					 "has no 'full_lt/"
					 "source_model_lt'\""));
	oq_exports_free(x);
}

/* A store lives as long as its process. */
int main(void)
{
	int failed;
	const struct CMUnitTest tests[] = {
		{ "curves and maps have their sites' names", test_curves, NULL,
		  NULL, NULL },
		{ "fields are sorted by event and site", test_fields, NULL,
		  NULL, NULL },
		{ "losses are joined with events and tags", test_losses, NULL,
		  NULL, NULL },
		{ "columns can be had with their types", test_values, NULL,
		  NULL, NULL },
		{ "what lies is refused", test_lies, NULL, NULL, NULL },
		{ "what is left out has a reason", test_left_out, NULL, NULL,
		  NULL },
	};

	failed = cmocka_run_group_tests(tests, NULL, NULL);
	fflush(NULL);
	_exit(failed);
}
