#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 32-export.bats - the directory of exports of a calculation
#
#	23          sites
#	24 -> 23    motions, and so the sites of 23
#	25 -> 99    motions, and a parent that is not there
#	26 -> 23    nothing of its own
#	27 -> 26    motions, and so the sites of 23
#	30          events, many of them
#	31          a group "export"
#	32          a table of events that nobody knows the version of
#	other.h5    no calculation

bats_require_minimum_version 1.5.0
load mount

setup() {
	needs_fuse
	$PYTHON -c 'import h5py, numpy' 2>/dev/null || skip "no python3-h5py"
}

setup_file() {
	export PYTHON=/usr/bin/python3 SRC="$BATS_FILE_TMPDIR/src"
	export HDF5_USE_FILE_LOCKING=FALSE
	export WRITE="$BATS_FILE_TMPDIR/write.py"
	mkdir "$SRC"
	cat >"$WRITE" <<-'END'
	import json, os, sys, h5py, numpy as np
	def calc(folder, number, parent=None, **has):
	    name = '%s/calc_%d.hdf5' % (folder, number)
	    f = h5py.File(name + '.new', 'w', libver='latest')
	    if not has.get('nameless'):
	        f.attrs['engine_version'] = '3.21.0'
	        f.attrs['date'] = '2026-01-02T03:04:05'
	        f.attrs['checksum32'] = 123456
	    f['oqparam'] = json.dumps(dict(calculation_mode='event_based',
	        hazard_imtls={'PGA': [.1]}, investigation_time=1.,
	        inputs={}, hazard_calculation_id=parent))
	    if 'sites' in has:
	        lon = np.array(has['sites'], 'f8')
	        g = f.create_group('sitecol')
	        g.attrs['__pdcolumns__'] = 'sids lon lat depth'
	        g['sids'] = np.arange(len(lon), dtype='u4')
	        g['lon'], g['lat'], g['depth'] = lon, lon + 1, lon * 0
	    if 'motions' in has:
	        g = f.create_group('gmf_data')
	        g.attrs['__pdcolumns__'] = 'sid eid gmv_0'
	        g['sid'], g['eid'] = np.array([[0], [0]], 'u4')
	        g['gmv_0'] = np.array([.5], 'f4')
	    if 'events' in has:
	        e = np.zeros(has['events'], [('id', 'u4'), ('rup_id', 'i8'),
	            ('rlz_id', 'u2')])
	        e['id'] = np.arange(len(e))
	        e['rup_id'] = e['id'].astype('i8') ** 2
	        e['rlz_id'] = e['id'] % 7
	        f['events'] = e
	    if 'group' in has:
	        f['export/x'] = np.arange(3)
	    if 'cut' in has:
	        f.flush()
	        os.rename(name + '.new', name)
	        os._exit(0)
	    f.close()
	    os.rename(name + '.new', name)
	exec(sys.argv[2], dict(calc=calc, src=sys.argv[1]))
	END
	$PYTHON -c 'import h5py, numpy' 2>/dev/null || return 0
	write "$SRC" "
calc(src, 23, sites=[10, 20])
calc(src, 24, 23, motions=1, events=3)
calc(src, 25, 99, motions=1, events=3)
calc(src, 26, 23)
calc(src, 27, 26, motions=1)
calc(src, 30, events=1000000)
calc(src, 31, events=3, group=1)
calc(src, 32, events=3, nameless=1)
import h5py; h5py.File(src + '/other.h5', 'w')['x'] = 1
"
	mount_dir "$SRC" -o csv_split=0
}

teardown_file() { unmount; }

teardown() { unmount_too; }

write() {
	$PYTHON -I "$WRITE" "$1" "$2"
}

# The rows of a file, without the comment.
rows() {
	tail -n +2 "$1" | tr -d '\r' | tr '\n' ' '
}

left_out() {
	getfattr --absolute-names --only-values -n user.oqfs.export "$1"
}

