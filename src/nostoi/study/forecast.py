"""Forecast: the draws of a fit played on beyond the end of the case, never a bare point.

Behaviour, moods and what no evidence speaks of go on as `study.horizon` says. Flows are those that
the model expects for a draw; counts on single days scatter more than that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np

from nostoi.base.errors import Finding, NostoiError
from nostoi.base.record import Record
from nostoi.case.case import Case
from nostoi.case.patch import patched
from nostoi.case.plans import Plan, chosen
from nostoi.engine.rates import Scene, readiness
from nostoi.study.compare import scenario_on
from nostoi.study.horizon import Horizon, horizon_of, values_until
from nostoi.study.outcomes import measure_of
from nostoi.study.stage import Stage, play_all

Array = Any
Hear = Callable[[int, int], None]
WEEK = 7


@dataclass(frozen=True)
class Order:
    """What to forecast.

    Attributes:
        fit: fit folder whose draws are used.
        until: last day.
        scenario: scenarios joined by ``+``; empty = none.
        draws: how many draws.
        seed: chooses the draws, and drives what is drawn from priors.
    """

    fit: Path
    until: date
    scenario: str = ""
    draws: int = 200
    seed: int = 1


@dataclass(frozen=True)
class Forecast:
    """A forecast.

    Attributes:
        horizon: the case up to its new end, and its model.
        plans: the scenarios, none for the base.
        reference: last day of the case, the last that any evidence may speak of.
        dates: last day of every whole week from the first that ends after `reference`; that one
            may begin before it.
        days: the days after `reference`.
        weeks: flows and stocks by week, [draw, ..., date], axes as in `outcomes.DIMS`.
        arrive: persons who arrive in each host on each day, [draw, host, day].
        ready: of those returned at the end, the share who would and could leave again, [draw].
        would, could: the two behind it, as shares of those returned, [draw].
    """

    horizon: Horizon
    plans: tuple[Plan, ...]
    reference: date
    dates: tuple[date, ...]
    days: tuple[date, ...]
    weeks: Mapping[str, Array]
    arrive: Array
    ready: Array
    would: Array
    could: Array


def forecast(case: Case, order: Order, hear: Hear = lambda _done, _total: None) -> Forecast:
    """The draws of a fit up to a day after the end of the case.

    Raises:
        NostoiError: N611 for a day that is not a week after the end; N174 to N179 for a scenario;
            N512 for a fit that cannot serve.
    """
    plans = chosen(order.scenario, case.scenarios) if order.scenario else ()
    if order.until < case.spec.end + timedelta(days=WEEK):
        what = f"{order.until} is not a week after the end of the case, {case.spec.end}"
        raise NostoiError(Finding(611, what, do="give a later day"))
    horizon = horizon_of(case, order.until, daily=True)
    other = patched(horizon.case, plans)
    clock = horizon.model.world.clock
    after = clock.step(case.spec.end) + 1
    stage = Stage(horizon.model, _measure(horizon, after))
    numbers, values = values_until(horizon, order.fit, case.hash, order.draws, order.seed)
    drawn = (plans, numbers, order.seed)
    others = [scenario_on(stage, horizon, other, drawn)] if plans else []
    made = play_all(stage, stage.scenery(), others, values, hear)[-1]
    ends = clock.weeks()
    first = sum(day <= case.spec.end for day in ends)
    own = ("arrive_day", "ready", "would", "could")
    return Forecast(
        horizon=horizon,
        plans=plans,
        reference=case.spec.end,
        dates=ends[first:],
        days=tuple(case.spec.end + timedelta(days=k + 1) for k in range(clock.n - after)),
        weeks={n: part[..., first : len(ends)] for n, part in made.items() if n not in own},
        arrive=made["arrive_day"],
        ready=made["ready"],
        would=made["would"],
        could=made["could"],
    )


def _measure(horizon: Horizon, after: int) -> Any:
    """What is kept of a run: weeks, days after the reference, and who is ready at the end."""
    weekly = measure_of(horizon.model.world.clock)

    def measure(record: Record, scene: Scene) -> dict[str, Array]:
        would, could = readiness(scene.model, vars(scene.p), scene)
        back = record.returned[-1, 0]
        weight = back / jnp.maximum(back.sum(), 1e-9)
        found: dict[str, Array] = weekly(record, scene)
        return found | {
            "arrive_day": record.arrive[after:].T,
            "ready": (weight * would * could).sum(),
            "would": (weight * would).sum(),
            "could": (weight * could).sum(),
        }

    return measure


@dataclass(frozen=True)
class Peak:
    """The busiest time at one border of one host, by draw.

    Attributes:
        host: code of the host.
        day: number of the busiest day in `Forecast.days`, [draw].
        on_day: persons who arrive on it, [draw].
        in_week: persons who arrive in the busiest seven days, [draw].
    """

    host: str
    day: Array
    on_day: Array
    in_week: Array


def peaks(found: Forecast) -> tuple[Peak, ...]:
    """The busiest day and the busiest seven days in a row of every host."""
    out = []
    for k, host in enumerate(found.horizon.model.world.hosts):
        days = found.arrive[:, k]
        day = days.argmax(1)
        span = min(WEEK, days.shape[1])
        total = np.concatenate([np.zeros((len(days), 1)), days.cumsum(1)], 1)
        weeks = total[:, span:] - total[:, :-span]
        out.append(Peak(host, day, days.max(1), weeks.max(1)))
    return tuple(out)
