"""Shares of exit and the appeal of hosts, as the compiled loops of this folder need them."""

from __future__ import annotations

from typing import Any

import numpy as np

from nostoi.base.exponential import growth, loop

Array = Any

MOST = 40.0
"""exp(-40) = 4e-18: nobody stays."""

KNOTS = 256
"""Points of the table of live pulls."""

NEWCOMERS = 100.0
"""Newcomers up to which the table of live pulls is about even; it widens above."""


@loop
def exit_share(x: float) -> float:
    """1 - exp(-x) for x >= 0."""
    share: float = -growth(-min(x, MOST))
    return share


@loop
def share_over_rate(rate: float, dt: float) -> float:
    """(1 - exp(-rate dt)) / rate: times the rate of one move, the share who make it."""
    share: float = exit_share(rate * dt) / max(rate, 1e-300)
    return share


@loop
def share_slope(rate: float, dt: float, share: float) -> float:
    """Derivative of `share_over_rate` by the rate, given its value; exact for small rates."""
    x = rate * dt
    series = dt * dt * (-0.5 + x / 3.0 - x * x / 8.0)
    exact = (dt * (1.0 - rate * share) - share) / max(rate, 1e-300)
    return series if x < 1e-4 else exact


@loop
def find_in_table(newcomers: float, top: float, knots: int, value: Array, slope: Array) -> int:
    """Where a live pull kept at `knots` points is read; cubic between them.

    Returns the first of the four points that are read, and fills what each weighs in the
    value and in the slope by newcomers, [4].
    """
    z = newcomers / NEWCOMERS
    root = np.sqrt(1.0 + z * z)
    step = top / (knots - 1)
    place = np.log(z + root) / step
    i = min(max(int(place) - 1, 0), knots - 4)
    f0 = place - i
    f1, f2, f3 = f0 - 1.0, f0 - 2.0, f0 - 3.0
    value[0], value[1] = -f1 * f2 * f3 / 6.0, f0 * f2 * f3 / 2.0
    value[2], value[3] = -f0 * f1 * f3 / 2.0, f0 * f1 * f2 / 6.0
    part = 1.0 / (step * root * NEWCOMERS)
    slope[0] = -part * (f2 * f3 + f1 * f3 + f1 * f2) / 6.0
    slope[1] = part * (f2 * f3 + f0 * f3 + f0 * f2) / 2.0
    slope[2] = -part * (f1 * f3 + f0 * f3 + f0 * f1) / 2.0
    slope[3] = part * (f1 * f2 + f0 * f2 + f0 * f1) / 6.0
    return i


@loop
def find_places(newcomers: Array, top: float, knots: int, places: Any) -> None:
    """Fills where the table of live pulls is read for so many newcomers, [h]."""
    for h in range(newcomers.size):
        places.first[h] = find_in_table(newcomers[h], top, knots, places.value[h], places.slope[h])


@loop
def read_table(row: Array, at: float, weights: Array) -> float:
    """Value or slope of a live pull, as `find_in_table` says."""
    first = int(at)
    total: float = row[first] * weights[0] + row[first + 1] * weights[1]
    total += row[first + 2] * weights[2] + row[first + 3] * weights[3]
    return total


@loop
def add_to_table(row: Array, at: float, weights: Array, amount: float) -> None:
    """Adds to each point of a table what it weighs in `read_table`, times `amount`."""
    first = int(at)
    for k in range(4):
        row[first + k] += amount * weights[k]


def table_points(most: float) -> tuple[Array, float]:
    """Newcomers at the table's points [KNOTS], and its top on the stretched scale."""
    top = float(np.arcsinh(max(most, 1.0) / NEWCOMERS))
    return NEWCOMERS * np.sinh(np.linspace(0.0, top, KNOTS)), top
