"""Luck: the random numbers of many persons at once, the same as those of each alone."""

from __future__ import annotations

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.streams import DROP, HALF, LOW, philox
from nostoi.engine.agents.columns import Array


def uniforms(seed: np.uint64, stream: np.uint64, persons: Array, day: int) -> tuple[Floats, Floats]:
    """`base.streams.two_uniforms` of each person on a day, bit for bit; each [person].

    Args:
        seed: key of the generator.
        stream: number of a named stream.
        persons: identities, unsigned 64-bit [person].
        day: day number.
    """
    n = len(persons)
    day_word, stream_word, low, high = (
        np.full(n, word, np.uint64) for word in (day, stream, seed & LOW, seed >> HALF)
    )
    a, b, c, d = philox(persons & LOW, persons >> HALF, day_word, stream_word, low, high)
    return _share(a, b), _share(c, d)


def _share(high: Array, low: Array) -> Floats:
    """`base.streams.share_of` for arrays."""
    upper, lower = ((word >> DROP).astype(np.float64) for word in (high, low))
    share: Floats = (upper * 67108864.0 + lower + 0.5) / 4503599627370496.0
    return share
