#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 94-check.bats - oqfs --check tells what can be read, and why not the rest

bats_require_minimum_version 1.5.0
load mount

setup() {
	cd "$BATS_TEST_TMPDIR"
}

teardown() {
	unmount
}

@test "a directory in order: exit 0, and a line a datastore" {
	run -0 --separate-stderr "$OQFS" --check "$STORES/demo"
	[ -z "$stderr" ]
	[ "${#lines[@]}" -eq 4 ]
	[[ ${lines[0]} == "calc_1.hdf5: complete, "*" datasets" ]]
	[[ ${lines[3]} == "3 datastores, "*" 0 unreadable (HDF5 $H5_VERSION)" ]]
}

@test "one file, good or bad" {
	run -0 "$OQFS" --check "$STORES/good-links.hdf5"
	[[ ${lines[0]} == good-links.hdf5:* ]]
	run -2 "$OQFS" --check "$STORES/bad-chunk.hdf5"
	[[ $output == *"/deflate: Input/output error: "* ]]
}

@test "every good store is good, every bad or refused one is named" {
	run -2 "$OQFS" --check "$STORES"
	[ -z "$(grep '^good-.*unreadable' <<<"$output")" ]
	for f in "$STORES"/unsup-*.hdf5; do
		grep -q "^${f##*/}: .*, [1-9][0-9]* unreadable" <<<"$output"
	done
	grep -q '^bad-truncated.hdf5: broken (it is cut short' <<<"$output"
}

@test "what was killed is broken, once it has been quiet for a while" {
	cp "$STORES/good-killed.hdf5" .
	touch -d "1 day ago" good-killed.hdf5
	run -0 "$OQFS" --check good-killed.hdf5
	[[ ${lines[0]} == "good-killed.hdf5: broken ("* ]]
}

@test "of a csv in parts the last one is read, too" {
	/usr/bin/python3 -c 'import h5py' 2>/dev/null || skip "no python3-h5py"
	/usr/bin/python3 - <<-'END'
		import h5py, numpy
		row = numpy.dtype([('pad', 'S1048576'), ('text', h5py.string_dtype())])
		with h5py.File('calc_1.hdf5', 'w') as f:
		    rows = numpy.zeros(40, row)
		    rows['text'] = [b''] * 39 + [b'text']
		    f['x'] = rows
		    at = f['x'].id.get_offset() + 40 * (1048576 + 16)
		with open('calc_1.hdf5', 'rb') as f:
		    data = bytearray(f.read())
		# Where the text of the last row is: not there.
		assert data[at - 16] == 4
		data[at - 12:at - 4] = (512).to_bytes(8, 'little')
		with open('calc_1.hdf5', 'wb') as f:
		    f.write(data)
	END
	run -2 "$OQFS" --check calc_1.hdf5 -o csv_split=1M
	[[ $output == *"/x: Input/output error: "* ]]
	[[ ${lines[-1]} == *" 1 unreadable (HDF5 "* ]]
}

@test "what a newer HDF5 wrote is named as that, and the rest is read" {
	/usr/bin/python3 -c 'import h5py' 2>/dev/null || skip "no python3-h5py"
	command -v jq >/dev/null || skip "no jq"
	/usr/bin/python3 - <<-'END'
		import h5py
		with h5py.File('newer.hdf5', 'w') as f:
		    f['old'] = [1.5]
		    f.create_dataset('new', (3,), '<i4')
		with open('newer.hdf5', 'rb') as f:
		    data = f.read()
		# The one datatype message of this type, with a version to come.
		now = bytes([0x10, 8, 0, 0, 4, 0, 0, 0, 0, 0, 32, 0])
		assert data.count(now) == 1
		with open('newer.hdf5', 'wb') as f:
		    f.write(data.replace(now, b'\x70' + now[1:]))
	END
	run -2 "$OQFS" --check --json newer.hdf5
	echo "$output"
	jq -e '.total.datasets == 2 and .total.unreadable == 1 and
		(.datastores[0].findings[0] | .object == "/new" and
		.errno == "EOPNOTSUPP" and
		(.reason | test("needs an HDF5 newer than [0-9]+\\.[0-9]+")))' \
		<<<"$output"
}

