#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 12-readonly.bats - nothing can be written, and statfs is that of the source

load mount

setup_file() { mount_stores; }
teardown_file() { unmount; }

@test "every call that writes gives EROFS" {
	run python3 - "$MNT" <<'END'
import errno, os, sys
top = sys.argv[1]
d = top + '/good-links.hdf5/group'
f = d + '/data.csv'
plain = top + '/plain.txt'
new = d + '/new'
calls = {
    'mkdir': lambda: os.mkdir(new),
    'rmdir': lambda: os.rmdir(d),
    'unlink': lambda: os.unlink(f),
    'unlink plain': lambda: os.unlink(plain),
    'rename': lambda: os.rename(f, new),
    'link': lambda: os.link(f, new),
    'symlink': lambda: os.symlink('x', new),
    'mknod': lambda: os.mknod(new),
    'mkfifo': lambda: os.mkfifo(new),
    'create': lambda: os.open(new, os.O_CREAT | os.O_WRONLY),
    'write': lambda: os.open(f, os.O_WRONLY),
    'read and write': lambda: os.open(f, os.O_RDWR),
    'append plain': lambda: os.open(plain, os.O_WRONLY | os.O_APPEND),
    'truncate': lambda: os.truncate(f, 0),
    'open and truncate': lambda: os.open(f, os.O_RDONLY | os.O_TRUNC),
    'chmod': lambda: os.chmod(f, 0o777),
    'chown': lambda: os.chown(f, 1, 1),
    'utime': lambda: os.utime(f),
    'setxattr': lambda: os.setxattr(f, 'user.x', b'1'),
    'removexattr': lambda: os.removexattr(f, 'user.oqfs.dtype'),
}
for name, call in calls.items():
    try:
        call()
    except OSError as e:
        assert e.errno == errno.EROFS, (name, e)
    else:
        raise AssertionError(name)
assert not os.access(f, os.W_OK) and os.access(f, os.R_OK)
assert not os.access(d, os.W_OK)
END
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "statfs is that of the source" {
	[ "$(stat -fc '%b %S %c' "$MNT")" = "$(stat -fc '%b %S %c' "$STORES")" ]
}

@test "the mount is nosuid, nodev, noexec and read-only" {
	options=$(findmnt -no OPTIONS "$MNT")
	for o in ro nosuid nodev noexec default_permissions; do
		[[ ,$options, == *,$o,* ]]
	done
	[ "$(findmnt -no FSTYPE "$MNT")" = fuse.oqfs ]
	[ "$(findmnt -no SOURCE "$MNT")" = "$STORES" ]
}
