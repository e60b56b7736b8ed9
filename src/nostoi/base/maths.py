"""The few scalar functions that a rule may use.

A rule is written for one person. The same text then runs on Python floats (plain twin,
`explain`), on NumPy arrays and on JAX arrays (cohort engine), because each function here
asks its arguments which array library they belong to.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

Number = Any
"""A float, or an array of floats of any shape (NumPy or JAX)."""

VOCABULARY = ("exp", "log", "log1p", "where", "logistic", "clip", "hump", "profile")
"""Names that a rule may call; a test refuses any other."""


def _library(*values: Number) -> Any | None:
    """Array library of the first array among `values`; None when all are plain numbers."""
    for value in values:
        namespace = getattr(value, "__array_namespace__", None)
        if namespace is not None:
            return namespace()
    return None


def exp(x: Number) -> Number:
    """Exponential of x (dimensionless)."""
    library = _library(x)
    return math.exp(x) if library is None else library.exp(x)


def log(x: Number) -> Number:
    """Natural logarithm of x > 0."""
    library = _library(x)
    return math.log(x) if library is None else library.log(x)


def log1p(x: Number) -> Number:
    """log(1 + x), accurate for small x > -1."""
    library = _library(x)
    return math.log1p(x) if library is None else library.log1p(x)


def where(condition: Number, yes: Number, no: Number) -> Number:
    """`yes` where the condition holds, else `no`."""
    library = _library(condition, yes, no)
    if library is None:
        return yes if condition else no
    return library.where(condition, yes, no)


def clip(x: Number, low: float, high: float) -> Number:
    """x, but not below `low` nor above `high`."""
    library = _library(x)
    if library is None:
        return min(max(x, low), high)
    return library.minimum(library.maximum(x, low), high)


def logistic(x: Number) -> Number:
    """Share 0..1 that rises with x; 0.5 at x = 0. Safe for |x| up to 700."""
    return 1.0 / (1.0 + exp(-clip(x, -60.0, 60.0)))


def hump(x: Number, peak: float) -> Number:
    """Rises from 0 to 1 at x = `peak`, then falls back; x >= 0 in the unit of `peak`."""
    return x / peak * exp(1.0 - x / peak)


def profile(x: Number, knots: Sequence[float], values: Sequence[Number]) -> Number:
    """Piecewise-linear curve through (knots, values), flat outside them.

    Args:
        x: where to read the curve, in the unit of the knots.
        knots: rising positions.
        values: heights at the knots; may be JAX scalars, so the curve can be inferred.
    """
    height = values[0] + 0.0 * x
    for left, right, low, high in zip(knots, knots[1:], values, values[1:], strict=False):
        height = height + (high - low) * clip((x - left) / (right - left), 0.0, 1.0)
    return height