@test "an attribute that cannot be read is named, the others stay" {
	run -2 "$OQFS" --check "$STORES/unsup-stdref.hdf5"
	echo "$output"
	grep -q '^  /: Operation not supported: attribute reference: ref' \
		<<<"$output"
	needs_fuse
	command -v getfattr >/dev/null || skip "no getfattr"
	mount_dir "$STORES/unsup-stdref.hdf5"
	run -0 --separate-stderr getfattr -d "$MNT"
	grep -q '^user.fine="still readable"' <<<"$output"
	grep -q '^user.oqfs.error="attribute reference: ref' <<<"$output"
}

@test "attributes of a newer HDF5 take no others away, in headers of each kind" {
	/usr/bin/python3 -c 'import h5py' 2>/dev/null || skip "no python3-h5py"
	oracle=$BATS_TEST_DIRNAME/../oracle
	for libver in earliest latest; do
		/usr/bin/python3 "$oracle/toonew.py" "$libver.hdf5" "$libver"
		run -2 "$OQFS" --check "$libver.hdf5"
		echo "$output"
		[[ ${lines[0]} == *", 7 groups, 1 dataset, 8 unreadable" ]]
		for object in / /first /last /two /set /all /type /many; do
			grep -q "^  $object: Operation not supported: attribute.* needs an HDF5 newer" \
				<<<"$output"
		done
	done
	needs_fuse
	mkdir data
	mv earliest.hdf5 latest.hdf5 data
	mount_dir data
	/usr/bin/python3 - "$oracle" "$MNT" <<-'END'
		import errno, json, os, sys
		sys.dont_write_bytecode = True
		sys.path.insert(0, sys.argv[1])
		from toonew import DENSE, OBJECTS, value
		for libver in 'earliest', 'latest':
		    os.chdir(os.path.join(sys.argv[2], libver + '.hdf5'))
		    for name, (n, new) in OBJECTS.items():
		        file = {'/': '.', 'set': 'set.csv', 'type': 'type.meta.json'
		                }.get(name, name)
		        # What is not even told by its name is left out.
		        told = set() if (name, libver) == (DENSE, 'latest') else new
		        names = ['user.a%02d' % i for i in range(n)
		                 if i not in new or i in told]
		        have = os.listxattr(file)
		        # Who copies attributes can copy all that are listed.
		        can = ['user.a%02d' % i for i in range(n) if i not in new]
		        assert [x for x in have if 'oqfs' not in x] == can, (name, have)
		        meta = json.load(open('.meta.json' if name == '/' else
		                              name + '.meta.json'))
		        assert ('user.oqfs.error' in have) == bool(new), name
		        assert ('attributes_error' in meta) == (told != new), name
		        meta = meta['attributes']
		        assert ['user.' + x for x in meta] == names, (name, meta)
		        if new:
		            why = os.getxattr(file, 'user.oqfs.error')
		            assert b'needs an HDF5 newer than' in why, (name, why)
		        for i in range(n):
		            key = 'a%02d' % i
		            try:
		                got = os.getxattr(file, 'user.' + key).decode()
		            except OSError as e:
		                got = e.errno
		            assert got == (errno.EOPNOTSUPP if i in new else
		                           str(value(i))), (name, i, got)
		            if i not in new:
		                assert meta[key]['value'] == value(i), (name, i)
		            elif i in told:
		                assert 'newer' in meta[key]['error'], (name, i)
		    try:
		        raise SystemExit(os.getxattr('first', 'user.none'))
		    except OSError as e:
		        assert e.errno == errno.ENODATA, e
	END
}

