/* SPDX-License-Identifier: MIT */
/* mkdemo.c - writes a small data directory the way the engine does
 *
 *	calc_1.hdf5      an event based hazard calculation
 *	calc_2.hdf5      a risk calculation on it: its parent is 1
 *	calc_1_tmp.hdf5  what the engine leaves behind
 *	db.sqlite3, calc_1.log   files that are no datastores
 *
 * Names, types, layouts and attributes are those of engine 3.25; the numbers
 * come from fixed formulas.
 */

#include "tests/make/mkh5.h"

#include <math.h>
#include <unistd.h>
#include <zlib.h>

enum {
	NSITES = 40, /* 8 by 5 */
	NSTATS = 3,
	NIMTS = 2,
	NLEVELS = 12,
	NPOES = 2,
	NEVENTS = 500,
	NASSETS = 60,
};

static double level(int l)
{
	return 0.005 * pow(1.6, l);
}

/* A site's distance from a fault along the diagonal, in km. */
static double distance(int site)
{
	return 5 + 12 * fabs((double)(site % 8) - 1.6 * (double)(site / 8));
}

/* Median ground motion of a magnitude at a site, in g. */
static double motion(double mag, int site, int imt)
{
	return exp(0.9 * mag - 5.2 - 1.1 * log(distance(site) + 10) -
		   0.35 * imt);
}

/* ---- the engine's conventions ---- */

static hid_t create(const char *name)
{
	hid_t f = mk_file(name, LATEST, 0);

	mk_attr_i64(f, "input_size", 9518);
	mk_attr_str(f, "engine_version", "3.25.0");
	mk_attr_str(f, "date", "2026-06-01T09:30:00");
	mk_attr_i64(f, "checksum32", 898295186);
	return f;
}

static void put_text(hid_t f, const char *name, const char *text,
		     const char *pyclass)
{
	hid_t d = mk_scalar(f, name, mk_vlen_str(), &text);

	if (pyclass)
		mk_attr_str(d, "__pyclass__", pyclass);
}

/* A table that grows: what the engine makes all its columns as. */
static hid_t put_growing(hid_t g, const char *name, hid_t type, hsize_t chunk,
			 hsize_t n, const void *data)
{
	return mk_put(g, name, type,
		      OK(H5Screate_simple(1, &n, DIMS(H5S_UNLIMITED))),
		      mk_chunked(1, &chunk), data);
}

static hid_t put_column(hid_t g, const char *name, hid_t type, hsize_t n,
			const void *data)
{
	return put_growing(g, name, type, 1024, n, data);
}

static hid_t put_frame(hid_t f, const char *name, const char *columns)
{
	hid_t g = mk_group(f, name);

	mk_attr_str(g, "__pdcolumns__", columns);
	return g;
}

/* A file of the user's: gzip in an opaque scalar. */
static void put_input(hid_t f, const char *name, const char *text)
{
	unsigned char zipped[4096];
	z_stream z = { .next_out = zipped, .avail_out = sizeof(zipped) };
	hid_t type;

	z.next_in = (unsigned char *)(uintptr_t)text;
	z.avail_in = (unsigned)strlen(text);
	if (deflateInit2(&z, 9, Z_DEFLATED, 31, 8, 0) != Z_OK ||
	    deflate(&z, Z_FINISH) != Z_STREAM_END)
		exit(1);
	deflateEnd(&z);
	type = OK(H5Tcreate(H5T_OPAQUE, z.total_out));
	OK(H5Tset_tag(type, ""));
	mk_scalar(f, name, type, zipped);
}

static hid_t s50(void)
{
	return mk_str_type(50, H5T_STR_NULLPAD, H5T_CSET_ASCII);
}

