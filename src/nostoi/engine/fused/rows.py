"""Passes over one row of cells: all groups and hosts of one phase, side by side in memory.

Each pass reads and writes few rows, so that compilers turn it into vector instructions: with
many rows in one loop they give up proving that none overlaps another.
"""

from __future__ import annotations

from typing import Any

from nostoi.engine.fused.shares import loop, share_over_rate, share_slope

Array = Any


@loop
def product(a: Array, b: Array, found: Array) -> None:
    """Found = a b."""
    for i in range(found.size):
        found[i] = a[i] * b[i]


@loop
def add_product(a: Array, b: Array, found: Array) -> None:
    """Found += a b."""
    for i in range(found.size):
        found[i] += a[i] * b[i]


@loop
def scale(factor: Array, found: Array) -> None:
    """Found *= factor."""
    for i in range(found.size):
        found[i] *= factor[i]


@loop
def add(more: Array, found: Array) -> None:
    """Found += more."""
    for i in range(found.size):
        found[i] += more[i]


@loop
def take(less: Array, found: Array) -> None:
    """Found -= less."""
    for i in range(found.size):
        found[i] -= less[i]


@loop
def add_part(part: float, more: Array, found: Array) -> None:
    """Found += part more; most parts are 0 or 1."""
    if part != 0.0:
        for i in range(found.size):
            found[i] += part * more[i]


@loop
def copy(row: Array, found: Array) -> None:
    """Found = row."""
    for i in range(found.size):
        found[i] = row[i]


@loop
def shares_over_rates(rate: Array, days: float, found: Array) -> None:
    """Share who leave within `days`, over the rate."""
    for i in range(found.size):
        found[i] = share_over_rate(rate[i], days)


@loop
def slopes(rate: Array, days: float, share: Array, found: Array) -> None:
    """Derivatives of `shares_over_rates` by the rate."""
    for i in range(found.size):
        found[i] = share_slope(rate[i], days, share[i])


@loop
def pass_on(cells: Array, passing: Array) -> None:
    """Persons of each phase [a, n] handed on to the next where `passing` [a] is 1; in place."""
    for a in range(cells.shape[0] - 1, 0, -1):
        part = passing[a - 1]
        if part != 0.0:
            ahead, behind = cells[a], cells[a - 1]
            for i in range(ahead.size):
                going = part * behind[i]
                ahead[i] += going
                behind[i] -= going


@loop
def pass_on_back(d_cells: Array, passing: Array) -> None:
    """Sensitivities [a, n] before persons were handed on; in place."""
    for a in range(d_cells.shape[0] - 1):
        part = passing[a]
        if part != 0.0:
            ahead, behind = d_cells[a + 1], d_cells[a]
            for i in range(ahead.size):
                behind[i] += part * (ahead[i] - behind[i])
