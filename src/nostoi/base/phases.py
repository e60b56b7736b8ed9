"""Days since the last move, in phases that never smear.

The first phases are single weeks; the later ones are blocks of weeks whose borders all move
on the same day, every `block` weeks. Nobody leaks from one phase to the next between two
borders, so a wave of arrivals keeps its shape, and the ages inside a phase are known at every
step: shares above 3, 6 or 12 months follow exactly, but for the assumption that the persons
of one block are spread evenly over it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nostoi.base.calendar import Clock, Floats

RULES = ("any", "3m", "6m", "12m")
"""Residence rules: how long a stay must last to count (UN: 12 months; 3 to 12 temporary)."""

RULE_DAYS = {"any": 0.0, "3m": 91.3, "6m": 182.6, "12m": 365.25}
"""Residence rules in days (a month is 30.44 days)."""


@dataclass(frozen=True)
class Phases:
    """Weeks 0..weekly-1 one by one, then `blocks` blocks of `block` weeks, the last one open."""

    weekly: int = 4
    block: int = 4
    blocks: int = 14

    @property
    def n(self) -> int:
        """Number of phases."""
        return self.weekly + self.blocks

    @property
    def days(self) -> Floats:
        """Typical days since the move in each phase in the middle of a step, shape [phase].

        Who arrives during a week passes to phase 1 at its end, and is a week away on average in
        the middle of the next; phase 0 holds the arrivals of the current week.
        """
        weeks = np.arange(self.weekly, dtype=float)
        weeks[0] = 1.0 / 3.0
        later = self.weekly + self.block * np.arange(self.blocks, dtype=float)
        later[0] = self.weekly + self.block / 4
        return 7.0 * np.concatenate([weeks, later])

    def moves(self, clock: Clock) -> Floats:
        """1 where a phase hands its persons to the next at the end of a step; [step, phase]."""
        passing = np.zeros((clock.n, self.n))
        for step, _, since_border in self._weeks(clock):
            if clock.week_ends[step]:
                passing[step, : self.weekly] = 1.0
                if since_border + 1 == self.block:
                    passing[step, self.weekly : -1] = 1.0
        return passing

    def _weeks(self, clock: Clock) -> list[tuple[int, float, int]]:
        """(step, days into the week at its end, whole weeks since the last border)."""
        ends = np.asarray(clock.edges[1:])
        rows = []
        for step, end in enumerate(ends):
            week = (end - 1) // 7
            rows.append((step, float(end - 7 * week), int(week % self.block)))
        return rows

    def above(self, clock: Clock, threshold: float) -> Floats:
        """Share of each phase's persons whose move is at least `threshold` days ago.

        Shape [step, phase]; read at the end of a step, before the phases pass on.
        """
        shares = np.zeros((clock.n, self.n))
        for step, into_week, since_border in self._weeks(clock):
            since = 7.0 * since_border + into_week
            low, high = self._ages(into_week, since)
            width = np.maximum(high - low, 1e-9)
            shares[step] = np.clip((high - threshold) / width, 0.0, 1.0)
            shares[step, -1] = 1.0 if threshold <= low[-1] + 7.0 else 0.0
            if threshold <= 0.0:
                shares[step] = 1.0
        return shares

    def _ages(self, into_week: float, since: float) -> tuple[Floats, Floats]:
        """Youngest and oldest age (days) in each phase, `since` days after the last border."""
        weeks = 7.0 * np.arange(self.weekly)
        low_weekly = np.maximum(weeks + into_week - 7.0, 0.0)
        high_weekly = weeks + into_week
        first = 7.0 * self.weekly
        blocks = first + 7.0 * self.block * np.arange(self.blocks)
        low = np.maximum(blocks + since - 7.0 * self.block, first + into_week - 7.0)
        high = blocks + since
        return np.concatenate([low_weekly, low]), np.concatenate([high_weekly, high])
