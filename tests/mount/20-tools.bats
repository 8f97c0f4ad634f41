#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 20-tools.bats - the tools that everybody uses give the right answers
#
# The datastore is written with libver earliest, so that h5py on Debian's own
# HDF5 1.10 says what is right; $WANT has the bytes of each dataset by h5py.

load mount

setup_file() {
	export SRC="$BATS_FILE_TMPDIR/src" WANT="$BATS_FILE_TMPDIR/want"
	export LC_ALL=C.UTF-8
	export PY="${PYTHON:-/usr/bin/python3}"
	mkdir "$SRC" "$WANT"
	"$PY" - "$SRC" "$WANT" <<'END'
import os, sys
import h5py
import numpy as np
src, want = sys.argv[1:]
rng = np.random.default_rng(42)
with h5py.File(src + '/calc_3.hdf5', 'w', libver='earliest') as f:
    f['lon'] = np.round(rng.uniform(-180, 180, 5000), 5)
    t = np.zeros(1000, [('id', '<u4'), ('mag', '<f4'), ('code', 'S8')])
    t['id'] = np.arange(1000)
    t['mag'] = np.round(rng.uniform(4, 9, 1000), 2)
    t['code'] = rng.choice([b'PGA', b'SA(0.3)', b'a,b', b''], 1000)
    f.create_dataset('events', data=t, maxshape=(None,), chunks=(128,))
    m = rng.random((200, 50)).astype('f4')
    m[3, 4] = np.nan
    f.create_dataset('grid', data=m, chunks=(30, 20), compression='gzip',
                     shuffle=True, fletcher32=True)
    f.create_dataset('big', data=rng.integers(-9, 10, 700000, 'i4'),
                     chunks=(1024,), compression='gzip')
    f['be'] = rng.integers(0, 1 << 40, 300).astype('>i8')
    f['flags'] = rng.random(100) < .5
    f['empty'] = np.zeros(0)
    f['group/inner/cube'] = rng.random((4, 5, 6))
    f['group/soft'] = h5py.SoftLink('/lon')
    f['group/softdir'] = h5py.SoftLink('/group/inner')
    f['names'] = np.array(['one', 'two', 'tr"ois', 'x,y', '北'], object)
    f['note'] = 'first line\nsecond line\n'
    f['lon'].attrs['units'] = 'degrees'
    f['lon'].attrs['dt'] = 0.1
    def save(name, o):
        if isinstance(o, h5py.Dataset) and not o.dtype.hasobject:
            path = os.path.join(want, name + '.bin')
            os.makedirs(os.path.dirname(path), exist_ok=True)
            o[()].tofile(path)
            t = o.dtype     # without the metadata, which np.save cannot save
            t = np.dtype([(n, t[n].str) for n in t.names] if t.names else t.str)
            np.save(path[:-4] + '.npy', o[()].astype(t))
    f.visititems(save)
with h5py.File(src + '/weather.h5', 'w', libver='earliest') as f:
    f['t'] = np.arange(10.)
with open(src + '/notes.txt', 'w') as f:
    f.write('plain\n')
END
	mount_dir "$SRC"
	export C="$MNT/calc_3"
}

teardown_file() { unmount; }

needs() {
	command -v "$1" >/dev/null || skip "no $1"
}

# Each file that h5py expects is below this directory, with the same array.
same_as_h5py() {
	(cd "$WANT" && find . -name '*.bin' -print0 | xargs -0 sha256sum) \
		>"$BATS_TEST_TMPDIR/sums"
	(cd "$1" && sha256sum --quiet -c "$BATS_TEST_TMPDIR/sums")
	"$PY" - "$WANT" "$1" <<'END'
import os, sys
import numpy as np
want, got = sys.argv[1:]
n = 0
for top, _, files in os.walk(want):
    for f in files:
        if f.endswith('.npy'):
            p = os.path.join(top, f)
            a, b = np.load(p), np.load(got + p[len(want):])
            assert a.dtype == b.dtype and a.shape == b.shape, (p, b.dtype)
            assert a.tobytes() == b.tobytes(), p
            n += 1
assert n == 8, n
END
}

same_tree() {
	"$PY" - "$MNT" "$1" <<'END'
import os, sys
a, b = (os.fsencode(x) for x in sys.argv[1:])
n = 0
for top, dirs, files in os.walk(a):
    there = b + top[len(a):]
    assert sorted(os.listdir(there)) == sorted(dirs + files), there
    for e in dirs + files:
        p, q = os.path.join(top, e), os.path.join(there, e)
        s, t = os.lstat(p), os.lstat(q)
        assert os.path.islink(p) == os.path.islink(q), p
        if os.path.islink(p):
            assert os.readlink(p) == os.readlink(q)
        elif e in files:
            assert s.st_size == t.st_size, (p, s.st_size, t.st_size)
            assert int(s.st_mtime) == int(t.st_mtime), p
            assert open(p, 'rb').read() == open(q, 'rb').read(), p
            n += 1
assert n > 25, n
END
}