static void put_performance(hid_t f, double scale)
{
#pragma pack(push, 1)
	struct row {
		char operation[50];
		double time_sec, memory_mb;
		int64_t counts;
		int16_t task_no;
	} rows[] = {
		{ "importing inputs", 0.25, 0.98, 1, -1 },
		{ "total event_based", 4.5, 3.5, 1, 0 },
		{ "computing gmfs", 1.125, 0, 1041, 0 },
		{ "saving gmfs", 0.0625, 0.5, 1, -1 },
	};
#pragma pack(pop)
	hid_t t = OK(H5Tcreate(H5T_COMPOUND, sizeof(rows[0])));

	for (size_t i = 0; i < COUNT(rows); i++)
		rows[i].time_sec *= scale;
	OK(H5Tinsert(t, "operation", 0, s50()));
	OK(H5Tinsert(t, "time_sec", 50, H5T_IEEE_F64LE));
	OK(H5Tinsert(t, "memory_mb", 58, H5T_IEEE_F64LE));
	OK(H5Tinsert(t, "counts", 66, H5T_STD_I64LE));
	OK(H5Tinsert(t, "task_no", 74, H5T_STD_I16LE));
	put_growing(f, "performance_data", t, 128, COUNT(rows), rows);
}

/* ---- what a hazard calculation holds ---- */

static void put_sites(hid_t f)
{
	hid_t g =
		put_frame(f, "sitecol", "sids lon lat depth vs30 vs30measured");
	double lon[NSITES], lat[NSITES], depth[NSITES] = { 0 }, vs30[NSITES];
	uint32_t sids[NSITES];
	int8_t measured[NSITES];

	mk_attr_str(g, "__pyclass__",
		    "openquake.hazardlib.site.SiteCollection");
	for (int i = 0; i < NSITES; i++) {
		sids[i] = (uint32_t)i;
		lon[i] = 9 + 0.125 * (i % 8);
		lat[i] = 45 + 0.1 * (i / 8);
		vs30[i] = i % 3 ? 760 : 360;
		measured[i] = i % 3 == 0;
	}
	mk_array(g, "sids", H5T_STD_U32LE, 1, DIMS(NSITES), sids);
	mk_array(g, "lon", H5T_IEEE_F64LE, 1, DIMS(NSITES), lon);
	mk_array(g, "lat", H5T_IEEE_F64LE, 1, DIMS(NSITES), lat);
	mk_array(g, "depth", H5T_IEEE_F64LE, 1, DIMS(NSITES), depth);
	mk_array(g, "vs30", H5T_IEEE_F64LE, 1, DIMS(NSITES), vs30);
	mk_array(g, "vs30measured", mk_bool(), 1, DIMS(NSITES), measured);
}

/* Probability to exceed a level in 50 years; stat 0 is the mean. */
static double poe(int site, int stat, int imt, int lvl)
{
	double rate = 0.02 * exp(-0.9 * lvl) * 60 / distance(site);

	return 1 - exp(-50 * rate *
		       (1 + 0.5 * (stat == 2) - 0.4 * (stat == 1)) / (1 + imt));
}

static const char imts_json[] = "\"imt\": [\"PGA\", \"SA(0.3)\"],\n";
static const char stats_json[] =
	"\"stat\": [\"mean\", \"quantile-0.15\", \"quantile-0.85\"],\n";

static void put_curves(hid_t f)
{
	static float v[NSITES][NSTATS][NIMTS][NLEVELS];
	char json[400];
	hid_t d;

	for (int i = 0; i < NSITES * NSTATS * NIMTS * NLEVELS; i++) {
		int l = i % NLEVELS, m = i / NLEVELS % NIMTS;
		int s = i / NLEVELS / NIMTS % NSTATS;
		int n = i / NLEVELS / NIMTS / NSTATS;

		v[n][s][m][l] = (float)poe(n, s, m, l);
	}
	d = mk_array(f, "hcurves-stats", H5T_IEEE_F32LE, 4,
		     DIMS(NSITES, NSTATS, NIMTS, NLEVELS), v);
	snprintf(json, sizeof(json),
		 "{\n\"shape_descr\": [\"site_id\", \"stat\", \"imt\", "
		 "\"lvl\"],\n\"site_id\": %d,\n%s%s\"lvl\": [0, 1, 2, 3, 4, 5, "
		 "6, 7, 8, 9, 10, 11]}",
		 NSITES, stats_json, imts_json);
	mk_attr_str(d, "json", json);
}

static double map_value(int site, int stat, int imt, int p)
{
	double curve = 0.9 - 0.45 * p, best = level(0);

	for (int l = 0; l < NLEVELS; l++)
		if (poe(site, stat, imt, l) > 0.2 * curve)
			best = level(l) * (1 + 0.01 * (site % 8));
	return best;
}

