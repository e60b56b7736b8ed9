"""The scene of a run: what rules read, as arrays by day, from a model and its numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.phases import RULE_DAYS, RULES
from nostoi.engine import views
from nostoi.engine.agents.bounds import Interval, interval, most
from nostoi.engine.agents.columns import Scene
from nostoi.engine.agents.drifts import drifts_of
from nostoi.engine.agents.lift import Layout
from nostoi.engine.agents.own import NOTHING, Own
from nostoi.engine.cohorts import BACK_DAYS
from nostoi.engine.model import Model
from nostoi.engine.purse import burn_of
from nostoi.engine.rates import Scene as CohortScene
from nostoi.engine.rates import calls_anybody
from nostoi.world.world import World

EFFECTS_AT = ("climate", "stepping", "attraction")
EFFECTS_NOW = ("leave_mood", "return_mood")


@dataclass(frozen=True)
class Fields:
    """What people feel and hear by day, group and place; [day, group, 1 + host], origin first.

    Attributes:
        belief: perceived chance of a call-up within a year, 0..1.
        rumour: share who pass a rumour on, 0..1.
    """

    belief: Floats
    rumour: Floats


@dataclass(frozen=True)
class Stage:
    """All that the days of a run have in common.

    Attributes:
        scene: arrays that the rules read.
        layout: which name stands where in them.
        base: base rates per day of leaving, call-up, going home and moving on, [4].
        fields: belief and rumour.
        arrive: share of those on the road to each host who arrive within a day, [day, host].
        land: the same for the way home, [1].
        cost: of the journey in months of living costs, [day, host].
        price: cost of living over that at home, [day, host].
        burn: months of savings used per month abroad, [day, group, host].
        grade: longest residence rule that a stay fulfils in the evening, by days, int8 [days].
        most: largest personal factor of each move, [move].
        jumps: days on which luck changes somebody's personal columns, bool [day, 1].
    """

    scene: Scene
    layout: Layout
    base: Floats
    fields: Fields
    arrive: Floats
    land: Floats
    cost: Floats
    price: Floats
    burn: Floats
    grade: Any
    most: Any
    jumps: Any


def mean_fields(model: Model, values: Mapping[str, Any]) -> Fields:
    """Belief and rumour as the cohort engine has them: everybody of a place and group mixes."""
    scene = CohortScene(model, model.numbers(values))
    return Fields(np.asarray(scene.belief), np.asarray(scene.rumour))


def set_stage(
    model: Model,
    values: Mapping[str, Any],
    fields: Fields,
    own: Own = NOTHING,
    columns: tuple[Any, ...] = (),
) -> Stage:
    """The stage of a run.

    Args:
        model: world with a daily clock, rules and sized parameters.
        values: natural parameter values by name.
        fields: belief and rumour.
        own: personal columns; `columns` are their values, [person] each, for the run to change.

    Raises:
        ValueError: if a step of the clock is not a day.
    """
    world = _checked(model.world)
    p = {name: np.asarray(value, float) for name, value in model.numbers(values).items()}
    who = {k: v for k, v in world.who.items() if k != "persons"} | {"leaning": p["leaning"]}
    at = dict(world.at)
    at |= {name: np.repeat(p[name][:, None], world.clock.n, 1) for name in EFFECTS_AT}
    now = world.now | {name: world.knots @ p[name] for name in EFFECTS_NOW}
    view = views.home_view(world, np.arange(world.clock.n))
    home = {name: value[0, 0, 0] for name, value in view.items()}
    # Sorted, so that worlds with the same names share one compiled text.
    who, at, home, now = (dict(sorted(part.items())) for part in (who, at, home, now))
    offsets, numbers = _numbers(model, p)
    felt_range = {"belief": fields.belief, "rumour": fields.rumour, "been_away": [0.0, 1.0]}
    named = {"who": who | felt_range, "at": _anywhere(at, home), "now": now, "p": p}
    layout = Layout(
        tuple(who), tuple(at), tuple(home), tuple(now), offsets, own.spans, means_of(model),
        own.drawn, own.at_once,
    )  # fmt: skip
    spans = _spans(own, columns)
    scene = Scene(
        who=np.array(list(who.values())),
        at=np.ascontiguousarray(np.array(list(at.values())).transpose(2, 0, 1)),
        home=_by_day(np.array(list(home.values()))),
        now=_by_day(np.array(list(now.values()))),
        felt=np.ascontiguousarray(np.stack([fields.belief, fields.rumour], 1)),
        p=numbers,
        own=columns,
    )
    return Stage(
        scene=scene,
        layout=layout,
        base=_base(model, p),
        fields=fields,
        arrive=_by_day(-np.expm1(-1.0 / world.at["journey_days"])),
        land=np.array([-np.expm1(-1.0 / BACK_DAYS)]),
        cost=_by_day(world.at["journey_cost"]),
        price=_by_day(world.at["price_ratio"]),
        burn=_burn(world),
        grade=_grades(world),
        most=most(model.rules, named, float(world.clock.n), spans),
        jumps=_jumps(model, named, spans),
    )


def _checked(world: World) -> World:
    if not (world.clock.lengths == 1.0).all():
        raise ValueError("the agent engine needs a clock of days")
    return world


def _spans(own: Own, columns: tuple[Any, ...]) -> dict[str, Interval]:
    """Where each personal column stays for certain."""
    pairs = zip(own.spans, columns, strict=True)
    return {span.name: Interval(*span.interval(column.dtype)) for span, column in pairs}


def _burn(world: World) -> Floats:
    """Months of savings used per month abroad, [day, group, host]."""
    burn = burn_of(world.at["cover"].T[:, None, :], world.who["remote"][None, :, None])
    return np.ascontiguousarray(burn)


def _anywhere(at: Mapping[str, Any], home: Mapping[str, Any]) -> dict[str, list[float]]:
    """All values that a column of the place has in hosts and at home."""
    here = {name: [*np.ravel(column)] for name, column in at.items()}
    for name, column in home.items():
        here.setdefault(name, []).extend(column)
    return here


def means_of(model: Model) -> tuple[str, ...]:
    """Names of what places know of their people."""
    every = [name for rule in model.rules if rule.kind == "mean" for name in rule.moves]
    return tuple(dict.fromkeys(every))


def _jumps(
    model: Model, named: Mapping[str, Mapping[str, Any]], spans: Mapping[str, Interval]
) -> Any:
    """Days on which a drift by luck is not certainly zero for everybody, bool [day, 1]."""
    days = model.world.clock.n
    found = np.zeros((days, 1), bool)
    rules = [rule for name in spans for rule in drifts_of(model.rules, name, by_luck=True)]
    who: dict[str, Any] = {k: interval(v) for k, v in named["who"].items()} | dict(spans)
    who |= {"luck": Interval(0.0, 1.0), "abroad": Interval(0.0, 1.0)}
    who["days"] = Interval(0.0, float(days))
    at = {name: Interval(-math.inf, math.inf) for name in means_of(model)}
    at |= {k: interval(v) for k, v in named["at"].items()}
    p = SimpleNamespace(**named["p"])
    for t in range(days if rules else 0):
        now = SimpleNamespace(**{k: float(v[t]) for k, v in named["now"].items()})
        view = (SimpleNamespace(**who), SimpleNamespace(**at), now, p)
        changes = [interval(rule(*view)) for rule in rules]
        found[t] = any(change.low != 0.0 or change.high != 0.0 for change in changes)
    return found


def _by_day(column: Floats) -> Floats:
    """A column [host, day] as [day, host]."""
    return np.ascontiguousarray(column.T)


def _numbers(model: Model, p: Mapping[str, Floats]) -> tuple[dict[str, tuple[int, int]], Floats]:
    """Where each parameter that a rule reads begins, its length, and all of them in a row."""
    read = {name: None for rule in model.rules for name in rule.columns("p")}
    offsets: dict[str, tuple[int, int]] = {}
    parts = [np.zeros(0)]
    start = 0
    for name in read:
        value = p[name]
        offsets[name] = (start, value.size if value.ndim else 0)
        parts.append(np.atleast_1d(value))
        start += value.size
    return offsets, np.concatenate([*parts, np.zeros(1)])


def _base(model: Model, p: Mapping[str, Floats]) -> Floats:
    """Base rates per day of leaving, call-up, going home and moving on."""
    elsewhere = float(len(model.world.hosts) > 1)
    logs = (p["leave_base"], p["call_up_base"], p["return_base"], p["onward_base"])
    able = np.array([1.0, calls_anybody(model), 1.0, elsewhere])
    base: Floats = np.exp(np.array([float(x) for x in logs])) * able
    return base


def _grades(world: World) -> Any:
    """Longest rule that a stay fulfils in the evening; a move falls on the noon of its day."""
    ages = np.arange(world.clock.n + 1) + 0.5
    limits = np.array([RULE_DAYS[rule] for rule in RULES])
    return (np.searchsorted(limits, ages, side="right") - 1).astype(np.int8)
