#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 96-nfs.bats - file handles, and a mount that is exported by NFS

bats_require_minimum_version 1.5.0
load mount

setup() {
	needs_fuse
	[ "$(id -u)" = 0 ] || skip "needs root"
	[ -w /proc/sys/vm/drop_caches ] || skip "no drop_caches"
	export LC_ALL=C.UTF-8
	HANDLES="$BATS_TEST_DIRNAME/../oracle/handles.py"
	cd "$BATS_TEST_TMPDIR"
	mkdir mnt data
	cp -r "$STORES/demo" "$STORES/good-names.hdf5" data
	PATH=$PATH:/usr/sbin
}

teardown() {
	[ ! -e server.pid ] || kill "$(cat server.pid)"
	! mountpoint -q mnt || fusermount3 -u -z mnt
	cd /
}

handles() {
	/usr/bin/python3 "$HANDLES" "$1" "$PWD/mnt"
}

@test "with -o nfs a handle opens the same file when all else is forgotten" {
	"$OQFS" data mnt -o nfs
	handles take >taken
	[ "$(jq length taken)" -gt 150 ]
	handles open <taken >bad
	cat bad
	[ ! -s bad ]
}

@test "with it a broken datastore opens, and cannot be listed" {
	cp "$STORES/bad-root.hdf5" data
	"$OQFS" data mnt
	run ! /usr/bin/python3 -c "import os; os.open('mnt/bad-root.hdf5', 0)"
	fusermount3 -u mnt
	"$OQFS" data mnt -o nfs
	/usr/bin/python3 -c "import os; os.open('mnt/bad-root.hdf5', 0)"
	run ! ls mnt/bad-root.hdf5
	[[ $output == *"Input/output error"* ]]
}

@test "without it a handle may be stale, but never another file" {
	"$OQFS" data mnt
	handles take >taken
	handles open <taken >bad
	! grep -av ': Stale file handle$' bad
}

@test "a handle of another mount is stale" {
	"$OQFS" data mnt -o nfs
	handles take >taken
	fusermount3 -u mnt
	"$OQFS" data mnt -o nfs
	handles take >now
	handles open <taken >bad
	[ "$(grep -ac ': Stale file handle$' bad)" -eq "$(jq length taken)" ]
}

@test "a handle into a datastore that was replaced is stale" {
	"$OQFS" data mnt -o nfs
	handles take >taken
	cp data/demo/calc_2.hdf5 new
	mv new data/demo/calc_1.hdf5
	sleep 1.5
	ls mnt/demo/calc_1 >/dev/null
	handles open <taken >bad
	[ "$(wc -l <bad)" -gt 50 ]
	# What another would export with what it has of this one is another too.
	grep -aqx 'demo/calc_2/export: Stale file handle' bad
	! grep -avE '^demo/calc_(1|2/export).*: Stale file handle$' bad
}

# A server in user space, and a client too: neither needs the kernel's.
export_mnt() {
	command -v ganesha.nfsd nfs-cat >/dev/null ||
		skip "no nfs-ganesha and libnfs-utils"
	[ -e /etc/mtab ] || skip "no /etc/mtab, which it wants"
	port=$(free_port)
	mkdir recovery
	cat >ganesha.conf <<-END
		NFS_CORE_PARAM {
			Protocols = 4; NFS_Port = $port; Bind_addr = 127.0.0.1;
			Enable_NLM = false; Enable_RQUOTA = false;
			allow_set_io_flusher_fail = true;
		}
		NFSv4 {
			Graceless = true; RecoveryBackend = fs;
			RecoveryRoot = $PWD/recovery;
		}
		EXPORT {
			Export_Id = 1; Path = $PWD/mnt; Pseudo = /oq;
			Access_Type = RO; Squash = None; SecType = sys;
			Protocols = 4; Transports = TCP; Filesystem_Id = 7.7;
			FSAL { Name = VFS; }
		}
	END
	ganesha.nfsd -F -L log -f ganesha.conf -p pid.file </dev/null \
		>/dev/null 2>&1 3>&- &
	echo $! >server.pid
	serves_or_ended() {
		nfs ls "" >/dev/null 2>&1 || has_gone "$(<server.pid)"
	}
	await serves_or_ended
	nfs ls "" >/dev/null || { cat log; return 1; }
}

nfs() {
	timeout $PATIENCE "nfs-$1" "nfs://127.0.0.1/oq/$2?version=4&nfsport=$port"
}

@test "NFS: a real server and client, while the kernel forgets" {
	cp "$STORES"/bad-*.hdf5 data
	"$OQFS" data mnt -o nfs
	export_mnt
	[ "$(nfs ls "" | wc -l)" -eq "$(find mnt -maxdepth 1 -mindepth 1 |
		wc -l)" ]
	(cd mnt && find demo/calc_1 good-names.hdf5 -type f ! -path '*
*' ! -name 'latin*') >files
	[ "$(wc -l <files)" -gt 100 ]
	while read -r f; do
		[ $((++n % 10)) -ne 0 ] || echo 2 >/proc/sys/vm/drop_caches
		case $f in *[?%]*) continue ;; esac # a URL's own
		nfs cat "$f" >got
		cmp got "mnt/$f"
	done <files
	nfs cat 'demo/calc_1/hcurves-stats[0:10, 0, 0, ::4].csv' |
		cmp - 'mnt/demo/calc_1/hcurves-stats[0:10, 0, 0, ::4].csv'
	[ "$(nfs ls good-names.hdf5 | wc -l)" -eq \
		"$(find mnt/good-names.hdf5 -maxdepth 1 -mindepth 1 | wc -l)" ]
}
