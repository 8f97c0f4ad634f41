#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""File handles of a mount, as an NFS server has them.

handles.py take MOUNT >HANDLES    of everything in the mount
handles.py open MOUNT <HANDLES    once the kernel has forgotten all of it
                                  (root): a line for each that does not open
                                  as the same file
"""
import ctypes
import json
import os
import stat
import sys

LIBC = ctypes.CDLL(None, use_errno=True)
CWD = -100


class Handle(ctypes.Structure):
    _fields_ = [('bytes', ctypes.c_uint), ('type', ctypes.c_int),
                ('data', ctypes.c_ubyte * 128)]


def check(result):
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def take(mount):
    taken = []
    for folder, folders, files in os.walk(mount):
        for name in folders + files:
            path = os.path.join(folder, name)
            handle = Handle(128)
            check(LIBC.name_to_handle_at(
                CWD, os.fsencode(path), ctypes.byref(handle),
                ctypes.byref(ctypes.c_int()), 0))
            taken.append([os.path.relpath(path, mount), handle.type,
                          bytes(handle.data[:handle.bytes]).hex(),
                          os.lstat(path).st_ino])
    json.dump(taken, sys.stdout)


def open_one(mount, kind, data):
    handle = Handle(len(data), kind, (ctypes.c_ubyte * 128)(*data))
    return check(LIBC.open_by_handle_at(mount, ctypes.byref(handle),
                                        os.O_PATH | os.O_NOFOLLOW))


def reopen(mount):
    top = os.open(mount, os.O_RDONLY)
    for path, kind, data, ino in json.load(sys.stdin):
        # 2: entries and inodes that nobody uses.
        if ino % 16 == 0:
            with open('/proc/sys/vm/drop_caches', 'w') as f:
                f.write('2')
        try:
            fd = open_one(top, kind, bytes.fromhex(data))
        except OSError as e:
            print(f'{path}: {e.strerror}')
            continue
        now = os.fstat(fd)
        if now.st_ino != ino:
            print(f'{path}: another file')
        # What leads to a directory is found out by "..", of a file it is not.
        where = os.readlink(f'/proc/self/fd/{fd}')
        if stat.S_ISDIR(now.st_mode) and where != os.path.join(mount, path):
            print(f'{path}: it is {where}')
        os.close(fd)


if __name__ == '__main__':
    {'take': take, 'open': reopen}[sys.argv[1]](sys.argv[2])
