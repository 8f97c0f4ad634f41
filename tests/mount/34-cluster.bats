#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 34-cluster.bats - one table, read by a cluster whose nodes have mounts of
# their own
#
# A node is a process with a mount namespace.  $PYARROW is a Python that has
# dask.distributed and pyarrow.

bats_require_minimum_version 1.5.0
load mount

setup_file() {
	export PYARROW="${PYARROW:-/usr/bin/python3}" SRC="$BATS_FILE_TMPDIR/src"
	export OQ="$BATS_FILE_TMPDIR/oq" HDF5_USE_FILE_LOCKING=FALSE
	mkdir "$SRC" "$OQ"
	cd "$BATS_TEST_DIRNAME/../.."
}

needs_cluster() {
	needs_fuse
	unshare --mount true 2>/dev/null || skip "no mount namespaces"
	/usr/bin/python3 -c 'import h5py' || skip "no python3-h5py"
	"$PYARROW" -c 'import dask.dataframe, distributed, pyarrow' ||
		skip "no python3-dask, python3-distributed, python3-pyarrow"
}

# Become a command as on a node that has mounted the directory.
node() {
	exec unshare --mount "$BASH" -c '"$OQFS" "$SRC" "$OQ" && exec "$@"' \
		node "$@"
}

worker() {
	node "$PYARROW" -m distributed.cli.dask_worker --no-nanny --nthreads 1 \
		--no-dashboard --name "$1" --scheduler-file "$2" \
		--local-directory "$BATS_TEST_TMPDIR/$1" \
		>"$BATS_TEST_TMPDIR/$1.log" 2>&1 3>&-
}

# The recipe, after which nothing of its node is left.
client() {
	node "$BASH" -c '"$@"
		status=$?
		umount -l "$OQ"
		exit $status' client "$PYARROW" contrib/recipes/cluster-dask.py "$@"
}

# How many requests the mount of a process has answered.
answered() {
	nsenter --target "$1" --mount sed -n \
		's/^datastores: \([0-9]*\) requests.*/\1/p' "$OQ/.oqfs/status"
}

# A mount lasts as long as its namespace, which the daemon itself keeps.
teardown() {
	local pid
	for pid in $WORKERS; do
		nsenter --target "$pid" --mount umount -l "$OQ" || true
	done
	# What they would do before they end is of no use to anybody.
	[ -z "$SCHEDULER" ] || kill -KILL $WORKERS "$SCHEDULER"
}

@test "Dask: two workers on two mounts of one directory share a table" {
	needs_cluster
	local at="$BATS_TEST_TMPDIR/scheduler" pid
	/usr/bin/python3 - "$SRC/calc_1.hdf5" <<-'END'
	import sys, h5py, numpy as np
	n = 1 << 21
	with h5py.File(sys.argv[1], 'w') as f:
	    g = f.create_group('gmf_data')
	    g.attrs['__pdcolumns__'] = 'eid sid PGA'
	    for name, v in [('eid', np.arange(n, dtype='u4') // 100),
	                    ('sid', np.arange(n, dtype='u4') % 100),
	                    ('PGA', np.arange(n, dtype='f4') % 1000)]:
	        g.create_dataset(name, data=v, chunks=(1 << 16,),
	                         compression='gzip')
	END
	"$PYARROW" -m distributed.cli.dask_scheduler --port 0 --no-dashboard \
		--scheduler-file "$at" >"$at.log" 2>&1 3>&- &
	SCHEDULER=$!
	worker one "$at" &
	WORKERS=$!
	worker two "$at" &
	WORKERS+=" $!"
	for _ in $(seq 600); do
		! grep -q 'Registered to' "$BATS_TEST_TMPDIR/one.log" ||
			! grep -q 'Registered to' "$BATS_TEST_TMPDIR/two.log" ||
			break
		sleep 0.1
	done
	run --separate-stderr client "$(jq -r .address "$at")" "$OQ"
	echo "$stderr"
	for pid in $WORKERS; do
		echo "# a worker's mount answered $(answered "$pid") requests" >&3
		[ "$(answered "$pid")" -gt 0 ]
	done
	[ "$status" -eq 0 ]
	# The sites' means, from the formula.
	[ "$output" = "$(/usr/bin/python3 -c '
import numpy as np
n = np.arange(1 << 21)
print("sid,PGA")
for i in range(100):
    print(f"{i},{np.mean((n % 1000)[n % 100 == i])}")')" ]
}
