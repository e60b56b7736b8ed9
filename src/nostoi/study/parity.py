"""Parity: do the two engines say the same, move by move, and if not, why not.

The cohort engine moves expected numbers between cells, the agent engine single people. Both run on
a clock of days, so that the length of a step is no part of the gap. What remains can only come
from what people have and cells have not: savings of their own, finer than a few bands, which
select who leaves and who stays behind, their own days since a move, which phases round, and
journeys of their own, leg by leg and through queues, where cells have exponential days. Levels
switch these off one after the other; with all of them off nothing may remain.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.numerics import jitted
from nostoi.base.record import Record
from nostoi.case.build import savings_of
from nostoi.case.case import Case
from nostoi.engine import cohorts
from nostoi.engine.agents.contacts import Contacts, network_fields
from nostoi.engine.agents.run import Settings, run
from nostoi.engine.agents.scene import Fields, mean_fields
from nostoi.engine.daily import RUNGS, daily, model_of, roads_of
from nostoi.engine.journeys.roads import Roads
from nostoi.engine.model import Model
from nostoi.infer.drive import Values, prior_medians
from nostoi.rules.card import Rule

TOLERANCE = 0.02
FLOOR = 0.01
"""Gaps are relative to the move's total, or to this share of the largest total if that is more:
a move that hardly anybody makes is not held to two per cent of nearly nothing."""

ERRORS = 4.0
"""A gap of fewer standard errors than these cannot be told from chance."""

FIRST, ALL = (0,), (4, 0, 1, 2, 5, 3)
"""Levels: all that people have but journeys, and from journeys to nothing that cells have not.

