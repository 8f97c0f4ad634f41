# SPDX-License-Identifier: MIT
"""Counting what was compared and what came of it."""
from collections import Counter


class Tally:
    def __init__(self):
        self.n = Counter()
        self.diffs = []           # (path, view, what)
        self.refused = Counter()  # (reason, errno name)
        self.notes = Counter()
        self.example = {}

    def equal(self, view):
        self.n['compared'] += 1
        self.n['equal'] += 1
        self.n['equal ' + view] += 1

    def different(self, path, view, what):
        self.n['compared'] += 1
        self.n['different'] += 1
        self.diffs.append((path, view, what))

    def judge(self, path, view, complaint):
        if complaint:
            self.different(path, view, complaint)
        else:
            self.equal(view)

    def refuse(self, reason, err, path):
        self.n['refused'] += 1
        self.refused[reason, err] += 1
        self.example.setdefault((reason, err), path)

    def note(self, what, path=''):
        self.notes[what] += 1
        self.example.setdefault(what, path)

    def add(self, other, where):
        self.n += other.n
        self.refused += other.refused
        self.notes += other.notes
        for k, v in other.example.items():
            self.example.setdefault(k, where + ':' + str(v))
        return [(where,) + d for d in other.diffs]