@test "the default source is OQ_DATADIR" {
	OQ_DATADIR="$STORES/demo" "$OQFS" --check | grep -q '^3 datastores'
}

@test "counts are those of the files of a mount" {
	[ -c /dev/fuse ] || skip "no /dev/fuse"
	mkdir mnt
	"$OQFS" "$STORES/good-many.hdf5" mnt
	n=$(find mnt -name '*.npy' -type f | wc -l)
	fusermount3 -u -z mnt
	"$OQFS" --check "$STORES/good-many.hdf5" | grep -q " $n datasets"
}

@test "--json is JSON that says the same" {
	command -v jq >/dev/null || skip "no jq"
	"$OQFS" --check --json "$STORES" >json || [ $? -eq 2 ]
	"$OQFS" --check "$STORES" >text || [ $? -eq 2 ]
	[ "$(jq -r '.datastores | length' json)" = "$(jq .total.datastores json)" ]
	[ "$(jq '[.datastores[].findings | length] | add' json)" \
		= "$(jq .total.unreadable json)" ]
	grep -q "$(jq .total.unreadable json) unreadable (HDF5 $H5_VERSION)$" text
	[ "$(jq -r .hdf5 json)" = "$H5_VERSION" ]
	jq -e '.datastores[] | select(.file == "unsup-external.hdf5") |
		.findings[] | select(.object == "/absolute" and
		.errno == "EOPNOTSUPP")' json
	jq -e '.datastores[] | select(.file == "demo/calc_1.hdf5") |
		.state == "complete"' json
	jq -e '.directories == []' json
	# Nothing to check is JSON too.
	mkdir empty
	[ "$("$OQFS" --check --json empty | jq .total.datastores)" = 0 ]
}

@test "a name that is not UTF-8 comes back from the JSON" {
	name=$(printf 'calc_1\377\303\244.hdf5')
	cp "$STORES/demo/calc_1.hdf5" "./$name"
	"$OQFS" --check --json . >json
	grep -qF '"file": "calc_1\udcffä.hdf5"' json
	/usr/bin/python3 - <<-'END'
		import json, os
		name = json.load(open('json', encoding='utf-8'))['datastores'][0]['file']
		assert os.path.exists(name.encode('utf-8', 'surrogateescape')), name
	END
}

@test "what may not be read is counted, and why is said" {
	dir=$(for_nobody)
	mkdir -p "$dir/data/shut"
	cp "$STORES"/demo/calc_?.hdf5 "$dir/data"
	chmod 0 "$dir/data/shut" "$dir/data/calc_2.hdf5"
	run as_nobody "$dir/oqfs" --check "$dir/data"
	as_nobody "$dir/oqfs" --check --json "$dir/data" >json || true
	shut=$(as_nobody "$dir/oqfs" --check "$dir/data/shut" 2>&1) || code=$?
	chmod 700 "$dir/data/shut"
	rm -r "$dir"
	echo "$output"
	[ "$status" -eq 2 ]
	grep -qx 'calc_2.hdf5: unknown (cannot open it: Permission denied), 1 unreadable' \
		<<<"$output"
	[ "$(grep -c 'Permission denied' <<<"$output")" -eq 2 ]
	grep -qx 'shut/: cannot look into it: Permission denied' <<<"$output"
	grep -q ' 2 unreadable (HDF5 [0-9.]*)$' <<<"$output"
	[ "$code" -eq 1 ]
	[ "$shut" = "oqfs: cannot look into '$dir/data/shut': Permission denied" ]
	command -v jq >/dev/null || skip "no jq"
	jq -e '.directories == [{ directory: "shut", errno: "EACCES" }] and
		.total.unreadable == 2 and
		(.datastores[] | select(.file == "calc_2.hdf5") |
		.state == "unknown" and .groups == 0 and
		.findings[0].errno == "EACCES")' json
}

