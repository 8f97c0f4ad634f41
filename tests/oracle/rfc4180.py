# SPDX-License-Identifier: MIT
"""A strict parser of CSV as the program promises to write it."""
import re

FIELD = re.compile(rb'"((?:[^"]|"")*)"|([^,"\r\n]*)')


class Bad(Exception):
    pass


def parse(data, limit=None):
    """All rows, lists of bytes.  Quotes are wrong where nothing needs them."""
    rows, row, at = [], [], 0
    if data and not data.endswith(b'\n'):
        raise Bad('does not end with a newline')
    if b'"' not in data and b'\r' not in data:
        return [x.split(b',') for x in data[:-1].split(b'\n')] if data else []
    end = len(data)
    while at < end:
        m = FIELD.match(data, at)
        at = m.end()
        if m[1] is not None:
            text = m[1].replace(b'""', b'"')
            sole = text.strip(b' \t') == b'' and not row and \
                data[at:at + 1] == b'\n'
            if not sole and not re.search(rb'[,"\r\n]', text):
                raise Bad('row %d: quotes around %r' % (len(rows), text[:40]))
        else:
            text = m[2]
        row.append(text)
        c = data[at:at + 1]
        if c == b',':
            at += 1
        elif c == b'\n':
            at += 1
            if len(row) == 1 and m[1] is None and not row[0].strip(b' \t'):
                raise Bad('row %d is an empty line' % len(rows))
            rows.append(row)
            row = []
            if limit and len(rows) >= limit:
                return rows
        else:
            raise Bad('row %d: %r after a field' % (len(rows), c))
    return rows


def write_field(text, sole=False):
    if re.search(rb'[,"\r\n]', text) or sole and not text.strip(b' \t'):
        return b'"' + text.replace(b'"', b'""') + b'"'
    return text