static void put_maps(hid_t f)
{
	static float v[NSITES][NSTATS][NIMTS][NPOES];
	char json[300];
	hid_t d;

	for (int i = 0; i < NSITES * NSTATS * NIMTS * NPOES; i++) {
		int p = i % NPOES, m = i / NPOES % NIMTS;
		int s = i / NPOES / NIMTS % NSTATS;
		int n = i / NPOES / NIMTS / NSTATS;

		v[n][s][m][p] = (float)map_value(n, s, m, p);
	}
	d = mk_array(f, "hmaps-stats", H5T_IEEE_F32LE, 4,
		     DIMS(NSITES, NSTATS, NIMTS, NPOES), v);
	snprintf(json, sizeof(json),
		 "{\n\"shape_descr\": [\"site_id\", \"stat\", \"imt\", "
		 "\"poe\"],\n\"site_id\": %d,\n%s%s\"poe\": [0.1, 0.02]}",
		 NSITES, stats_json, imts_json);
	mk_attr_str(d, "json", json);
}

static void put_map_picture(hid_t f)
{
	enum { H = 48, W = 64 };
	static uint8_t rgba[H][W][4];

	for (int i = 0; i < H * W; i++) {
		int y = i / W, x = i % W;
		double g = map_value(x / 8 + 8 * (y * 5 / H), 0, 0, 0);

		rgba[y][x][0] = (uint8_t)(255 * fmin(1, 3 * g));
		rgba[y][x][1] = (uint8_t)(200 * fmax(0, 1 - 2 * g));
		rgba[y][x][2] = 40;
		rgba[y][x][3] = 255;
	}
	mk_array(f, "png/hmap_0_0", H5T_STD_U8LE, 3, DIMS(H, W, 4), rgba);
}

static void put_sources(hid_t f)
{
	const struct row {
		const char *source_id;
		uint16_t grp_id;
		char code;
		float calc_time;
		uint64_t num_sites;
		uint32_t num_ruptures;
		float weight;
		double mutex_weight;
		uint8_t trti;
	} rows[] = {
		{ "fault, north", 0, 'S', 1.05F, 40, 1248, 1248, 0, 0 },
		{ "area-1", 1, 'A', 0.66F, 38, 310, 31.5F, 0, 1 },
	};
	hid_t t = OK(H5Tcreate(H5T_COMPOUND, sizeof(rows[0])));

	OK(H5Tinsert(t, "source_id", HOFFSET(struct row, source_id),
		     mk_vlen_str()));
	OK(H5Tinsert(t, "grp_id", HOFFSET(struct row, grp_id), H5T_STD_U16LE));
	OK(H5Tinsert(t, "code", HOFFSET(struct row, code),
		     mk_str_type(1, H5T_STR_NULLPAD, H5T_CSET_ASCII)));
	OK(H5Tinsert(t, "calc_time", HOFFSET(struct row, calc_time),
		     H5T_IEEE_F32LE));
	OK(H5Tinsert(t, "num_sites", HOFFSET(struct row, num_sites),
		     H5T_STD_U64LE));
	OK(H5Tinsert(t, "num_ruptures", HOFFSET(struct row, num_ruptures),
		     H5T_STD_U32LE));
	OK(H5Tinsert(t, "weight", HOFFSET(struct row, weight), H5T_IEEE_F32LE));
	OK(H5Tinsert(t, "mutex_weight", HOFFSET(struct row, mutex_weight),
		     H5T_IEEE_F64LE));
	OK(H5Tinsert(t, "trti", HOFFSET(struct row, trti), H5T_STD_U8LE));

	/* The engine's compounds have no holes: pack the file's own type. */
	hid_t packed = OK(H5Tcopy(t));
	hid_t d;

	OK(H5Tpack(packed));
	d = mk_array(f, "source_info", packed, 1, DIMS(COUNT(rows)), NULL);
	OK(H5Dwrite(d, t, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows));
}

/* Magnitude of an event: many small ones. */
static double magnitude(int event)
{
	return 5.5 + 2 * fmod(0.618034 * event, 1) * fmod(0.618034 * event, 1);
}