# What an open file says to who has nothing of it in the kernel's cache.
directly() {
	run dd iflag=direct bs=1M "$@"
	[ "$status" -ne 0 ]
	grep -q "Stale" <<<"$output"
}

# The readers that serve exports.
readers() {
	sed -n 's/.*reader \([0-9]*\),.*for its exports.*/\1/p' \
		"$MNT/.oqfs/status"
}

SITES="site_id,lon,lat 0,10.00000,11.00000 1,20.00000,21.00000 "

@test "a calculation has it, and listing that costs nothing more" {
	[ -d "$MNT/calc_24/export" ]
	ls "$MNT/calc_24" "$MNT/calc_30" | grep -cx export | grep -qx 2
	ls -l "$MNT/calc_30" >/dev/null
	! grep "for its exports" "$MNT/.oqfs/status" | grep -v "no reader"
	[ ! -e "$MNT/other.h5/export" ]
	run ls "$MNT/other.h5"
	[ "$(grep -c export <<<"$output")" = 0 ]
}

@test "it lists what there is, and nothing else is in it" {
	ls "$MNT/calc_24/export" | grep -qx events_24.csv
	[ "$(stat -c %A "$MNT/calc_24/export")" = dr-xr-xr-x ]
	[ "$(stat -c %A "$MNT/calc_24/export/events_24.csv")" = -r--r--r-- ]
	for name in events_25.csv events_24.npy events_24 'events_24[0].csv' \
		.meta.json x; do
		[ ! -e "$MNT/calc_24/export/$name" ]
	done
	run ! touch "$MNT/calc_24/export/x"
	grep -q "Read-only" <<<"$output"
	[ "$(ls "$MNT/calc_26/export")" = "" ]
	ls -ia "$MNT/calc_24" | grep -q "$(stat -c %i "$MNT/calc_24/export")"
	for f in "$MNT/calc_24/export"/*; do
		ls -i "$MNT/calc_24/export" | grep -q "$(stat -c %i "$f")"
	done
}

@test "the rows are those of the engine" {
	[ "$(rows "$MNT/calc_24/export/events_24.csv")" = \
		"event_id,rup_id,rlz_id 0,0,0 1,1,1 2,4,2 " ]
	[ "$(tail -c 2 "$MNT/calc_24/export/events_24.csv" | od -An -c |
		tr -d ' ')" = '\r\n' ]
}

@test "the size is exact, any range is that of the whole" {
	f="$MNT/calc_30/export/events_30.csv"
	size=$(stat -c %s "$f")
	cat "$f" >"$BATS_TEST_TMPDIR/whole"
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/whole")" = "$size" ]
	[ "$(wc -l <"$BATS_TEST_TMPDIR/whole")" = 1000002 ]
	tail -n 1 "$BATS_TEST_TMPDIR/whole" | grep -q '^999999,999998000001,0'
	ranges_are_of "$f" "$BATS_TEST_TMPDIR/whole"
}

@test "what its parent has is found there, and in that one's parent" {
	[ "$(rows "$MNT/calc_24/export/sitemesh_24.csv")" = "$SITES" ]
	[ "$(rows "$MNT/calc_27/export/sitemesh_27.csv")" = "$SITES" ]
}

@test "what is read ahead of its parent is the parent's" {
	OQDATA="${OQDATA:-../shared/data/oqdata}"
	[ -e "$OQDATA/files/3.25/calc_24.hdf5" ] || skip "no $OQDATA"
	mount_too "$OQDATA/files/3.25"
	cmp <(cut -d, -f1 "$TOO/calc_24/export/assetcol_24.csv" | tail -n +2) \
		<(cut -d, -f1 "$TOO/calc_23/assetcol/array.csv" | tail -n +2)
}

@test "an absent parent: no such file, and the reason" {
	ls "$MNT/calc_25/export" | grep -qx events_25.csv
	[ ! -e "$MNT/calc_25/export/sitemesh_25.csv" ]
	run ls "$MNT/calc_25/export"
	[[ $output != *sitemesh* ]]
	left_out "$MNT/calc_25/export" | grep -q "calculation 99"
	left_out "$MNT/calc_25/export" | $PYTHON -c \
		'import json, sys; assert "gmf_data" in json.load(sys.stdin)'
	getfattr --absolute-names "$MNT/calc_25/export" |
		grep -qx user.oqfs.export
}

@test "a datastore of no known version has none, and says so" {
	[ "$(ls "$MNT/calc_32/export")" = "" ]
	left_out "$MNT/calc_32/export" | grep -qF '"*"'
}

@test "a link with that name gives way" {
	[ "$(ls "$MNT/calc_31" | grep export | tr '\n' ' ')" = \
		"export export~1 " ]
	[ -f "$MNT/calc_31/export~1/x.csv" ]
	[ -f "$MNT/calc_31/export/events_31.csv" ]
}

@test "a parent that is replaced: no mixture, then the new one" {
	mkdir "$BATS_TEST_TMPDIR/src"
	cp "$SRC"/calc_2[34].hdf5 "$BATS_TEST_TMPDIR/src"
	mount_too "$BATS_TEST_TMPDIR/src"
	f="$TOO/calc_24/export/sitemesh_24.csv"
	[ "$(rows "$f")" = "$SITES" ]
	ino=$(stat -c %i "$f")
	exec 5<"$f" 6<"$TOO/calc_24/events.csv"
	write "$BATS_TEST_TMPDIR/src" 'calc(src, 23, sites=[30])'
	sleep 1.5
	directly <&5
	# The calculation itself is what it was.
	[ "$(wc -l <&6)" = 4 ]
	exec 5<&- 6<&-
	[ "$(rows "$f")" = "site_id,lon,lat 0,30.00000,31.00000 " ]
	[ "$(stat -c %i "$f")" != "$ino" ]
}

# Has anybody a file of this test open?
has_open() {
	ls -l /proc/[0-9]*/fd 2>/dev/null |
		grep -F "$BATS_TEST_TMPDIR/src/$1"
}

