"""Dates and steps: a clock with weeks, and days where the case asks for them.

Step t runs from `edges[t]` (inclusive) to `edges[t + 1]` (exclusive), in days since `start`.
Weeks that overlap a daily window are split into days; persons still age week by week, so
the length of a step never blurs the time since their last move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Clock:
    """Steps of a case.

    Attributes:
        start: first day.
        end: last day (inclusive).
        edges: days since start, shape [step + 1].
        week_ends: True where a step closes a week, shape [step].
    """

    start: date
    end: date
    edges: tuple[int, ...]
    week_ends: tuple[bool, ...]

    @property
    def n(self) -> int:
        """Number of steps."""
        return len(self.edges) - 1

    @property
    def lengths(self) -> Floats:
        """Length of each step in days, shape [step]."""
        return np.diff(np.asarray(self.edges, float))

    @property
    def mids(self) -> Floats:
        """Middle of each step in days since start, shape [step]."""
        edges = np.asarray(self.edges, float)
        middles: Floats = (edges[1:] + edges[:-1]) / 2
        return middles

    def day(self, when: date) -> int:
        """Days from the start of the clock to the morning of `when` (may be negative)."""
        return (when - self.start).days

    def step(self, when: date) -> int:
        """Step that holds the date, held inside the clock."""
        found = int(np.searchsorted(self.edges, self.day(when), side="right")) - 1
        return min(max(found, 0), self.n - 1)

    def on(self, day: float) -> date:
        """Date of a day number."""
        return self.start + timedelta(days=int(day))

    def window(self, first: date, last: date) -> Floats:
        """Share of each step inside [first, last], both days included; shape [step].

        A flow per step times these shares, summed, is the flow of the period.
        """
        edges = np.asarray(self.edges, float)
        low, high = self.day(first), self.day(last) + 1
        overlap = np.minimum(edges[1:], high) - np.maximum(edges[:-1], low)
        shares: Floats = np.clip(overlap, 0.0, None) / self.lengths
        return shares

    def at_end(self, when: date) -> Floats:
        """Weights that read an end-of-step stock on the evening of `when`; shape [step]."""
        ends = np.asarray(self.edges[1:], float)
        day = float(np.clip(self.day(when) + 1, ends[0], ends[-1]))
        right = int(np.searchsorted(ends, day))
        weights = np.zeros(self.n)
        if right == 0:
            weights[0] = 1.0
            return weights
        share = (day - ends[right - 1]) / (ends[right] - ends[right - 1])
        weights[right - 1], weights[right] = 1.0 - share, share
        return weights

    def weeks(self) -> tuple[date, ...]:
        """Last day of every week of the clock."""
        return tuple(
            self.on(edge - 1)
            for edge, closes in zip(self.edges[1:], self.week_ends, strict=True)
            if closes
        )


def make_clock(
    start: date, end: date, step_days: int, daily: Sequence[tuple[date, date]] = ()
) -> Clock:
    """Clock from `start` to `end` in steps of `step_days`, split into days in the windows.

    Raises:
        ValueError: if the end is not after the start, or a step is not 1 or 7 days.
    """
    if end <= start:
        raise ValueError("the end of a clock must be after its start")
    if step_days not in (1, 7):
        raise ValueError("a step is 1 or 7 days")
    total = (end - start).days + 1
    edges, closes = [0], []
    for week in range(0, total, 7):
        stop = min(week + 7, total)
        first, last = start + timedelta(week), start + timedelta(stop - 1)
        split = step_days == 1 or any(a <= last and b >= first for a, b in daily)
        inner = list(range(week + 1, stop + 1)) if split else [stop]
        edges += inner
        closes += [False] * (len(inner) - 1) + [stop - week == 7]
    return Clock(start, end, tuple(edges), tuple(closes))


def knots(clock: Clock, spacing: int) -> Floats:
    """Weights [step, knot] of linear interpolation between knots `spacing` days apart."""
    days = np.arange(0.0, clock.edges[-1] + spacing, spacing)
    return interpolation(clock.mids, days)


def interpolation(at: Floats, nodes: Floats) -> Floats:
    """Hat-function weights [point, node]: row i reads a curve given at `nodes` at `at[i]`."""
    weights = np.zeros((len(at), len(nodes)))
    right = np.clip(np.searchsorted(nodes, at), 1, len(nodes) - 1)
    left = right - 1
    share = np.clip((at - nodes[left]) / (nodes[right] - nodes[left]), 0.0, 1.0)
    rows = np.arange(len(at))
    weights[rows, left] = 1.0 - share
    weights[rows, right] += share
    return weights