static void put_events(hid_t f)
{
#pragma pack(push, 1)
	struct row {
		uint32_t id;
		int64_t rup_id;
		uint16_t rlz_id;
		uint32_t year, ses_id;
	} rows[NEVENTS];
#pragma pack(pop)
	hid_t t = OK(H5Tcreate(H5T_COMPOUND, sizeof(rows[0])));

	for (uint32_t i = 0; i < NEVENTS; i++)
		rows[i] = (struct row){ .id = i,
					.rup_id = i / 2,
					.rlz_id = (uint16_t)(i % 4),
					.year = i * 97 % 50000 + 1,
					.ses_id = i * 7 % 250 + 1 };
	OK(H5Tinsert(t, "id", 0, H5T_STD_U32LE));
	OK(H5Tinsert(t, "rup_id", 4, H5T_STD_I64LE));
	OK(H5Tinsert(t, "rlz_id", 12, H5T_STD_U16LE));
	OK(H5Tinsert(t, "year", 14, H5T_STD_U32LE));
	OK(H5Tinsert(t, "ses_id", 18, H5T_STD_U32LE));
	mk_array(f, "events", t, 1, DIMS(NEVENTS), rows);
	mk_array(f, "weights", H5T_IEEE_F32LE, 1, DIMS(4),
		 (const float[]){ 0.36F, 0.24F, 0.24F, 0.16F });
}

/* The ground motion of every event at the sites that feel it. */
static void put_motions(hid_t f)
{
	static uint32_t sid[NEVENTS * NSITES], eid[NEVENTS * NSITES];
	static float gmv[NIMTS][NEVENTS * NSITES];
	hid_t g = put_frame(f, "gmf_data", "sid eid PGA SA(0.3)");
	hsize_t n = 0;

	for (int e = 0; e < NEVENTS; e++) {
		for (int s = 0; s < NSITES; s++) {
			double a = motion(magnitude(e), s, 0);

			if (a < 0.05)
				continue;
			sid[n] = (uint32_t)s;
			eid[n] = (uint32_t)e;
			gmv[0][n] = (float)a;
			gmv[1][n] = (float)motion(magnitude(e), s, 1);
			n++;
		}
	}
	put_column(g, "sid", H5T_STD_U32LE, n, sid);
	put_column(g, "eid", H5T_STD_U32LE, n, eid);
	put_column(g, "PGA", H5T_IEEE_F32LE, n, gmv[0]);
	put_column(g, "SA(0.3)", H5T_IEEE_F32LE, n, gmv[1]);
	mk_attr_i64(g, "num_events", NEVENTS);
	mk_attr_str(g, "imts", "PGA SA(0.3)");
	mk_attr_f64(g, "investigation_time", 50);
	mk_attr_f64(g, "effective_time", 50000);
}

/* Where the assets are and what they are worth; their taxonomies by number. */
static void put_assets(hid_t f)
{
#pragma pack(push, 1)
	struct row {
		char id[8];
		uint32_t ordinal;
		float lon, lat;
		uint32_t site_id;
		float number, structural;
		uint32_t taxonomy;
	} rows[NASSETS];
#pragma pack(pop)
	const char *taxonomies[] = { "?", "Wood", "Adobe", "Concrete" };
	const char *tags[] = { "taxonomy" };
	hid_t t = OK(H5Tcreate(H5T_COMPOUND, sizeof(rows[0])));
	hid_t id = OK(H5Tcopy(H5T_C_S1)), g;

	for (int i = 0; i < NASSETS; i++) {
		rows[i] = (struct row){
			.ordinal = (uint32_t)i,
			.lon = 9 + 0.125F * (float)(i % NSITES % 8),
			.lat = 45 + 0.1F * (float)(i % NSITES / 8),
			.site_id = (uint32_t)(i % NSITES),
			.number = (float)(1 + i % 7),
			.structural = (float)(250000 + 1000 * (i % 9)),
			.taxonomy = (uint32_t)(1 + i % 3),
		};
		snprintf(rows[i].id, sizeof(rows[i].id), "a%d", 1000 + 7 * i);
	}
	OK(H5Tset_size(id, sizeof(rows[0].id)));
	OK(H5Tinsert(t, "id", offsetof(struct row, id), id));
	OK(H5Tinsert(t, "ordinal", offsetof(struct row, ordinal),
		     H5T_STD_U32LE));
	OK(H5Tinsert(t, "lon", offsetof(struct row, lon), H5T_IEEE_F32LE));
	OK(H5Tinsert(t, "lat", offsetof(struct row, lat), H5T_IEEE_F32LE));
	OK(H5Tinsert(t, "site_id", offsetof(struct row, site_id),
		     H5T_STD_U32LE));
	OK(H5Tinsert(t, "value-number", offsetof(struct row, number),
		     H5T_IEEE_F32LE));
	OK(H5Tinsert(t, "value-structural", offsetof(struct row, structural),
		     H5T_IEEE_F32LE));
	OK(H5Tinsert(t, "taxonomy", offsetof(struct row, taxonomy),
		     H5T_STD_U32LE));
	mk_array(f, "assetcol/array", t, 1, DIMS(NASSETS), rows);
	g = OK(H5Gopen2(f, "assetcol", H5P_DEFAULT));
	mk_attr_str(g, "__pyclass__",
		    "openquake.risklib.asset.AssetCollection");
	mk_attr(g, "tagnames", mk_vlen_str(),
		OK(H5Screate_simple(1, DIMS(1), NULL)), tags);
	mk_array(f, "assetcol/tagcol/taxonomy", mk_vlen_str(), 1, DIMS(4),
		 taxonomies);
}

