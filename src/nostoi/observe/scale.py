"""Scales on which figures are compared: counts by their logs, shares by their logits.

Balances (in minus out) can be negative, so they stay linear, with a scale that follows what is
expected and the traffic that it is the difference of.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from nostoi.base.calendar import Floats
from nostoi.case.ledger import Observation

Array = Any
LOG, LOGIT, LINEAR = 0, 1, 2

SPREAD = {
    LOG: {"A": 0.06, "B": 0.12, "C": 0.25, "D": 0.6},
    LOGIT: {"A": 0.12, "B": 0.2, "C": 0.4, "D": 0.8},
    LINEAR: {"A": 0.06, "B": 0.12, "C": 0.25, "D": 0.6},
}
"""Prior scale of the residual by confidence class (assumption, rescaled by the data through
`noise.<family>`): a careful office is right within a few percent, a rumour within a factor two."""

MORE_THAN = 1.25
"""'More than x' stands for x to 1.25 x: people quote the last round number that was passed."""


def scale_of(row: Observation) -> int:
    """Scale of a row: shares in percent are logit, balances linear, other counts log."""
    if row.unit == "percent":
        return LOGIT
    return LINEAR if row.measure in ("net", "change") else LOG


def to_scale(values: Array, scale: Array, library: Any = jnp) -> Array:
    """Values on their scale; `scale` (NumPy) holds LOG, LOGIT or LINEAR per element."""
    found = values
    if (scale == LOG).any():
        found = library.where(scale == LOG, library.log(library.maximum(values, 1e-6)), found)
    if (scale == LOGIT).any():
        share = library.clip(values / 100.0, 1e-6, 1.0 - 1e-6)
        found = library.where(scale == LOGIT, library.log(share / (1.0 - share)), found)
    return found


def from_scale(values: Array, scale: Array, library: Any = jnp) -> Array:
    """Back from the scale to natural units (persons, crossings, percent)."""
    up = library.exp(library.clip(values, -60.0, 60.0))
    share = 100.0 * up / (1.0 + up)
    return library.where(scale == LOG, up, library.where(scale == LOGIT, share, values))


def ends(row: Observation) -> tuple[float, float]:
    """Lowest and highest figure that the row may stand for, natural units.

    Exact figures get a width of one unit (or a tenth of a percent), so that every row is an
    interval and one formula serves all.
    """
    unit = 0.5 if row.unit == "percent" else max(1.0, 1e-4 * abs(row.value))
    half = max(row.rounding, unit) / 2.0
    if row.bound == "range" and row.low is not None and row.high is not None:
        return row.low - half, row.high + half
    if row.bound == "at_least":
        return row.value - half, row.value + (MORE_THAN - 1.0) * abs(row.value)
    if row.bound == "at_most":
        return row.value - (1.0 - 1.0 / MORE_THAN) * abs(row.value), row.value + half
    return row.value - half, row.value + half


def interval(rows: tuple[Observation, ...]) -> tuple[Floats, Floats, Any]:
    """(low, high) on the scale of each row, and the scales; each [row]."""
    scales = np.array([scale_of(row) for row in rows], dtype=int)
    pairs = np.array([ends(row) for row in rows]).reshape(-1, 2)
    low = to_scale(pairs[:, 0], scales, np)
    high = to_scale(pairs[:, 1], scales, np)
    return low, np.maximum(high, low + 1e-9), scales


def prior_spread(rows: tuple[Observation, ...]) -> Floats:
    """Prior scale of the residual of each row on its own scale; [row].

    That of a balance is a share of what is expected; the observer multiplies.
    """
    return np.array([SPREAD[scale_of(row)][row.confidence] for row in rows])
