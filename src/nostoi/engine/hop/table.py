"""Counts of persons by state: an open table of 64-bit keys that adds up what comes twice.

The text of this file is compiled together with the kernels. A key packs, from the top: whether the
person is on a road, the path (or, behind the paths, the site), the leg, days on it, pace and way of
today.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from nostoi.engine.hop.memory import bare

Array = Any
Number = Any
Word = Any

EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)
MIX = np.uint64(0x9E3779B97F4A7C15)
HALF_WORD = np.uint64(32)


class Table(NamedTuple):
    """States and their counts; `used` lists the filled places, `size[0]` says how many."""

    keys: Array  # uint64 [place]
    counts: Array  # int64 [place]
    used: Array  # int64 [place]
    size: Array  # int64 [1]


def empty_table(places: Number) -> Any:
    """A table with a power of two of places."""
    keys = np.full(places, EMPTY, np.uint64)
    whole = np.zeros(places, np.int64)
    return Table(keys, whole, np.zeros(places, np.int64), np.zeros(1, np.int64))


def pack(
    road: Number, path: Number, leg: Number, days: Number, pace: Number, today: Number
) -> Word:
    """Key of a state: 1 + 21 + 6 + 10 + 12 + 12 bits."""
    key = np.uint64(road)
    key = (key << np.uint64(21)) | np.uint64(path)
    key = (key << np.uint64(6)) | np.uint64(leg)
    key = (key << np.uint64(10)) | np.uint64(days)
    key = (key << np.uint64(12)) | np.uint64(pace)
    return (key << np.uint64(12)) | np.uint64(today)


def unpack(key: Word) -> tuple[Number, ...]:
    """The parts of a key: on a road, path or site, leg, days, pace, today."""
    today = np.int64(key & np.uint64(0xFFF))
    pace = np.int64((key >> np.uint64(12)) & np.uint64(0xFFF))
    days = np.int64((key >> np.uint64(24)) & np.uint64(0x3FF))
    leg = np.int64((key >> np.uint64(34)) & np.uint64(0x3F))
    path = np.int64((key >> np.uint64(40)) & np.uint64(0x1FFFFF))
    return np.int64(key >> np.uint64(61)), path, leg, days, pace, today


def add(table: Any, key: Word, count: Number) -> None:
    """Add persons in a state; there must be room."""
    mask = np.uint64(len(table.keys) - 1)
    k = ((key * MIX) >> HALF_WORD) & mask
    while table.keys[k] != EMPTY:
        if table.keys[k] == key:
            table.counts[k] += count
            return
        k = (k + np.uint64(1)) & mask
    table.keys[k] = key
    table.counts[k] = count
    table.used[table.size[0]] = np.int64(k)
    table.size[0] += 1


def clear(table: Any) -> None:
    """Empty a table."""
    for k in range(table.size[0]):
        table.keys[table.used[k]] = EMPTY
    table.size[0] = 0


def grown(table: Any, more: Number) -> Any:
    """The table, or one with more places, so that `more` states still fit at half its places."""
    need = 2 * (table.size[0] + more)
    if need <= len(table.keys):
        return table
    places = len(table.keys)
    while places < 2 * need:
        places *= 2
    found = empty_table(places)
    for k in range(table.size[0]):
        add(found, table.keys[table.used[k]], table.counts[table.used[k]])
    return found


def borrowed(table: Any) -> Any:
    """The same table as bare memory (`memory.py`)."""
    return Table(bare(table.keys), bare(table.counts), bare(table.used), bare(table.size))
