# SPDX-License-Identifier: MIT
"""Names in the mounted tree: what a link may be called there."""
import re

LONGEST = 255


def to_bytes(s):
    return s.encode('utf-8', 'surrogateescape')


def escape(name):
    """The file name of a link name (both bytes), before it is cut."""
    if name == b'':
        return b'%'
    if name == b'.':
        return b'%2E'
    if name == b'..':
        return b'%2E%2E'
    return re.sub(rb'[/%\x00-\x1f\x7f]', lambda m: b'%%%02X' % m[0][0], name)


def unescape(name):
    if name == b'%':
        return b''
    return re.sub(rb'%([0-9A-F]{2})',
                  lambda m: bytes([int(m[1], 16)]), name)


def pattern(name, suffix):
    """A regular expression for a link's file with this view suffix."""
    esc = escape(name)
    plain = re.escape(esc) + rb'(~[0-9]+)?' + re.escape(suffix)
    if len(esc) + len(suffix) <= LONGEST - 12:
        return re.compile(plain, re.S)
    cut = rb'(?P<stem>.+)%~[0-9a-fA-F]{16}(~[0-9]+)?' + re.escape(suffix)
    return re.compile(rb'(?:%s|%s)' % (plain, cut), re.S)


def find(listing, name, suffix):
    """The entries of a listing that can be this link's, best first."""
    esc = escape(name)
    if esc + suffix in listing:
        first = [esc + suffix]
    else:
        first = []
    rx = pattern(name, suffix)
    rest = []
    for e in listing:
        if e in first:
            continue
        if not e.startswith(esc[:100]):
            continue
        m = rx.fullmatch(e)
        if m and (m.groupdict().get('stem') is None
                  or esc.startswith(m['stem'])):
            rest.append(e)
    return first + sorted(rest)