static const char job_ini[] =
	"[general]\n"
	"description = Event based PSHA \xe2\x80\x94 demo\n"
	"calculation_mode = event_based\n"
	"truncation_level = 3\n";

/* "PGA": [0.005, ...], and the same of the other. */
static void put_levels(char *to, size_t n)
{
	size_t at = 0;

	for (int m = 0; m < NIMTS; m++) {
		at += (size_t)snprintf(to + at, n - at, "%s\n\"%s\": [",
				       m ? "]," : "", m ? "SA(0.3)" : "PGA");
		for (int l = 0; l < NLEVELS; l++)
			at += (size_t)snprintf(to + at, n - at, "%s%.6g",
					       l ? ", " : "", level(l));
	}
	snprintf(to + at, n - at, "]");
}

static void hazard(void)
{
	const char *trts[] = { "Active Shallow Crust", "Stable Continental" };
	hid_t f = create("calc_1.hdf5");
	char levels[400], param[1200];
	hid_t g;

	put_levels(levels, sizeof(levels));
	snprintf(param, sizeof(param),
		 "{\n\"base_path\": \"/home/user/demo\",\n"
		 "\"inputs\": {\n\"job_ini\": \"/home/user/demo/job.ini\"},\n"
		 "\"description\": \"Event based PSHA \\u2014 demo\",\n"
		 "\"calculation_mode\": \"event_based\",\n"
		 "\"hazard_imtls\": {%s},\n"
		 "\"quantiles\": [0.15, 0.85],\n\"hazard_maps\": true,\n"
		 "\"investigation_time\": 50.0,\n\"poes\": [0.1, 0.02]}",
		 levels);
	put_text(f, "oqparam", param,
		 "openquake.commonlib.oqvalidation.OqParam");
	put_input(f, "input/job.ini", job_ini);
	put_input(f, "input/source_model.xml",
		  "<?xml version='1.0' encoding='utf-8'?>\n<nrml/>\n");
	g = mk_group(f, "full_lt");
	mk_attr_str(g, "__pyclass__",
		    "openquake.hazardlib.logictree."
		    "FullLogicTree");
	mk_attr_i64(g, "seed", 42);
	mk_attr(g, "trts", mk_vlen_str(),
		OK(H5Screate_simple(1, DIMS(2), NULL)), trts);
	put_sites(f);
	put_sources(f);
	put_events(f);
	put_motions(f);
	put_assets(f);
	put_curves(f);
	put_maps(f);
	put_map_picture(f);
	put_performance(f, 1);
	put_text(f, "task_sent", "{'event_based': {}}", NULL);
	mk_array(f, "source_mags/Active Shallow Crust", mk_vlen_str(), 1,
		 DIMS(2), (const char *const[]){ "5.50", "6.50" });
	mk_done(f);
}

