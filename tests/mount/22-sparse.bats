#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 22-sparse.bats - the ends of 2 TB are as near as the ends of 2 KB

load mount

SIZE=$((1 << 41))
LIMIT_KB=65536

setup_file() {
	export SRC="$BATS_FILE_TMPDIR/src"
	mkdir "$SRC"
	"${PYTHON:-/usr/bin/python3}" - "$SRC/sparse.h5" <<'END'
import sys
import h5py
import numpy as np
with h5py.File(sys.argv[1], 'w', libver='earliest') as f:
    n = 1 << 38
    d = f.create_dataset('line', (n,), '<f8', chunks=(1 << 14,),
                         compression='gzip', fillvalue=7.5)
    d[-200:] = np.arange(200) + .25
    d[n // 2:n // 2 + 100] = np.arange(100) - .5
    m = f.create_dataset('plane', (1 << 20, 1 << 19), '<f4',
                         chunks=(256, 256))
    m[-1, -256:] = np.arange(256)
END
	mount_dir "$SRC"
}

teardown_file() { unmount; }

# What a command wrote is the bytes of this NumPy expression; it took less
# than a second (a few milliseconds on an idle machine).
gives() {
	local want=$1 from to
	shift
	from=$(date +%s%N)
	"$@" >"$BATS_TEST_TMPDIR/got" 2>/dev/null
	to=$(date +%s%N)
	echo "# $(((to - from) / 1000000)) ms: ${*/$MNT\//}" >&3
	"${PYTHON:-/usr/bin/python3}" - "$BATS_TEST_TMPDIR/got" "$want" <<'END'
import sys
import numpy as np
got = open(sys.argv[1], 'rb').read()
want = eval(sys.argv[2]).tobytes()
assert got == want, (len(got), len(want), got[:64], want[:64])
END
	[ $(((to - from) / 1000000)) -lt 1000 ]
}

# The most memory that any reader has had, in kB.
peak() {
	local top most=0 kb
	top=$(cat "$BATS_FILE_TMPDIR/pid")
	for p in $(cat /proc/"$top"/task/*/children); do
		kb=$(awk '/^VmHWM/ { print $2 }' "/proc/$p/status")
		[ "${kb:-0}" -le "$most" ] || most=$kb
	done
	echo "$most"
}

@test "the sizes of bin and npy are exact" {
	d="$MNT/sparse.h5"
	[ "$(stat -c %s "$d/line.bin")" -eq $SIZE ]
	[ "$(stat -c %s "$d/plane.bin")" -eq $SIZE ]
	head=$(($(stat -c %s "$d/line.npy") - SIZE))
	[ $head -gt 64 ] && [ $((head % 64)) -eq 0 ]
}

@test "tail -c 1024 of bin and npy" {
	want='np.r_[72:200] + .25'
	gives "$want" tail -c 1024 "$MNT/sparse.h5/line.bin"
	gives "$want" tail -c 1024 "$MNT/sparse.h5/line.npy"
	gives "np.arange(256, dtype='f4')" tail -c 1024 "$MNT/sparse.h5/plane.bin"
	gives "np.arange(256, dtype='f4')" tail -c 1024 "$MNT/sparse.h5/plane.npy"
}

@test "dd with skip in the middle of bin and npy" {
	d="$MNT/sparse.h5"
	gives 'np.arange(100) - .5' \
		dd if="$d/line.bin" bs=800 count=1 iflag=skip_bytes skip=$((SIZE / 2))
	head=$(($(stat -c %s "$d/line.npy") - SIZE))
	gives 'np.arange(100) - .5' dd if="$d/line.npy" bs=800 count=1 \
		iflag=skip_bytes skip=$((SIZE / 2 + head))
}

@test "what was never written is the fill value" {
	gives 'np.full(8192, 7.5)' head -c 65536 "$MNT/sparse.h5/line.bin"
	gives 'np.full(128, 7.5)' dd if="$MNT/sparse.h5/line.bin" bs=1024 \
		count=1 skip=1234567890
	gives "np.zeros(1024, 'f4')" dd if="$MNT/sparse.h5/plane.npy" bs=4096 \
		count=1 skip=400000000
}

@test "ls -l and find of it take no time" {
	timeout $PATIENCE ls -l "$MNT/sparse.h5" | grep -q "$SIZE.*line.bin"
	timeout $PATIENCE find "$MNT" -maxdepth 2 -size +1000000k | grep -q line.bin
}

@test "NumPy maps it and reads a part" {
	timeout $PATIENCE "${PYTHON:-/usr/bin/python3}" - "$MNT/sparse.h5" <<'END'
import sys
import numpy as np
a = np.load(sys.argv[1] + '/line.npy', mmap_mode='r')
assert a.shape == (1 << 38,) and a.dtype == '<f8'
assert a[-200:].tolist() == (np.arange(200) + .25).tolist()
assert a[1 << 37] == -.5 and a[12345] == 7.5
b = np.load(sys.argv[1] + '/plane.npy', mmap_mode='r')
assert b[-1, -1] == 255 and b[3, 3] == 0
END
}

@test "the readers stayed small" {
	kb=$(peak)
	echo "# peak memory of a reader: $kb kB" >&3
	[ "$kb" -gt 0 ]
	[ "$kb" -lt $LIMIT_KB ]
}

@test "measuring what has no end is told in the log, and can be given up" {
	local file size
	AS=whole mount_dir "$SRC" -d -o csv_split=0
	file="$MNT/sparse.h5/line.csv"
	stat "$file" 3>&- &
	await grep -q 'rows measured' "$LOG"
	kill $!
	wait $! || true
	grep -Eq 'sparse.h5: line: [1-9][0-9]* of 274877906944 rows measured$' \
		"$LOG"
	# Its workers are free again.
	size=$(timeout $PATIENCE stat -c %s "$MNT/sparse.h5/line.bin")
	[ "$size" = "$SIZE" ]
}