@test "what cannot even be listed is broken, as user.oqfs.state says" {
	# Where the root's object header is, the superblock says at byte 36.
	cp "$STORES/demo/calc_1.hdf5" shut.hdf5
	at=$(od -An -t u8 -j 36 -N 8 shut.hdf5)
	dd if=/dev/zero of=shut.hdf5 bs=1 count=4 seek=$((at)) conv=notrunc \
		2>/dev/null
	run -2 "$OQFS" --check shut.hdf5
	echo "$output"
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} =~ ^"shut.hdf5: broken ("(.*)"), 1 unreadable"$ ]]
	why=${BASH_REMATCH[1]}
	needs_fuse
	command -v getfattr >/dev/null || skip "no getfattr"
	mount_dir shut.hdf5
	[ "$(getfattr --only-values -n user.oqfs.state "$MNT")" = broken ]
	[ "$(getfattr --only-values -n user.oqfs.error "$MNT")" = "$why" ]
}

@test "a calculation that is not HDF5 is broken, other files are no matter" {
	mkdir data
	cp "$STORES/demo/calc_1.hdf5" data
	: >data/calc_7.hdf5
	head -c 9999 /dev/zero >data/calc_8.hdf5
	ln -s calc_8.hdf5 data/calc_9.hdf5
	echo notes >data/notes.txt
	: >data/empty.hdf5
	mkdir data/calc_5.hdf5
	ln -s nowhere data/calc_4.hdf5
	run -2 "$OQFS" --check data
	echo "$output"
	[ "${#lines[@]}" -eq 5 ]
	for n in 1 2 3; do
		[ "${lines[n]}" = "calc_$((n + 6)).hdf5: broken (it has no HDF5 signature), 1 unreadable" ]
	done
	[[ ${lines[4]} == "4 datastores, "*", 3 unreadable (HDF5 $H5_VERSION)" ]]
	# One that somebody is about to write is not broken.
	exec 4>>data/calc_7.hdf5
	run -2 "$OQFS" --check data
	exec 4>&-
	[[ ${lines[1]} == "calc_7.hdf5: live (it has no HDF5 signature), "* ]]
}

@test "where there is no HDF5 file, that is said" {
	mkdir -p data/deep
	echo notes >data/deep/notes.txt
	run -0 "$OQFS" --check data
	[ "${lines[0]}" = "no HDF5 file found" ]
	[ "${lines[1]}" = "0 datastores, 0 datasets, 0 unreadable (HDF5 $H5_VERSION)" ]
}

@test "it could not be done: exit 1, one sentence" {
	run -1 "$OQFS" --check ./none
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == "oqfs: "*none* ]]
	run -1 "$OQFS" --check a b
	[ "${#lines[@]}" -eq 1 ]
	[ -c /dev/full ] || return 0
	run -1 sh -c '"$OQFS" --check "$STORES/demo" >/dev/full'
}

@test "a line of progress only on a terminal, nothing of it on stdout" {
	command -v script >/dev/null || skip "no script"
	"$OQFS" --check "$STORES/demo" >plain
	script -qec "'$OQFS' --check '$STORES/demo' >piped" /dev/null >tty
	diff plain piped
	grep -q 'calc_1.hdf5: 1 object[^s]' tty
	grep -q 'calc_1.hdf5: [0-9]* objects' tty
}

@test "each datastore is told of at once, also to a pipe" {
	/usr/bin/python3 - "$OQFS" "$STORES/demo" <<-'END'
		import socket, subprocess, sys
		def writes(*options):
		    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		    with its:
		        oqfs = subprocess.Popen([sys.argv[1], '--check', *options, sys.argv[2]],
		                                stdout=its)
		    # A packet is what one write(2) wrote.
		    packets = list(iter(lambda: ours.recv(1 << 20), b''))
		    assert oqfs.wait() == 0
		    return packets
		text = writes()
		assert [p.count(b'\n') for p in text] == [1, 1, 1, 1], text
		assert len(writes('--json')) == 5
	END
}
