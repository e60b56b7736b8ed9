"""Small loops that XLA has no fast operation for, as XLA calls them: buffers in, buffers out."""

from __future__ import annotations

from typing import Any

from nostoi.base.exponential import exponential, loop
from nostoi.base.ffi import (
    answers_version,
    buffers,
    private,
    view1,
    view2,
    view3,
    whole1,
)

Array = Any


@private
def add_up(starts: Array, places: Array, weights: Array, x: Array, y: Array) -> None:
    """Fills y [sum] with the weighted sums of x [place]."""
    for r in range(y.size):
        total = 0.0
        for k in range(starts[r], starts[r + 1]):
            total += weights[k] * x[places[k]]
        y[r] = total


@private
def spread(starts: Array, places: Array, weights: Array, y: Array, x: Array) -> None:
    """Fills x [place] with the transpose of `add_up` of y [sum]."""
    x[:] = 0.0
    for r in range(y.size):
        for k in range(starts[r], starts[r + 1]):
            x[places[k]] += weights[k] * y[r]


@private
def recur(keep: Array, pulled: Array, start: Array, b: Array) -> None:
    """Fills b [step, n] with b[t] = keep[t] b[t - 1] + pulled[t]."""
    for t in range(b.shape[0]):
        for i in range(b.shape[1]):
            before = b[t - 1, i] if t > 0 else start[i]
            b[t, i] = keep[t, i] * before + pulled[t, i]


@private
def recur_back(keep: Array, start: Array, b: Array, wish: Array, found: Any) -> None:
    """Fills `found`: sensitivities of keep, pulled [step, n] and start [n] to a `wish` for b."""
    by_keep, by_pulled, by_start = found
    last = b.shape[0] - 1
    for t in range(last, -1, -1):
        for i in range(b.shape[1]):
            ahead = keep[t + 1, i] * by_pulled[t + 1, i] if t < last else 0.0
            by_pulled[t, i] = wish[t, i] + ahead
            by_keep[t, i] = by_pulled[t, i] * (b[t - 1, i] if t > 0 else start[i])
    for i in range(b.shape[1]):
        by_start[i] = keep[0, i] * by_pulled[0, i]


@loop
def mean_exp(strength: float, known: Array, shares: Array, factor: Array, mean: Array) -> None:
    """Fills mean [cell, n]: exp(strength x known [band, cell, n]) weighed by shares [band, n].

    Times factor [cell, k], again and again where k is a part of n.
    """
    part = factor.shape[1]
    for c in range(mean.shape[0]):
        found = mean[c]
        found.fill(0.0)
        for b in range(known.shape[0]):
            row, share = known[b, c], shares[b]
            for i in range(found.size):
                found[i] += share[i] * exponential(strength * row[i])
        for first in range(0, found.size, part):
            for i in range(part):
                found[first + i] *= factor[c, i]


@loop
def mean_exp_back(
    strength: float, known: Array, shares: Array, factor: Array, wish: Array, found: Any
) -> float:
    """Sensitivity of the strength to a `wish` for the mean; `found`: of the shares and the factor.

    The last two rows of `found` are memory.
    """
    by_shares, by_factor, wished, mean = found
    part, by_strength = factor.shape[1], 0.0
    by_shares.fill(0.0)
    by_factor.fill(0.0)
    for c in range(wish.shape[0]):
        for first in range(0, mean.size, part):
            for i in range(part):
                wished[first + i] = wish[c, first + i] * factor[c, i]
        mean.fill(0.0)
        for b in range(known.shape[0]):
            row, share, by_share = known[b, c], shares[b], by_shares[b]
            for i in range(mean.size):
                grown = exponential(strength * row[i])
                by_share[i] += wished[i] * grown
                mean[i] += share[i] * grown
                by_strength += wished[i] * share[i] * grown * row[i]
        for first in range(0, mean.size, part):
            for i in range(part):
                by_factor[c, i] += wish[c, first + i] * mean[first + i]
    return by_strength


@private
def on_add_up(frame: int) -> int:
    """(starts, places, weights, x) -> y."""
    if not answers_version(frame):
        a, r = buffers(frame)
        add_up(whole1(a, 0), whole1(a, 1), view1(a, 2), view1(a, 3), view1(r, 0))
    return 0


@private
def on_spread(frame: int) -> int:
    """(starts, places, weights, y) -> x."""
    if not answers_version(frame):
        a, r = buffers(frame)
        spread(whole1(a, 0), whole1(a, 1), view1(a, 2), view1(a, 3), view1(r, 0))
    return 0


@private
def on_recur(frame: int) -> int:
    """(keep, pulled, start) -> b."""
    if not answers_version(frame):
        a, r = buffers(frame)
        recur(view2(a, 0), view2(a, 1), view1(a, 2), view2(r, 0))
    return 0


@private
def on_recur_back(frame: int) -> int:
    """(keep, start, b, wish) -> (by keep, by pulled, by start)."""
    if not answers_version(frame):
        a, r = buffers(frame)
        found = (view2(r, 0), view2(r, 1), view1(r, 2))
        recur_back(view2(a, 0), view1(a, 1), view2(a, 2), view2(a, 3), found)
    return 0


@private
def on_mean_exp(frame: int) -> int:
    """(strength, known, shares, factor) -> mean."""
    if not answers_version(frame):
        a, r = buffers(frame)
        strength = view1(a, 0)[0]
        mean_exp(strength, view3(a, 1), view2(a, 2), view2(a, 3), view2(r, 0))
    return 0


@private
def on_mean_exp_back(frame: int) -> int:
    """(strength, known, shares, factor, wish) -> (by strength, by shares, by factor, memory)."""
    if not answers_version(frame):
        a, r = buffers(frame)
        found = (view2(r, 1), view2(r, 2), view1(r, 3), view1(r, 4))
        by_strength, strength = view1(r, 0), view1(a, 0)[0]
        by_strength[0] = mean_exp_back(
            strength, view3(a, 1), view2(a, 2), view2(a, 3), view2(a, 4), found
        )
    return 0