@test "a parent that is deleted is let go within a second, and comes back" {
	mkdir "$BATS_TEST_TMPDIR/src"
	cp "$SRC"/calc_2[34].hdf5 "$BATS_TEST_TMPDIR/src"
	mount_too "$BATS_TEST_TMPDIR/src"
	f="$TOO/calc_24/export/sitemesh_24.csv"
	[ "$(rows "$f")" = "$SITES" ]
	has_open calc_23
	rm "$BATS_TEST_TMPDIR/src/calc_23.hdf5"
	sleep 1.5
	! has_open calc_23
	[ ! -e "$f" ]
	[ -e "$TOO/calc_24/export/events_24.csv" ]
	left_out "$TOO/calc_24/export" | grep -q "not in its directory"
	cp "$SRC/calc_23.hdf5" "$BATS_TEST_TMPDIR/src"
	sleep 1.1
	[ "$(rows "$f")" = "$SITES" ]
}

@test "a calculation that is rewritten has other exports" {
	mkdir "$BATS_TEST_TMPDIR/src"
	write "$BATS_TEST_TMPDIR/src" 'calc(src, 1, events=2)'
	mount_too "$BATS_TEST_TMPDIR/src"
	f="$TOO/calc_1/export/events_1.csv"
	exec 5<"$f"
	[ "$(rows "$f" | wc -w)" = 3 ]
	write "$BATS_TEST_TMPDIR/src" 'calc(src, 1, events=4)'
	sleep 1.5
	directly <&5
	exec 5<&-
	[ "$(rows "$f" | wc -w)" = 5 ]
}

@test "one that was killed has what there is" {
	mkdir "$BATS_TEST_TMPDIR/src"
	write "$BATS_TEST_TMPDIR/src" 'calc(src, 1, events=2, cut=1)'
	mount_too "$BATS_TEST_TMPDIR/src"
	[ "$(rows "$TOO/calc_1/export/events_1.csv" | wc -w)" = 3 ]
}

