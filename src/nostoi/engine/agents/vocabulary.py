"""The vocabulary of the rules for one person, as text that compiles.

The same functions as in `nostoi.base.maths`, without the question which array library an argument
belongs to. A test holds both to the same values.
"""

from __future__ import annotations

import math
from typing import Any


def exp(x: Any) -> Any:
    """Exponential of x."""
    return math.exp(x)


def log(x: Any) -> Any:
    """Natural logarithm of x > 0."""
    return math.log(x)


def log1p(x: Any) -> Any:
    """log(1 + x)."""
    return math.log1p(x)


def where(condition: Any, yes: Any, no: Any) -> Any:
    """`yes` where the condition holds, else `no`."""
    return yes if condition else no


def clip(x: Any, low: Any, high: Any) -> Any:
    """x, but not below `low` nor above `high`."""
    return min(max(x, low), high)


def logistic(x: Any) -> Any:
    """Share 0..1 that rises with x."""
    return 1.0 / (1.0 + math.exp(-min(max(x, -60.0), 60.0)))


def hump(x: Any, peak: Any) -> Any:
    """Rises from 0 to 1 at x = `peak`, then falls back."""
    return x / peak * math.exp(1.0 - x / peak)


def profile(x: Any, knots: Any, values: Any) -> Any:
    """Piecewise-linear curve through (knots, values), flat outside them."""
    height = values[0] + 0.0 * x
    for k in range(len(knots) - 1):
        share = (x - knots[k]) / (knots[k + 1] - knots[k])
        height = height + (values[k + 1] - values[k]) * min(max(share, 0.0), 1.0)
    return height
