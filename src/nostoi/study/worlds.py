"""Invented worlds: people of the agent engine, seen through the sources of a case.

The truth of such a world is known, and it was not made by the model that is fitted to it: single
people with savings of their own, journeys leg by leg with queues, rumours over a network of
contacts. Its parameters are drawn from the priors, or from the draws of a fit: intervals promise
to hold the truth over the first; over the second each prior is counted twice. What the sources
would have published is drawn with their definitions, biases and noise and put into a copy of the
case, with the same dates, gaps and ranges as the published figures, each somewhere in its range.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import numpy as np

from nostoi.base.calendar import Clock
from nostoi.base.phases import RULES
from nostoi.base.record import Record
from nostoi.case.case import Case
from nostoi.case.ledger import Observation
from nostoi.engine.agents.contacts import Contacts, network_fields
from nostoi.engine.agents.run import Settings, run
from nostoi.engine.daily import RUNGS, daily, model_of, roads_of
from nostoi.engine.journeys.roads import Roads
from nostoi.engine.model import Model
from nostoi.infer.drive import posterior_table
from nostoi.observe.panel import Panel
from nostoi.observe.scale import ends, from_scale, interval
from nostoi.observe.shared import SHARED
from nostoi.rules.params import Pack, Param
from nostoi.study.horizon import normal, open_values, panel_on, uniform
from nostoi.study.vintages import observer_values

Floats = Any
LEAST = 0.05
"""Least percentage that an invented source publishes: a share of nothing has no logit."""


@dataclass(frozen=True)
class World:
    """An invented world.

    Attributes:
        truth: persons by name of the quantity (`back 3m`, `stock KAZ` ...).
        figures: what the sources count, by id of the row.
        places: where in all that the published row may stand for the figure lies, 0 to 1, by id.
    """

    truth: Mapping[str, float]
    figures: Mapping[str, float]
    places: Mapping[str, float]


@dataclass(frozen=True)
class Maker:
    """What worlds of a case are made with.

    Attributes:
        case: the case.
        fit: a fit of the case whose draws drive the worlds; None draws from the priors.
        people: agents in all.
        seed: chooses the draws.
        contacts: nodes of the network of rumours for each group and place, 0 = no network.
    """

    case: Case
    fit: Path | None
    people: int
    seed: int = 1
    contacts: int = 100


def worlds(maker: Maker, numbers: Sequence[int]) -> Iterator[World]:
    """Worlds by their numbers, one by one; none hangs on how many others are made."""
    case = maker.case
    model = model_of(case)
    today = daily(case, model)
    panel = panel_on(today.world, case.evidence)
    table = parameters(maker, model, panel, numbers)
    roads = roads_of(case)
    for place, k in enumerate(numbers):
        values = {name: value[place] for name, value in table.items()}
        values[SHARED] = 1.0  # stands for what cohorts get wrong of people: these are people
        record = record_of(maker, today, values, k, roads)
        key = jax.random.fold_in(jax.random.key(maker.seed), k)
        figures = np.asarray(panel.draw(key, record, values), float)
        truth = truth_of(record, today.world.hosts, today.world.clock, case)
        names = [row.id for row in panel.rows]
        places = {name: uniform(maker.seed, f"place in range {name}", k, 0) for name in names}
        yield World(truth, dict(zip(names, figures, strict=True)), places)


def record_of(
    maker: Maker, today: Model, values: Mapping[str, Any], number: int, roads: Roads | None
) -> Record:
    """What people of the agent engine do in a world, at natural values, on a clock of days."""
    settings = Settings(seed=maker.seed * 1000 + number, people=maker.people)
    fields = None
    if maker.contacts:
        fields = network_fields(today, values, Contacts(nodes=maker.contacts, seed=number))
    ladder = _ladder(maker.case)
    return run(today, values, settings, fields=fields, roads=roads, ladder=ladder).record


def parameters(
    maker: Maker, model: Model, panel: Panel, numbers: Sequence[int]
) -> dict[str, Floats]:
    """Natural values of the model's and the observers' parameters by name, each [world, ...]."""
    if maker.fit is None:
        table = _of_priors((*model.params, *panel.params), numbers, maker.seed)
        return table | open_values(model.params, numbers, maker.seed)
    most = max(numbers) + 1
    chosen, table = posterior_table(model, maker.fit, maker.case.hash, most, maker.seed)
    table |= open_values(model.params, chosen, maker.seed)
    table |= observer_values(panel.params, maker.fit, chosen, maker.seed)
    return {name: np.asarray(value)[list(numbers)] for name, value in table.items()}


def _of_priors(params: Sequence[Param], numbers: Sequence[int], seed: int) -> dict[str, Floats]:
    """Values drawn from the priors; every number has its place in a stream of its own."""
    pack = Pack(params)
    labels = pack.labels()
    drawn = [
        pack.unpack(np.array([normal(seed, label, k, 0) for label in labels]), np) for k in numbers
    ]
    return {name: np.stack([np.asarray(one[name], float) for one in drawn]) for name in drawn[0]}


def _ladder(case: Case) -> Floats:
    from nostoi.case.build import savings_of

    return savings_of(case, RUNGS)


def truth_of(record: Record, hosts: Sequence[str], clock: Clock, case: Case) -> dict[str, float]:
    """Departures since the event, and returned and abroad at the end, in persons."""
    event = clock.step(case.spec.event)
    found = {"left": float(np.asarray(record.leave)[event:].sum()),
             "abroad": float(np.asarray(record.abroad)[-1, 0].sum())}  # fmt: skip
    back = np.asarray(record.returned)[-1]
    found |= {f"back {rule}": float(back[k].sum()) for k, rule in enumerate(RULES)}
    stock = np.asarray(record.abroad)[-1, 0]
    return found | {f"stock {host}": float(stock[k]) for k, host in enumerate(hosts)}


def case_of_world(
    case: Case, world: World, folder: Path, wrong: Mapping[str, float] | None = None
) -> Path:
    """A copy of a case whose used rows hold invented figures.

    Args:
        case: the case.
        world: what the sources count in it.
        folder: where the copy is put, under the name of the case's folder.
        wrong: publishers whose figures are off by a factor (of the odds, for percentages).
    """
    copy = folder / case.folder.name
    shutil.copytree(case.folder, copy, dirs_exist_ok=True)
    path = copy / "evidence" / "observations.csv"
    by_id = {row.id: row for row in case.evidence.rows}
    with path.open(encoding="utf-8", newline="") as file:
        cells = list(csv.DictReader(file))
    for line in cells:
        if line["id"] in world.figures:
            row = by_id[line["id"]]
            factor = (wrong or {}).get(row.publisher, 1.0)
            figure = lied(row, world.figures[row.id], factor)
            line.update(rewritten(row, figure, world.places[row.id]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, cells[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(cells)
    return copy


def lied(row: Observation, figure: float, factor: float) -> float:
    """A figure that is wrong by a factor: of the count, or of the odds of a percentage."""
    if row.unit != "percent":
        return figure * factor
    share = np.clip(figure / 100.0, LEAST / 100.0, 1.0 - LEAST / 100.0)
    odds = factor * share / (1.0 - share)
    return float(100.0 * odds / (1.0 + odds))


def rewritten(row: Observation, figure: float, place: float) -> dict[str, str]:
    """Cells of a row with another figure: the same bound, and ends and rounding in proportion.

    `place` is where in all that the cells may stand for the figure lies, 0 to 1: the likelihood
    takes every place in a range for as likely, and the middle of it would say too much.
    """
    if row.unit == "percent":
        figure = min(max(figure, LEAST), 100.0 - LEAST)
    elif row.measure not in ("net", "change"):
        figure = max(figure, 1.0)
    if not row.value:
        return {"value": _text(figure)}
    if row.unit == "percent" and row.bound != "range":
        return {"value": _percent(_said(row, figure, place))}
    low, high, scales = interval((row,))
    stands_for = from_scale(low + place * (high - low), scales, np)
    return _cells(row, figure / float(stands_for[0]))


def _cells(row: Observation, ratio: float) -> dict[str, str]:
    """Value, ends and rounding; of a count in proportion, as people round to leading digits.

    A rounding to 100,000 of a figure of 100,000 would be no rounding but half a range from zero,
    and speak for fewer. Percentages keep their rounding.
    """
    cells = {"value": row.value, "low": row.low, "high": row.high}
    moved = {name: ratio * cell for name, cell in cells.items() if cell is not None}
    if row.bound == "range":
        moved["low"], moved["high"] = sorted((moved["low"], moved["high"]))
    if row.unit == "percent":
        return {name: _percent(x) for name, x in moved.items()}
    if row.rounding:
        moved["rounding"] = abs(ratio) * row.rounding
    return {name: _text(cell) for name, cell in moved.items()}


def _said(row: Observation, figure: float, place: float) -> float:
    """The percentage that is said when a figure lies at a place of all that it may stand for."""

    def at(value: float) -> float:
        low, high = ends(row.model_copy(update={"value": value}))
        return low + place * (high - low)

    return (figure - at(0.0)) / (at(1.0) - at(0.0))


def _percent(value: float) -> str:
    return _text(float(np.clip(value, LEAST, 100.0 - LEAST)))


def _text(value: float) -> str:
    return f"{value:.6g}" if abs(value) < 1000 else f"{value:.0f}"
