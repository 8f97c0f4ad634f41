#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 41-fio.bats - fio reads at random, in every way it knows, and verifies
#
# fio writes blocks that each carry their own checksum and place; h5py makes
# datasets of them.

load mount

SIZE=8m

setup() {
	needs_fuse
	command -v fio >/dev/null || skip "no fio"
}

setup_file() {
	command -v fio >/dev/null || return 0
	cd "$BATS_FILE_TMPDIR"
	mkdir src
	fio --name=w --filename=pattern --rw=write --bs=4k --size=$SIZE \
		--verify=crc32c --do_verify=0 --minimal >/dev/null
	/usr/bin/python3 - <<'END'
import h5py
import numpy as np

a = np.fromfile('pattern', 'u1')
one = a.copy()
one[5000000] ^= 1
with h5py.File('src/p.hdf5', 'w') as f:
    f['plain'] = a
    f.create_dataset('zip', data=a.reshape(-1, 512), chunks=(100, 100),
                     compression=4, shuffle=True)
    f.create_dataset('one', data=one, chunks=(100000,), compression=1)
END
	mount_dir src
}

teardown_file() { unmount; }

verify() {
	fio --name=r --filename="$MNT/p.hdf5/$1.bin" --readonly --rw=randread \
		--bs=4k --size=$SIZE --verify=crc32c --verify_fatal=1 \
		--ioengine="$2" --iodepth=8 --numjobs=4 --minimal
}

@test "pread, mmap and two kinds of asynchronous reads give what was written" {
	for engine in psync mmap libaio io_uring; do
		fio --enghelp | grep -qw $engine || continue
		verify plain $engine
		verify zip $engine
		echo 1 >"$BATS_TEST_TMPDIR/done"
	done
	[ -e "$BATS_TEST_TMPDIR/done" ]
}

@test "and fio would notice one bit" {
	run verify one psync
	[ "$status" -ne 0 ]
}
