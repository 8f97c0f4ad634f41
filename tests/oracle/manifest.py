# SPDX-License-Identifier: MIT
"""Manifests: the truth about the files of the corpus."""
import csv
import gzip
import json
import os


def index(root):
    """The rows of a tree's INDEX.tsv, with 'root' added."""
    path = os.path.join(root, 'INDEX.tsv')
    if not os.path.exists(path):
        return []
    with open(path, newline='', encoding='utf-8') as f:
        rows = list(csv.DictReader(f, delimiter='\t'))
    for r in rows:
        r['root'] = root
    return rows


def load(root, name):
    with open(os.path.join(root, name), 'rb') as f:
        b = f.read()
    if b[:2] == b'\x1f\x8b':
        b = gzip.decompress(b)
    return json.loads(b)


def base_name(path):
    return path.rpartition('/')[2]


def dir_name(path):
    return path.rpartition('/')[0]
