"""Warm: a fit with everything at hand that a what-if needs, so that an answer takes a second.

The base is played once. A setting is then one more run for each of the same draws, with the same
parameters and the same moods, so that what is shown is the distribution of the difference itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from nostoi.case.case import Case
from nostoi.case.patch import patched
from nostoi.study.compare import scenario_on
from nostoi.study.horizon import Horizon, Values, horizon_of, values_until
from nostoi.study.levers import Levers, Span, plan_of
from nostoi.study.outcomes import measure_of, week_ends
from nostoi.study.stage import THREADS, Scenery, Slow, Stage

Floats = Any
WEEKS_AHEAD = 26
"""Weeks after the end of the case up to which a what-if runs."""

WEEKS_BEFORE = 26
"""Weeks before the end of the case from which a what-if may differ."""

KEPT = ("leave", "again", "home", "on", "called", "arrive", "stock_place", "stock", "returned",
        "belief")  # fmt: skip
"""What an answer holds, with the axes of `outcomes.DIMS`."""


@dataclass(frozen=True)
class Answer:
    """What a setting makes of the future.

    Attributes:
        levers: the setting.
        other: what is measured under it, name -> [draw, ...].
        difference: less the base, draw by draw, name -> [draw, ...].
    """

    levers: Levers
    other: Mapping[str, Floats]
    difference: Mapping[str, Floats]


@dataclass(frozen=True)
class Warm:
    """A stage with the base played.

    Attributes:
        case: the case of the fit; `horizon` goes beyond its end.
        span: days on which levers may act.
        dates: last day of every week.
        numbers: numbers of the draws in the fit, [draw].
        base: what is measured without any change, name -> [draw, ...].
        slow: rates of the base that a changed world goes on from, one per draw.
    """

    case: Case
    horizon: Horizon
    span: Span
    dates: tuple[date, ...]
    stage: Stage
    numbers: Floats
    values: Values
    base: Mapping[str, Floats]
    slow: tuple[Slow, ...]
    seed: int

    def run(self, levers: Levers) -> Answer:
        """The answer to a setting.

        Raises:
            NostoiError: what a scenario with these changes complains of.
        """
        plans = (plan_of(levers, self.case, self.span),)
        other = patched(self.horizon.case, plans)
        drawn = (plans, self.numbers, self.seed)
        scenery, own = scenario_on(self.stage, self.horizon, other, drawn)
        made, _ = _play(self.stage, scenery, self.values | own, self.slow)
        return Answer(levers, made, {name: made[name] - self.base[name] for name in KEPT})


def warm_up(
    case: Case,
    fit: Path,
    draws: int = 200,
    seed: int = 1,
    hear: Callable[[int, int], None] = lambda _done, _total: None,
) -> Warm:
    """Play the base of a fit.

    Args:
        case: the case of the fit.
        fit: the fit folder.
        draws: draws of the posterior.
        seed: chooses the draws, and drives what is drawn from priors.
        hear: told how many draws are done.

    Raises:
        NostoiError: N512 for a fit that cannot serve.
    """
    horizon = horizon_of(case, case.spec.end + timedelta(weeks=WEEKS_AHEAD))
    clock = horizon.model.world.clock
    numbers, values = values_until(horizon, fit, case.hash, draws, seed)
    stage = Stage(horizon.model, measure_of(clock))
    none = (stage.no_past(),) * len(numbers)
    base, slow = _play(stage, stage.scenery(), values, none, hear)
    first = max(case.spec.end - timedelta(weeks=WEEKS_BEFORE), case.spec.start)
    span = Span(first, horizon.case.spec.end)
    dates = week_ends(clock)
    return Warm(case, horizon, span, dates, stage, numbers, values, base, slow, seed)


def _play(
    stage: Stage,
    scenery: Scenery,
    values: Values,
    before: tuple[Slow, ...],
    hear: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[dict[str, Floats], tuple[Slow, ...]]:
    """One world for all draws: what is measured, and the slow rates of each draw."""
    done: list[int] = []

    def one(i: int) -> tuple[dict[str, Floats], Slow]:
        found, slow = stage.compiled(scenery, {k: v[i] for k, v in values.items()}, before[i])
        kept = {name: np.asarray(found[name]) for name in KEPT}
        done.append(i)
        hear(len(done), len(before))
        return kept, slow

    with ThreadPoolExecutor(THREADS) as crew:
        rows = list(crew.map(one, range(len(before))))
    made = {name: np.stack([row[0][name] for row in rows]) for name in KEPT}
    return made, tuple(row[1] for row in rows)