/* ---- a risk calculation on it ---- */

static void put_average_losses(hid_t f)
{
	float v[NASSETS];
	char json[1000];
	int n = snprintf(json, sizeof(json),
			 "{\n\"shape_descr\": [\"asset_id\", \"stat\"],\n"
			 "\"asset_id\": [");
	hid_t d;

	for (int i = 0; i < NASSETS; i++) {
		v[i] = (float)(250000 * motion(6.5, i % NSITES, 0));
		n += snprintf(json + n, sizeof(json) - (size_t)n, "%s\"a%d\"",
			      i ? ", " : "", 1000 + 7 * i);
	}
	snprintf(json + n, sizeof(json) - (size_t)n,
		 "],\n\"stat\": [\"mean\"]}");
	d = mk_array(f, "avg_losses-stats/structural", H5T_IEEE_F32LE, 2,
		     DIMS(NASSETS, 1), v);
	mk_attr_str(d, "json", json);
}

static void put_losses_by_event(hid_t f)
{
	hid_t g = put_frame(f, "risk_by_event",
			    "event_id agg_id loss_id variance loss");
	uint32_t event[NEVENTS], agg[NEVENTS] = { 0 };
	float loss[NEVENTS], variance[NEVENTS] = { 0 };
	uint8_t kind[NEVENTS];

	for (int i = 0; i < NEVENTS; i++) {
		event[i] = (uint32_t)i;
		kind[i] = 3; /* structural */
		loss[i] = (float)(1e6 * motion(magnitude(i), 12, 0));
	}
	put_column(g, "event_id", H5T_STD_U32LE, NEVENTS, event);
	put_column(g, "agg_id", H5T_STD_U32LE, NEVENTS, agg);
	put_column(g, "loss_id", H5T_STD_U8LE, NEVENTS, kind);
	put_column(g, "variance", H5T_IEEE_F32LE, NEVENTS, variance);
	put_column(g, "loss", H5T_IEEE_F32LE, NEVENTS, loss);
	mk_attr_i64(g, "K", 0);
	mk_attr_i64(g, "L", 1);
}

static void risk(void)
{
	hid_t f = create("calc_2.hdf5");

	put_text(f, "oqparam",
		 "{\n\"base_path\": \"/home/user/demo\",\n"
		 "\"description\": \"Event based risk \\u2014 demo\",\n"
		 "\"calculation_mode\": \"event_based_risk\",\n"
		 "\"hazard_calculation_id\": 1,\n"
		 "\"all_cost_types\": [\"structural\"],\n"
		 "\"investigation_time\": 50.0}",
		 "openquake.commonlib.oqvalidation.OqParam");
	put_average_losses(f);
	put_losses_by_event(f);
	put_performance(f, 0.5);
	mk_done(f);
}

/* ---- beside the datastores ---- */

/* A valid SQLite database without a table: one page of 4096 bytes. */
static void database(void)
{
	unsigned char page[4096] = "SQLite format 3";

	memcpy(page + 16, "\x10\0\1\1\0\x40\x20\x20\0\0\0\1\0\0\0\1", 16);
	page[47] = 4;	  /* schema format */
	page[59] = 1;	  /* UTF-8 */
	page[95] = 1;	  /* valid for change 1 */
	page[100] = 0x0d; /* an empty leaf, */
	page[105] = 0x10; /* its content after the page's end */
	mk_plain("db.sqlite3", page, sizeof(page));
}

int main(int argc, char **argv)
{
	static const char log[] =
		"[2026-06-01 09:30:00 #1 INFO] using 4 workers\n"
		"[2026-06-01 09:30:07 #1 INFO] total time 7 s\n";
	hid_t f;

	if (argc != 2 || chdir(argv[1]) != 0) {
		fputs("usage: mkdemo DIRECTORY\n", stderr);
		return 1;
	}
	hazard();
	risk();
	f = mk_file("calc_1_tmp.hdf5", LATEST, 0);
	mk_array(f, "start-stop", H5T_STD_I64LE, 2, DIMS(2, 2),
		 (const int64_t[]){ 0, 20, 20, 40 });
	mk_done(f);
	database();
	mk_plain("calc_1.log", log, sizeof(log) - 1);
	return 0;
}
