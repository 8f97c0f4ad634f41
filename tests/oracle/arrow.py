# SPDX-License-Identifier: MIT
"""arrow.py FILE... - whether Parquet files are what they say of themselves

Each file or, of a directory, each that is listed in it and each name of a
dataset with a suffix, is read by pyarrow.  Its columns must be valid, the row
groups' statistics those of their rows, and its chunks must fill it.
"""
import os
import sys

import pyarrow.compute as pc
import pyarrow.parquet as pq


def names(path):
    if not os.path.isdir(path):
        return [path]
    found = {f'{path}/{n.rsplit(".", 1)[0]}.parquet' for n in os.listdir(path)
             if '.' in n and not n.endswith(('.txt', '.json'))}
    return sorted(found)


def plain(v):
    return v.as_py() if hasattr(v, 'as_py') else v


def check(path):
    f = pq.ParquetFile(open(path, 'rb'))    # names may be no text
    meta, nstats, end = f.metadata, 0, 4
    for g in range(meta.num_row_groups):
        group, table = meta.row_group(g), f.read_row_group(g)
        table.validate(full=True)
        assert table.num_rows == group.num_rows, path
        for i in range(group.num_columns):
            c = group.column(i)
            start = c.data_page_offset
            if c.has_dictionary_page:
                start = c.dictionary_page_offset
            assert start == end, (path, g, i, start, end)
            assert c.total_compressed_size == c.total_uncompressed_size
            end = start + c.total_compressed_size
            s = c.statistics
            if s is None or not s.has_min_max:
                continue
            # Statistics are of flat columns: one is one of the table.
            column = table.column(c.path_in_schema)
            want = pc.min_max(column).as_py()
            assert (plain(s.min), plain(s.max)) == (want['min'], want['max']), (
                path, g, c.path_in_schema, s, want)
            assert s.null_count == column.null_count == 0
            nstats += 1
        assert group.total_byte_size == sum(
            group.column(i).total_uncompressed_size
            for i in range(group.num_columns))
    assert end + meta.serialized_size + 8 == os.stat(path).st_size, path
    assert f.read().num_rows == meta.num_rows, path
    return meta.num_row_groups, nstats


def main():
    nfiles = ngroups = nstats = 0
    for path in [n for p in sys.argv[1:] for n in names(p)]:
        try:
            open(path, 'rb').close()
        except OSError:
            continue
        g, s = check(path)
        nfiles, ngroups, nstats = nfiles + 1, ngroups + g, nstats + s
    print(f'{nfiles} files, {ngroups} row groups, {nstats} statistics')
    assert nfiles > 0


main()