@test "cp -a" {
	cp -a "$MNT/." "$BATS_TEST_TMPDIR/copy"
	same_as_h5py "$BATS_TEST_TMPDIR/copy/calc_3"
	same_tree "$BATS_TEST_TMPDIR/copy"
}

@test "tar" {
	mkdir "$BATS_TEST_TMPDIR/copy"
	tar -C "$MNT" -cf "$BATS_TEST_TMPDIR/all.tar" .
	tar -C "$BATS_TEST_TMPDIR/copy" -xpf "$BATS_TEST_TMPDIR/all.tar"
	same_as_h5py "$BATS_TEST_TMPDIR/copy/calc_3"
	same_tree "$BATS_TEST_TMPDIR/copy"
}

@test "rsync -a, and nothing to do the second time" {
	needs rsync
	rsync -a "$MNT/" "$BATS_TEST_TMPDIR/copy/"
	same_as_h5py "$BATS_TEST_TMPDIR/copy/calc_3"
	same_tree "$BATS_TEST_TMPDIR/copy"
	[ -z "$(rsync -ain "$MNT/" "$BATS_TEST_TMPDIR/copy/")" ]
	[ -z "$(rsync -acin "$MNT/" "$BATS_TEST_TMPDIR/copy/")" ]
}

@test "sha256sum, of every bin" {
	same_as_h5py "$C"
}

@test "wc -c is stat is what reads" {
	find "$MNT" -type f -print0 | while IFS= read -r -d '' f; do
		n=$(stat -c %s "$f")
		[ "$(wc -c <"$f")" -eq "$n" ] || { echo "$f: $n"; false; }
		[ "$(cat "$f" | wc -c)" -eq "$n" ] || { echo "$f: $n"; false; }
	done
	[ "$(stat -c %s "$C/big.bin")" -eq 2800000 ]
	[ "$(stat -c %s "$C/empty.bin")" -eq 0 ]
	[ "$(wc -l <"$C/lon.csv")" -eq 5001 ]
}

@test "tail -c and head -c" {
	cmp <(tail -c 1000 "$C/big.bin") <(tail -c 1000 "$WANT/big.bin")
	cmp <(tail -c +2799001 "$C/big.bin") <(tail -c 1000 "$WANT/big.bin")
	cmp <(head -c 777 "$C/grid.bin") <(head -c 777 "$WANT/grid.bin")
	cmp <(tail -c 500 "$C/big.csv") <(cat "$C/big.csv" | tail -c 500)
	[ "$(tail -n 1 "$C/events.csv" | cut -d, -f1)" = 999 ]
}

@test "dd with skip, at many places" {
	for at in 0 1 4095 4096 131071 131072 1999999 2799990; do
		cmp <(dd if="$C/big.bin" iflag=skip_bytes,count_bytes skip=$at \
			count=5000 bs=512 2>/dev/null) \
		    <(dd if="$WANT/big.bin" iflag=skip_bytes,count_bytes skip=$at \
			count=5000 bs=512 2>/dev/null)
	done
	cat "$C/big.csv" >"$BATS_TEST_TMPDIR/big.csv"
	for at in 3 65535 131073 1000000 1300000; do
		cmp <(dd if="$C/big.csv" iflag=skip_bytes,count_bytes skip=$at \
			count=5000 bs=512 2>/dev/null) \
		    <(dd if="$BATS_TEST_TMPDIR/big.csv" count=5000 bs=512 \
			iflag=skip_bytes,count_bytes skip=$at 2>/dev/null)
	done
}

@test "find" {
	run find "$C" -name '*.bin' -newermt 2000-01-01 -printf '%P %s\n'
	[[ "$output" == *"lon.bin 40000"* ]]
	[[ "$output" == *"group/inner/cube.bin 960"* ]]
	[ "$(find "$C" -type f -name '*.npy' | wc -l)" -eq 8 ]
	[ "$(find "$C" -size +2M -name '*.bin')" = "$C/big.bin" ]
	[ "$(find -L "$C" -samefile "$C/lon.csv" | wc -l)" -eq 2 ]
	[ -z "$(find "$MNT" ! -type l -perm /222)" ]
}

@test "du" {
	sum=$(find "$C" -type f -printf '%s\n' | awk '{ n += $1 } END { print n }')
	blocks=$(find "$C" -type f -printf '%b\n' |
		awk '{ n += $1 } END { print n }')
	[ "$(du -s --apparent-size -B1 "$C" | cut -f1)" -ge "$sum" ]
	[ $((blocks * 512)) -ge "$sum" ]
	[ "$(du -B1 --apparent-size "$C/lon.bin" | cut -f1)" -eq 40000 ]
	[ "$(du -B512 "$C/lon.bin" | cut -f1)" -eq 79 ]
}

