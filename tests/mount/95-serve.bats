#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 95-serve.bats - a mount served to others, by Samba and by sftp, reads right

bats_require_minimum_version 1.5.0
load mount

setup_file() {
	export LC_ALL=C.UTF-8 SMB="$BATS_FILE_TMPDIR/smb"
	mount_stores
	PATH=$PATH:/usr/sbin:/usr/lib/openssh:/usr/libexec/openssh
	command -v smbd smbclient >/dev/null && [ "$(id -u)" = 0 ] || return 0
	start_smbd
}

teardown_file() {
	[ ! -e "$SMB/pid" ] || kill "$(cat "$SMB/pid")"
	unmount
}

setup() {
	needs_fuse
	PATH=$PATH:/usr/sbin:/usr/lib/openssh:/usr/libexec/openssh
	mkdir "$BATS_TEST_TMPDIR/got"
	cd "$BATS_TEST_TMPDIR/got"
}

# The share is that of our example, with what makes a server of one's own.
start_smbd() {
	local port me dir

	port=$(free_port)
	me=$(id -un)
	mkdir -p "$SMB"/private
	{
		printf '%s\n' '[global]' 'server role = standalone' \
			'map to guest = bad user' "guest account = $me" \
			'interfaces = lo' 'bind interfaces only = yes' \
			"smb ports = $port" 'disable netbios = yes' \
			'load printers = no' 'printcap name = /dev/null' \
			"log file = $SMB/log" "private dir = $SMB/private"
		for dir in lock state cache pid ncalrpc; do
			mkdir "$SMB/$dir.d"
		done
		printf '%s\n' "lock directory = $SMB/lock.d" \
			"state directory = $SMB/state.d" \
			"cache directory = $SMB/cache.d" \
			"pid directory = $SMB/pid.d" "ncalrpc dir = $SMB/ncalrpc.d"
		sed "s|path = .*|path = $MNT|" \
			"$BATS_TEST_DIRNAME/../../contrib/host/examples/smb.conf"
		printf '%s\n' 'guest ok = yes' "force user = $me"
	} >"$SMB/smb.conf"
	smbd -F -s "$SMB/smb.conf" >"$SMB/out" 2>&1 \
		</dev/null 3>&- &
	echo $! >"$SMB/pid"
	echo "$port" >"$SMB/port"
	serves_or_ended() { smb exit >/dev/null || has_gone "$(<"$SMB/pid")"; }
	await serves_or_ended
	smb exit >/dev/null || { cat "$SMB/out" "$SMB/log"; return 1; }
}

smb() {
	smbclient -N -s "$SMB/smb.conf" -p "$(cat "$SMB/port")" \
		//127.0.0.1/oq -c "$1" 2>&1
}

needs_smbd() {
	[ -e "$SMB/port" ] || skip "no smbd and smbclient, or not root"
}

# What "batch" says is done by sftp, with no ssh between it and its server.
sftp_() {
	command -v sftp sftp-server >/dev/null || skip "no sftp and sftp-server"
	sftp -q -b - -D "$(command -v sftp-server)"
}

@test "Samba: a whole data directory, byte for byte" {
	needs_smbd
	smb 'prompt; recurse; mask ""; cd demo; mget *'
	diff -r "$MNT/demo" .
	[ -s calc_2/parent/sitecol.csv ]
}

@test "Samba: listed are the same names and sizes" {
	needs_smbd
	smb 'cd good-layouts-latest.hdf5\filter; ls' |
		awk '/ N +[0-9]/ { print $3, $1 }' | sort >smb
	(cd "$MNT/good-layouts-latest.hdf5/filter" &&
		stat -c '%s %n' *) | sort >ls
	[ -s ls ]
	diff ls smb
}

@test "Samba: slices, percent signs, blanks and other alphabets" {
	needs_smbd
	for f in 'demo/calc_1/hcurves-stats[3].csv' \
		'demo/calc_1/gmf_data[PGA].csv' \
		'demo/calc_1/hmaps-stats[stat=mean, imt=PGA].npy' \
		good-names.hdf5/a%25b.csv good-names.hdf5/地震.bin \
		good-names.hdf5/café.csv 'good-names.hdf5/two words.csv'; do
		smb "get \"$f\" one"
		cmp "$MNT/$f" one
	done
	! smb 'get "demo/calc_1/nothing[0].csv" none' | grep -q getting
}

@test "Samba: slices with a colon, by clients that can spell it" {
	needs_smbd
	cp "$SMB/smb.conf" kept
	sed -i 's/^;//' "$SMB/smb.conf"
	# A connection that is new reads it anew.
	out=$(smb 'get "demo/calc_1/hcurves-stats[0'$'\uf022''3, 1].csv" one') ||
		out+=
	cp kept "$SMB/smb.conf"
	[[ $out != *BAD_NETWORK_NAME* ]] || skip "no module catia"
	cmp "$MNT/demo/calc_1/hcurves-stats[0:3, 1].csv" one
}

@test "Samba: a directory of thousands is listed whole, and soon" {
	needs_smbd
	n=$(ls "$MNT/good-many.hdf5/many" | wc -l)
	smb 'cd good-many.hdf5\many; ls' >many
	[ "$(grep -c ' N ' many)" -eq "$n" ]
}

@test "Samba: nothing can be written, and damage is an error" {
	needs_smbd
	echo x >x
	smb 'cd demo; put x' >out || true
	grep -q 'NT_STATUS_ACCESS_DENIED\|MEDIA_WRITE_PROTECTED' out
	smb 'get bad-chunk.hdf5/deflate.bin bad' >out || true
	grep -q NT_STATUS_ out
}

@test "sftp: whole datastores, byte for byte" {
	sftp_ <<-END
		get -r "$MNT/demo/calc_1"
		get -r "$MNT/good-names.hdf5"
	END
	diff -r "$MNT/demo/calc_1" calc_1
	diff -r "$MNT/good-names.hdf5" good-names.hdf5
}

@test "sftp: slices, and damage is an error" {
	# The brackets are not to be a pattern to sftp.
	sftp_ <<-END
		get $MNT/demo/calc_1/hcurves-stats\\[0:10,\\ 0,\\ 0,\\ ::4\\].csv one
	END
	cmp "$MNT/demo/calc_1/hcurves-stats[0:10, 0, 0, ::4].csv" one
	run ! sftp_ <<<"get $MNT/bad-chunk.hdf5/deflate.bin"
}
