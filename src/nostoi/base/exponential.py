"""exp for compiled loops: without a call to a library, so that it becomes vector instructions."""

from __future__ import annotations

from typing import Any

import numpy as np

from nostoi.base.ffi import PRIVATE
from nostoi.base.vectors import njit

FAST = {"reassoc", "contract", "nsz", "arcp"}
"""Freedoms of the compiler that keep infinities and NaN as they are."""

loop: Any = njit(fastmath=FAST, error_model="numpy", forceinline=True, **PRIVATE)
"""Parts of a compiled operation. They become one function, in which no reference to a row of memory
that XLA owns is counted: else a fifth of the time goes there."""

strict: Any = njit(fastmath={"contract"}, error_model="numpy", forceinline=True, **PRIVATE)
"""The same where the order of sums must be kept."""

MOST = 708.0
"""exp(708) = 3e307: the largest power of e that a float of 8 bytes holds, but for a last factor."""

LOG2_E, LN2_HIGH, LN2_LOW = 1.4426950408889634, 0.6931471803691238, 1.9082149292705877e-10
"""1 / ln 2, and ln 2 in two parts, the first with zeros at its end (Cody and Waite 1980)."""

ROUND = 6755399441055744.0
"""1.5 x 2^52: a number added to it is rounded, and stands in its last bits."""

ONE = 1023 << 52
"""Bits of 1.0; a whole number n added 52 bits up makes them those of 2^n."""


@strict
def exponential(x: float) -> float:
    """exp(x) to 15 digits for |x| <= `MOST`; beyond, the value there."""
    power, grown = _split(x)
    found: float = power + power * grown
    return found


@strict
def growth(x: float) -> float:
    """exp(x) - 1 to 15 digits for |x| <= `MOST`; beyond, the value there."""
    power, grown = _split(x)
    found: float = (power - 1.0) + power * grown
    return found


@strict
def _split(x: float) -> tuple[float, float]:
    """2^n and exp(r) - 1, where x = n ln 2 + r and |r| <= ln 2 / 2; a Taylor series of 13 terms."""
    held = min(max(x, -MOST), MOST)
    rounded = held * LOG2_E + ROUND
    n = rounded - ROUND
    r = (held - n * LN2_HIGH) - n * LN2_LOW
    u = r * (1.0 / 6227020800.0) + 1.0 / 479001600.0
    u = u * r + 1.0 / 39916800.0
    u = u * r + 1.0 / 3628800.0
    u = u * r + 1.0 / 362880.0
    u = u * r + 1.0 / 40320.0
    u = u * r + 1.0 / 5040.0
    u = u * r + 1.0 / 720.0
    u = u * r + 1.0 / 120.0
    u = u * r + 1.0 / 24.0
    u = u * r + 1.0 / 6.0
    u = u * r + 0.5
    bits = np.int64((np.float64(rounded).view(np.int64) << 52) + ONE)
    return bits.view(np.float64), u * r * r + r
