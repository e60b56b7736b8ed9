"""Small loops that XLA has no fast operation for, as XLA calls them: buffers in, buffers out."""

from __future__ import annotations

from typing import Any

from nostoi.base.ffi import (
    answers_version,
    buffers,
    private,
    view1,
    view2,
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