@test "SIGKILL of its reader while it is read: right bytes or an error" {
	f="$MNT/calc_30/export/events_30.csv"
	sum=$(md5sum <"$f")
	right=0
	(
		for _ in $(seq 12); do
			sleep 0.25
			kill -9 $(readers) || true
		done
	) 2>/dev/null 3>&- &
	for _ in $(seq 30); do
		dd if="$f" iflag=direct bs=1M of="$BATS_TEST_TMPDIR/got" \
			2>/dev/null || continue
		[ "$(md5sum <"$BATS_TEST_TMPDIR/got")" = "$sum" ]
		right=$((right + 1))
	done
	wait $!
	[ "$right" -gt 0 ]
	grep -q "[1-9][0-9]* killed from outside" "$MNT/.oqfs/status"
	# What it was given it is given again.
	f="$MNT/calc_24/export/sitemesh_24.csv"
	[ "$(rows "$f")" = "$SITES" ]
	kill -9 $(readers)
	[ "$(dd if="$f" iflag=direct bs=1M 2>/dev/null | rows -)" = "$SITES" ]
}

@test "with one reader for all, too" {
	mount_too "$SRC" -o readers=1
	[ "$(rows "$TOO/calc_27/export/sitemesh_27.csv")" = "$SITES" ]
	[ "$(rows "$TOO/calc_24/export/sitemesh_24.csv")" = "$SITES" ]
	[ "$(wc -l <"$TOO/calc_24/events.csv")" = 4 ]
}

@test "other views that are asked for leave it as it is" {
	mount_too "$SRC" -o views=npy
	ls "$TOO/calc_24/export" | grep -qx sitemesh_24.csv
}

@test "in a mount of one file its parent is beside that" {
	mount_too "$SRC/calc_24.hdf5"
	ls "$TOO" | grep -qx export
	[ "$(rows "$TOO/export/sitemesh_24.csv")" = "$SITES" ]
}

@test "with several sources a parent is one of the same" {
	mkdir "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
	cp "$SRC/calc_24.hdf5" "$BATS_TEST_TMPDIR/a"
	cp "$SRC/calc_24.hdf5" "$SRC/calc_23.hdf5" "$BATS_TEST_TMPDIR/b"
	mount_too -o "source=a:$BATS_TEST_TMPDIR/a,source=b:$BATS_TEST_TMPDIR/b"
	[ -e "$TOO/a/calc_24/export/events_24.csv" ]
	[ ! -e "$TOO/a/calc_24/export/sitemesh_24.csv" ]
	[ "$(rows "$TOO/b/calc_24/export/sitemesh_24.csv")" = "$SITES" ]
}

@test "shared: nobody gets through it what its parent's rights deny" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	local top=$(mktemp -d /tmp/oqfs-export.XXXXXX)
	chmod 755 "$top"
	mkdir "$top/src" "$top/mnt"
	cp "$SRC"/calc_2[34].hdf5 "$top/src"
	TOO="$top/mnt"
	"$OQFS" "$top/src" "$TOO" -o allow_other
	f="$TOO/calc_24/export/sitemesh_24.csv"
	[ "$(as_nobody cat "$f" | wc -l)" = 4 ]
	chmod 600 "$top/src/calc_23.hdf5"
	sleep 1.1
	run as_nobody ls "$TOO/calc_24/export"
	[ "$output" = events_24.csv ]
	# Nor does root, for whom the kernel keeps what he reads for all.
	[ ! -e "$f" ]
	left_out "$TOO/calc_24/export" | grep -q "may not be read by all"
	chmod 600 "$top/src/calc_24.hdf5"
	sleep 1.1
	[ "$(rows "$f")" = "$SITES" ]
	run ! as_nobody cat "$f"
	if command -v setfacl >/dev/null &&
		setfacl -m u:65534:r "$top/src/calc_24.hdf5"; then
		sleep 1.1
		[ ! -e "$f" ]
		setfacl -m u:65534:r "$top/src/calc_23.hdf5"
		sleep 1.1
		[ "$(as_nobody cat "$f" | wc -l)" = 4 ]
	fi
	fusermount3 -u "$TOO"
	rm -rf "$top"
}
