"""The arm "no peeking": arrivals are known, camps are not, and no capacity is taken from anywhere.

What a figure for day t has seen, and nothing else:

- reports of the camps that were out on the day of issue, which lies before t;
- the total in all camps, outbreaks, closures and openings, each up to day t itself.

Three ways to issue: `monthly` (here), anew at each month's end for the days up to the next; `once`
(`onelook`), on day 30 and never again, which knows less of the camps than the rival that holds the
shares of day 30, since that one reads straight lines to reports of later days; and `day-30`, the
same from the very counts that this rival reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nostoi.base.scores import HUB
from nostoi.infer.ensemble import MEMBERS
from nostoi.study.arms.ground import Ground
from nostoi.study.arms.learn import ALL_ON, Belief, learn
from nostoi.study.arms.outlook import LONGEST_GAP, LOOK_BACK, MONTH, errors_of, registered_anew
from nostoi.study.arms.reports import Reports
from nostoi.study.arms.trust import Trust

Floats = NDArray[np.float64]

FIRST_ISSUE = 30
REGISTERED_WITHIN = 360
"""Days in which a new registration may yet mend the counts: hindsight will have it."""
AT_ONCE = 100
"""Days whose rates are held in memory together."""


@dataclass(frozen=True)
class Shared:
    """Counts of camps under a known total.

    Attributes:
        days: the days.
        quantiles: at the levels of `HUB` [level, day, camp]; each member holds the total.
    """

    days: NDArray[np.int64]
    quantiles: Floats

    @property
    def median(self) -> Floats:
        """Middle of the distribution [day, camp]."""
        return np.asarray(self.quantiles[HUB.index(0.5)])


def with_total(belief: Belief, total: Floats, until: int, seed: int = 1) -> Shared:
    """Counts from the day after the issue to day `until`, when the total [day] is known.

    Only `total[: t + 1]` enters the counts of day t.

    Raises:
        ValueError: if there is no day to be counted, or it lies outside the case.
    """
    issue = belief.day
    if not issue < until < belief.ground.days:
        raise ValueError(f"day {until} does not lie between day {issue} and the end of the case")
    members = len(belief.cloud)
    trust = belief.trust
    _, errors = errors_of(belief, seed)
    gap = np.minimum(issue - belief.last_day, LONGEST_GAP)
    first = max(int(belief.last_day.min()), issue - LOOK_BACK, 0) + 1
    persons = np.repeat(belief.last[None], members, 0)
    unit = belief.last.sum() / total[issue] if belief.last.sum() > 0 and total[issue] > 0 else 1.0
    left = registered_anew(belief, REGISTERED_WITHIN, seed, 0)
    kept = []
    for begin in range(first, until + 1, AT_ONCE):
        days = np.arange(begin, min(begin + AT_ONCE, until + 1))
        found = belief.rates(days, known=int(days[-1]))
        for k, day in enumerate(days.tolist()):
            leaving = found.back * persons
            come = unit * (total[day] - total[day - 1])
            arriving = np.maximum(leaving.sum(1) + come, 0.0)[:, None] * found.share[:, k]
            free = day > belief.last_day
            persons = np.where(free, persons - leaving + arriving, persons)
            if day > issue:
                span = MONTH * ((day - issue + gap) / MONTH) ** trust.scatter_power
                drawn = np.maximum(persons + errors * belief.scatter * span, 0.0) * left
                kept.append(quantiles_of(drawn, found.share[:, k], float(total[day])))
    return Shared(np.arange(issue + 1, until + 1), np.stack(kept, axis=1))


def no_peeking(
    ground: Ground,
    reports: Reports,
    total: Floats,
    trust: Trust,
    issues: Sequence[int],
    members: int = MEMBERS,
    seed: int = 1,
) -> Shared:
    """Counts from the day after the first issue to the last day of the case.

    Args:
        ground, reports: of the case.
        total: persons in all camps [day].
        trust: what is believed before the case is seen.
        issues: days on which the camps are looked at; each serves the days up to the next.
        members: size of the cloud.
        seed: of all draws.
    """
    ends = [*issues[1:], ground.days - 1]
    parts = []
    for issue, until in zip(issues, ends, strict=True):
        if until > issue:
            belief = learn(ground, reports, issue, trust, ALL_ON, members, seed)
            parts.append(with_total(belief, total, until, seed))
    return Shared(
        np.concatenate([part.days for part in parts]),
        np.concatenate([part.quantiles for part in parts], axis=1),
    )


def monthly(reports: Reports) -> tuple[int, ...]:
    """Day 30 and each month's end after it."""
    return (FIRST_ISSUE, *reports.month_ends(FIRST_ISSUE + 1))


def quantiles_of(persons: Floats, share: Floats, total: float) -> Floats:
    """Quantiles [level, camp] of counts [member, camp] after each member holds the total."""
    held = persons.sum(1, keepdims=True)
    scaled = np.where(held > 0, persons / np.where(held > 0, held, 1.0), share) * total
    return np.asarray(np.quantile(scaled, HUB, axis=0))