@test "mmap by NumPy and by Python" {
	"$PY" - "$C" "$WANT" <<'END'
import mmap, sys
import numpy as np
c, want = sys.argv[1:]
a = np.load(c + '/big.npy', mmap_mode='r')
b = np.fromfile(want + '/big.bin', 'i4')
assert isinstance(a, np.memmap) and (a[123456:123556] == b[123456:123556]).all()
assert (a[::-1000] == b[::-1000]).all() and a.sum() == b.sum()
m = np.memmap(c + '/grid.bin', 'f4', 'r', shape=(200, 50))
assert np.isnan(m[3, 4]) and m.tobytes() == open(want + '/grid.bin', 'rb').read()
for f in '/lon.csv', '/big.csv', '/events.npy':
    with open(c + f, 'rb') as x:
        with mmap.mmap(x.fileno(), 0, access=mmap.ACCESS_READ) as y:
            assert y[:] == x.read() and y[-9:] == y[len(y) - 9:]
END
}

@test "pread at odd offsets, sendfile, and many readers at once" {
	"$PY" - "$C" "$WANT" <<'END'
import os, random, sys
from concurrent.futures import ThreadPoolExecutor
c, want = sys.argv[1:]
rnd = random.Random(7)
for name in 'big', 'grid', 'group/inner/cube', 'lon', 'events':
    right = open(want + '/' + name + '.bin', 'rb').read()
    fd = os.open(c + '/' + name + '.bin', os.O_RDONLY)
    def one(_):
        at, n = rnd.randrange(len(right) + 10), rnd.randrange(1, 200000)
        assert os.pread(fd, n, at) == right[at:at + n], (name, at, n)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(100)))
    r, w = os.pipe()
    n = min(len(right), 30000)
    got = b''
    assert os.sendfile(w, fd, 0, n) == n
    while len(got) < n:
        got += os.read(r, n)
    assert got == right[:n]
    os.close(fd)
END
}

@test "grep, awk, sort, cut and uniq" {
	"$PY" - "$SRC/calc_3.hdf5" >"$BATS_TEST_TMPDIR/want" <<'END'
import sys, h5py
import numpy as np
with h5py.File(sys.argv[1]) as f:
    t, big = f['events'][()], f['big'][()]
    print((t['code'] == b'PGA').sum(), '%.2f' % t['mag'].sum(dtype='f8'),
          int(t['mag'].argmax()), (big == 7).sum(), big.sum(),
          len(np.unique(big)), f['flags'][()].sum())
END
	"$PY" -c 'import csv, sys
print(sum(r["code"] == "PGA" for r in csv.DictReader(sys.stdin)))' \
		<"$C/events.csv"
	got="$(grep -c ',PGA$' "$C/events.csv")"
	got="$got $(awk -F, 'NR > 1 { n += $2 } END { printf "%.2f", n }' "$C/events.csv")"
	got="$got $(tail -n +2 "$C/events.csv" | sort -t, -k2,2gr -k1,1n -s | head -1 | cut -d, -f1)"
	got="$got $(grep -cx 7 "$C/big.csv")"
	got="$got $(awk 'NR > 1 { n += $1 } END { print n }' "$C/big.csv")"
	got="$got $(tail -n +2 "$C/big.csv" | sort -n | uniq | wc -l)"
	got="$got $(grep -cx true "$C/flags.csv")"
	echo "$got"
	[ "$got" = "$(cat "$BATS_TEST_TMPDIR/want")" ]
}

@test "Python's csv, to the last bit" {
	"$PY" - "$SRC/calc_3.hdf5" "$C" <<'END'
import csv, sys, h5py
import numpy as np
f, c = h5py.File(sys.argv[1]), sys.argv[2]
def rows(name):
    with open(c + '/' + name, newline='', encoding='utf-8') as x:
        return list(csv.reader(x))
r = rows('lon.csv')
assert r[0] == ['lon'] and [float(x[0]) for x in r[1:]] == f['lon'][()].tolist()
r = rows('grid.csv')
assert r[0] == ['c%d' % i for i in range(50)]
assert np.array(r[1:], 'f4').tobytes() == f['grid'][()].tobytes()
r = rows('events.csv')
assert r[0] == ['id', 'mag', 'code']
assert [(int(i), np.float32(m), s.encode()) for i, m, s in r[1:]] == \
    [tuple(x) for x in f['events'][()]]
r = rows('group/inner/cube.csv')
assert r[0] == ['d0', 'd1', 'd2', 'value'] and r[-1][:3] == ['3', '4', '5']
assert [float(x[3]) for x in r[1:]] == f['group/inner/cube'][()].ravel().tolist()
assert [x[0] for x in rows('names.csv')[1:]] == [s.decode() for s in f['names']]
assert rows('empty.csv') == [['empty']]
assert [int(x[0]) for x in rows('be.csv')[1:]] == f['be'][()].tolist()
END
}

