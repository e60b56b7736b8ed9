"""Compare: scenarios against the case as it was, draw by draw, so that only differences remain.

Both worlds are played with the same parameters and the same moods. What is reported is the
distribution of the difference itself; two separate intervals side by side would hide that most of
their width is the same in both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from nostoi.case.build import params_of
from nostoi.case.case import Case
from nostoi.case.patch import patched
from nostoi.case.plans import Plan, chosen
from nostoi.case.scenario import ParamChange
from nostoi.study.carried import Share, Trial
from nostoi.study.horizon import Horizon, Values, horizon_of, prior_values, values_until
from nostoi.study.outcomes import measure_of, week_ends
from nostoi.study.stage import Scenery, Stage, play_all

Floats = Any
Hear = Callable[[int, int], None]


@dataclass(frozen=True)
class Order:
    """What to compare.

    Attributes:
        words: scenarios, each a name, a file or several joined by ``+``.
        fit: fit folder whose draws are used.
        draws: how many of them.
        seed: chooses the draws, and drives what is drawn from priors.
        until: last day, beyond the case's own if wanted.
        why: draws for which each rule's part is found, 0 for none.
    """

    words: tuple[str, ...]
    fit: Path
    draws: int = 200
    seed: int = 1
    until: date | None = None
    why: int = 0


@dataclass(frozen=True)
class Contrast:
    """One scenario against the base.

    Attributes:
        word: as it was asked for.
        plans: the scenarios of the word.
        since: the first day that differs.
        parts: differences by name, [draw, ...], axes as in `outcomes.DIMS`.
        ratios: variance of the paired difference over that of two separate runs, by name.
    """

    word: str
    plans: tuple[Plan, ...]
    since: date
    parts: Mapping[str, Floats]
    ratios: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """All contrasts with the base they share.

    Attributes:
        horizon: the case and its model.
        dates: last day of every week.
        base: what is measured in the base, [draw, ...].
        values: common parameter values, [draw, ...].
        numbers: numbers of the draws in the fit.
        contrasts: one per word.
        why: what each rule carried, one per word; empty if not asked for.
    """

    horizon: Horizon
    dates: tuple[date, ...]
    base: Mapping[str, Floats]
    values: Values
    numbers: Any
    contrasts: tuple[Contrast, ...]
    why: tuple[tuple[Share, ...], ...] = ()


def compare(case: Case, order: Order, hear: Hear = lambda _done, _total: None) -> Comparison:
    """Paired differences of scenarios from the case.

    Raises:
        NostoiError: N174 to N179 for a scenario; N512 for a fit that cannot serve; N611 for
            `until` before the end.
    """
    named = [(word, chosen(word, case.scenarios)) for word in order.words]
    horizon = horizon_of(case, order.until)
    worlds = [patched(horizon.case, plans) for _, plans in named]
    clock = horizon.model.world.clock
    stage = Stage(horizon.model, measure_of(clock))
    numbers, values = values_until(horizon, order.fit, case.hash, order.draws, order.seed)
    others = [
        scenario_on(stage, horizon, world, (plans, numbers, order.seed))
        for world, (_, plans) in zip(worlds, named, strict=True)
    ]
    ground = stage.scenery()
    base, *found = play_all(stage, ground, others, values, hear)
    contrasts = tuple(
        _contrast(word, plans, base, other)
        for (word, plans), other in zip(named, found, strict=True)
    )
    trial = Trial(stage, ground, stage.compiled)
    why = tuple(
        trial.carried(scenery, values | own, order.why) for scenery, own in others if order.why
    )
    return Comparison(horizon, week_ends(clock), base, values, numbers, contrasts, why)


def scenario_on(
    stage: Stage, horizon: Horizon, case: Case, drawn: tuple[Sequence[Plan], Any, int]
) -> tuple[Scenery, Values]:
    """Scenarios as a world of a stage, and the parameter values that are theirs alone.

    Args:
        stage: the stage.
        horizon: what it plays.
        case: the case of the horizon under the scenarios.
        drawn: the scenarios, the numbers of the draws, the seed.
    """
    plans, numbers, seed = drawn
    since = horizon.model.world.clock.step(first_day_of(plans))
    set_by_plans = {
        change.name
        for plan in plans
        for change in plan.scenario.changes
        if isinstance(change, ParamChange)
    }
    own = prior_values([p for p in params_of(case) if p.name in set_by_plans], numbers, seed)
    return stage.scenery(horizon.world(case), since), own


def first_day_of(plans: Sequence[Plan]) -> date:
    """The first day that differs under any of the scenarios."""
    return min(plan.scenario.start for plan in plans)


def _contrast(
    word: str, plans: tuple[Plan, ...], base: Mapping[str, Floats], other: Mapping[str, Floats]
) -> Contrast:
    parts = {name: other[name] - base[name] for name in base}
    ratios = {
        name: variance_ratio(_last(base[name]), _last(other[name]))
        for name in ("stock", "returned")
    }
    return Contrast(word, plans, first_day_of(plans), parts, ratios)


def _last(series: Floats) -> Floats:
    """Any rule of residence at the last date; [draw]."""
    return series[:, 0, -1]


def variance_ratio(base: Floats, other: Floats) -> float:
    """Variance of the paired difference over that of the difference of separate runs; [draw]."""
    unpaired = float(np.var(base) + np.var(other))
    return float(np.var(other - base)) / unpaired if unpaired > 0 else 0.0