The last two of all differ in journeys alone, so that between them stands what journeys do.
"""

Hear = Callable[[str], None]


@dataclass(frozen=True)
class Row:
    """One move: totals over the run in persons, and the gap between the engines.

    Attributes:
        name: of the move or stock.
        own_clock: cohort engine on the clock of the case.
        cohorts: cohort engine on a clock of days.
        agents: agent engine, mean over seeds.
        error: standard error of that mean, at least that of counting.
        gap: (agents - cohorts) over the total, see `FLOOR`.
        inside: within the tolerance, or not to be told from chance.
    """

    name: str
    own_clock: float
    cohorts: float
    agents: float
    error: float
    gap: float
    inside: bool


@dataclass(frozen=True)
class Level:
    """A comparison with some of what only people can have switched off."""

    name: str
    rows: tuple[Row, ...]

    @property
    def ok(self) -> bool:
        """Whether every move is inside."""
        return all(row.inside for row in self.rows)

    @property
    def largest(self) -> float:
        """Largest gap of any move."""
        return max(abs(row.gap) for row in self.rows)

    def as_dict(self) -> dict[str, Any]:
        """For a machine; the keys are stable (docs/json-output.md)."""
        rows = [asdict(row) for row in self.rows]
        return {"level": self.name, "ok": self.ok, "largest_gap": self.largest, "rows": rows}


@dataclass(frozen=True)
class Effort:
    """How much to run: agents in each run, and how many seeds from the first on."""

    people: int = 2_000_000
    seeds: int = 4
    first: int = 0
    threads: int = 2


def totals(record: Record) -> dict[str, float]:
    """Moves over the whole run and stocks at its end; persons."""
    r = Record(*(np.asarray(part) for part in record))
    leave, again = float(r.leave.sum()), float(r.again.sum())
    called, back = float(r.called_up[-1].sum()), float(r.returned[-1, 0].sum())
    start = float(r.home[-1].sum() + r.abroad[-1, 0].sum() + r.on_the_way[-1]) + back + called
    called_at_home = start - float(r.home[-1].sum()) - leave
    return {
        "leave": leave,
        "arrive": float(r.arrive.sum()),
        "move_on": float(r.go_on.sum()),
        "go_home": float(r.go_home.sum()),
        "come_back": back + again + called - called_at_home,
        "leave_again": again,
        "call_up": called,
        "abroad at the end": float(r.abroad[-1, 0].sum()),
        "abroad 3m at the end": float(r.abroad[-1, 1].sum()),
        "returned at the end": back,
        "returned 3m at the end": float(r.returned[-1, 1].sum()),
    }


def without(rules: tuple[Rule, ...], *columns: str) -> tuple[Rule, ...]:
    """The rules that read none of the columns of a person, whatever they act on."""
    return tuple(rule for rule in rules if not set(columns) & set(rule.columns("who")))


@dataclass(frozen=True)
class Setup:
    """Rules and savings of one level; the savings are [band, group] for either engine.

    With `journeys`, agents travel over the roads of the case, if it has any.
    """

    name: str
    rules: tuple[Rule, ...]
    of_cohorts: Floats
    of_agents: Floats
    journeys: bool = False


def setups(case: Case, rules: tuple[Rule, ...]) -> tuple[Setup, ...]:
    """The levels, from all that people have to nothing that cells have not."""
    fine, bands = savings_of(case, RUNGS), savings_of(case, case.spec.bands)
    no_savings, nothing = without(rules, "savings"), without(rules, "savings", "days")
    return (
        Setup("all that people have", rules, bands, fine),
        Setup(f"{RUNGS} rungs of savings in both engines", rules, fine, fine),
        Setup("no rule that reads savings", no_savings, bands, bands),
        Setup("no rule that reads savings or days", nothing, bands, bands),
        Setup("all that people have, and journeys", rules, bands, fine, journeys=True),
        Setup("journeys, no rule that reads savings or days", nothing, bands, bands, journeys=True),
    )


def compare(
    case: Case, effort: Effort, chosen: Sequence[int] = FIRST, hear: Hear = lambda _: None
) -> tuple[Level, ...]:
    """Compares the engines at prior medians on the chosen levels (positions in `setups`)."""
    full = model_of(case)
    found = []
    every, roads = setups(case, full.rules), roads_of(case)
    for setup in (every[level] for level in chosen):
        hear(setup.name)
        coarse, fine = (_as_set_up(model, setup) for model in (full, daily(case, full)))
        values = prior_medians(full)
        taken = roads if setup.journeys else None
        runs = agent_totals(fine, values, setup.of_agents, effort, roads=taken)
        weight = float(fine.world.who["persons"].sum()) / effort.people
        found.append(Level(setup.name, _rows(coarse, fine, values, runs, weight)))
    return tuple(found)


def _as_set_up(model: Model, setup: Setup) -> Model:
    """A model with the rules and the savings of cells of a level."""
    world = model.world
    purses = world.purses if setup.of_cohorts.shape == world.savings.shape else None
    world = replace(world, savings=setup.of_cohorts, purses=purses)
    return replace(model, rules=setup.rules, world=world)


def agent_totals(
    model: Model,
    values: Values,
    ladder: Floats,
    effort: Effort,
    fields: Fields | None = None,
    roads: Roads | None = None,
) -> list[dict[str, float]]:
    """Totals of the agent engine for each seed."""
    fields = mean_fields(model, values) if fields is None else fields
    seeds = range(effort.first, effort.first + effort.seeds)
    every = (Settings(seed, effort.people, threads=effort.threads) for seed in seeds)
    same: dict[str, Any] = {"ladder": ladder, "fields": fields, "roads": roads}
    return [totals(run(model, values, one, **same).record) for one in every]


def _cohort_totals(model: Model, values: Values) -> dict[str, float]:
    return totals(jitted(lambda v: cohorts.run(model, v))(values))


def _rows(
    own: Model, by_day: Model, values: Values, runs: list[dict[str, float]], weight: float
) -> tuple[Row, ...]:
    """One row per move; the cohort engine on both clocks."""
    coarse, fine = _cohort_totals(own, values), _cohort_totals(by_day, values)
    largest = max(fine.values())
    rows = []
    for name, wanted in fine.items():
        drawn = np.array([one[name] for one in runs])
        error = _error(drawn, weight)
        scale = max(wanted, FLOOR * largest)
        difference = float(drawn.mean()) - wanted
        inside = abs(difference) <= max(TOLERANCE * scale, ERRORS * error)
        gap = difference / scale if scale else 0.0
        rows.append(Row(name, coarse[name], wanted, float(drawn.mean()), error, gap, inside))
    return tuple(rows)


def _error(drawn: Floats, weight: float) -> float:
    """Standard error of a mean over seeds.

    A few seeds may lie close together by chance, so it is never taken as less than that of plain
    counting (Poisson) of agents who stand for `weight` persons each.
    """
    counting = weight * max(float(drawn.mean()), weight)
    spread = float(drawn.var(ddof=1)) if len(drawn) > 1 else 0.0
    return math.sqrt(max(spread, counting) / len(drawn))


def contact_effect(case: Case, effort: Effort, contacts: Contacts) -> dict[str, Any]:
    """What rumours over an explicit network change, against the mixing of all with all.

    Returns:
        Largest differences of rumour and belief at home (shares), and of each total (relative;
        same seeds, so that chance largely cancels).
    """
    model = daily(case, model_of(case))
    values = prior_medians(model)
    ladder = savings_of(case, RUNGS)
    mean, network = mean_fields(model, values), network_fields(model, values, contacts)
    pairs = [agent_totals(model, values, ladder, effort, one) for one in (mean, network)]
    sums = [{k: sum(run[k] for run in runs) for k in runs[0]} for runs in pairs]
    at_home = [(one.rumour[:, :, 0], one.belief[:, :, 0]) for one in (mean, network)]
    rumour, belief = (np.abs(b - a) for a, b in zip(*at_home, strict=True))
    return {
        "rumour": float(rumour.max()),
        "belief": float(belief.max()),
        "totals": {k: sums[1][k] / max(v, 1.0) - 1.0 for k, v in sums[0].items()},
    }