@test "NumPy's loadtxt, genfromtxt and fromfile" {
	"$PY" - "$SRC/calc_3.hdf5" "$C" <<'END'
import sys, h5py
import numpy as np
f, c = h5py.File(sys.argv[1]), sys.argv[2]
assert (np.loadtxt(c + '/lon.csv', skiprows=1) == f['lon'][()]).all()
g = np.genfromtxt(c + '/grid.csv', delimiter=',', skip_header=1)
assert g.astype('f4').tobytes() == f['grid'][()].tobytes()
assert (np.fromfile(c + '/be.bin', '>i8') == f['be'][()]).all()
END
}

@test "pandas" {
	"$PY" -c 'import pandas' 2>/dev/null || skip "no pandas"
	"$PY" - "$SRC/calc_3.hdf5" "$C" <<'END'
import sys, h5py, pandas
import numpy as np
f, c = h5py.File(sys.argv[1]), sys.argv[2]
def read(name, **kw):
    return pandas.read_csv(c + '/' + name, float_precision='round_trip', **kw)
assert (read('lon.csv')['lon'] == f['lon'][()]).all()
g = read('grid.csv')
assert list(g.dtypes.unique()) == [np.dtype('f8')]
assert g.to_numpy('f4').tobytes() == f['grid'][()].tobytes()
e = read('events.csv', keep_default_na=False)
assert list(e.columns) == ['id', 'mag', 'code'] and e['id'].dtype == 'i8'
assert (e['mag'].to_numpy('f4') == f['events']['mag']).all()
assert (e['code'].str.encode('utf-8') == f['events']['code']).all()
assert read('flags.csv')['flags'].dtype == bool
assert (read('flags.csv')['flags'] == f['flags'][()]).all()
assert (read('big.csv', memory_map=True)['big'] == f['big'][()]).all()
assert list(read('names.csv')['names']) == [s.decode() for s in f['names']]
END
}

@test "sqlite .import" {
	needs sqlite3
	db="$BATS_TEST_TMPDIR/db"
	sqlite3 "$db" 'create table events (id integer, mag real, code text)' \
		".import --csv --skip 1 $C/events.csv events" \
		'create table lon (lon real)' \
		".import --csv --skip 1 $C/lon.csv lon"
	"$PY" - "$SRC/calc_3.hdf5" "$db" <<'END'
import sqlite3, sys, h5py
import numpy as np
f, db = h5py.File(sys.argv[1]), sqlite3.connect(sys.argv[2])
got = db.execute('select * from events').fetchall()
assert [(i, np.float32(m), s.encode()) for i, m, s in got] == \
    [tuple(x) for x in f['events'][()]]
got = db.execute('select lon from lon').fetchall()
assert np.allclose([x for x, in got], f['lon'][()], rtol=0, atol=1e-12)
assert db.execute('select count(*) from events where id=42').fetchone() == (1,)
END
}

@test "cat of text, links, other files and the original" {
	[ "$(cat "$C/note.txt")" = "$(printf 'first line\nsecond line\n')" ]
	[ "$(readlink "$MNT/latest")" = calc_3 ]
	cmp "$C/group/soft.csv" "$C/lon.csv"
	[ "$(readlink "$C/group/soft.bin")" = ../lon.bin ]
	cmp "$C/group/softdir/cube.npy" "$C/group/inner/cube.npy"
	cmp "$MNT/calc_3.hdf5" "$SRC/calc_3.hdf5"
	cmp "$MNT/notes.txt" "$SRC/notes.txt"
	[ -d "$MNT/weather.h5" ]
	diff <(cd "$MNT" && ls) <(printf '%s\n' calc_3 latest notes.txt weather.h5)
}

@test "getfattr" {
	needs getfattr
	[ "$(getfattr --only-values -n user.units "$C/lon.csv")" = degrees ]
	[ "$(getfattr --only-values -n user.dt "$C/lon.bin")" = 0.1 ]
	[[ "$(getfattr --only-values -n user.oqfs.shape "$C/lon.npy")" == *5000* ]]
	run getfattr -n security.selinux "$C/lon.csv"
	[ "$status" -ne 0 ]
}

@test "at random places, in every way of reading, the bytes are h5py's" {
	for f in good-layouts-latest good-shapes; do
		cp "$STORES/$f.hdf5" "$SRC"
		run "$PY" -I tests/oracle/fsx.py "$SRC/$f.hdf5" \
			"$MNT/$f.hdf5" 4000
		echo "$output"
		sed 's/^/# /' <<<"$output" >&3
		[ "$status" -eq 0 ]
	done
}
