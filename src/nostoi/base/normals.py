"""Tables of random numbers without a state: each cell is a function of its seed, name and place.

A table with more rows or columns holds the smaller table, so a forecast keeps its luck when a
camp or a member is added.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nostoi.base.streams import HALF, LOW, philox, seed_word, stream

Floats = NDArray[np.float64]


def uniforms(seed: int, name: str, rows: int, columns: int, day: int = 0) -> tuple[Floats, Floats]:
    """Two independent tables [row, column] of uniform numbers in 0..1, ends excluded.

    Args:
        seed: whole number of at most 64 bits.
        name: of the stream.
        rows, columns: size of the tables.
        day: any whole number from 0 to 2^32 - 1 that tells tables of one name apart.

    Raises:
        ValueError: if the seed or the day is out of range.
    """
    if not 0 <= day < 2**32:
        raise ValueError("a day is a whole number from 0 to 2^32 - 1")
    key = seed_word(seed)
    row = np.arange(rows, dtype=np.uint64)[:, None]
    column = np.arange(columns, dtype=np.uint64)[None, :]
    row, column = np.broadcast_arrays(row, column)
    when, of = np.full_like(row, day), np.full_like(row, stream(name))
    words = philox(
        row, column, when, of, np.full_like(row, key & LOW), np.full_like(row, key >> HALF)
    )
    a, b, c, d = (word.astype(np.uint64) for word in words)
    return _share(a, b), _share(c, d)


def normals(seed: int, name: str, rows: int, columns: int, day: int = 0) -> Floats:
    """A table [row, column] of independent standard normal numbers; arguments as `uniforms`."""
    u, v = uniforms(seed, name, rows, columns, day)
    return np.asarray(np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * v))


def _share(high: NDArray[np.uint64], low: NDArray[np.uint64]) -> Floats:
    """As `share_of` in the streams, for tables."""
    drop = np.uint64(6)
    top, rest = (high >> drop).astype(float), (low >> drop).astype(float)
    return np.asarray((top * 67108864.0 + rest + 0.5) / 4503599627370496.0)
