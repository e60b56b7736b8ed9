"""Runs of a case by either engine, as one labelled file with its provenance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Literal

import numpy as np
import xarray as xr

from nostoi import __version__
from nostoi.base.errors import Finding, NostoiError
from nostoi.base.phases import RULES
from nostoi.base.record import Record
from nostoi.case.build import savings_of
from nostoi.case.case import Case
from nostoi.engine import cohorts
from nostoi.engine.agents.run import Settings, run
from nostoi.engine.agents.whereabouts import Trips
from nostoi.engine.daily import RUNGS, daily, model_of, roads_of
from nostoi.engine.journeys.roads import Roads
from nostoi.engine.model import Model
from nostoi.infer.drive import Values, posterior_draws, prior_medians
from nostoi.world.world import World

FORMAT = 1
LIBRARIES = ("numba", "jax", "numpy", "xarray", "h5netcdf")
Engine = Literal["agents", "cohorts"]
Hear = Callable[[int, int], None]

AXES: dict[str, tuple[str, ...]] = {
    "leave": ("date", "group"),
    "again": ("date", "group"),
    "leave_to": ("date", "place"),
    "arrive": ("date", "place"),
    "arrive_on": ("date", "place"),
    "go_home": ("date", "place"),
    "go_on": ("date", "place"),
    "go_home_group": ("date", "group"),
    "exits": ("date", "rule", "place"),
    "onward": ("place_from", "place"),
    "abroad": ("date", "rule", "place"),
    "abroad_group": ("date", "rule", "group"),
    "on_the_way": ("date",),
    "returned": ("date", "rule", "group"),
    "returned_once": ("date", "rule"),
    "home": ("date", "group"),
    "called_up": ("date", "group"),
    "belief": ("date", "group"),
    "rumour": ("date", "group"),
    "exposed_arrive": ("date", "place"),
    "exposed_exit": ("date", "place"),
}
"""Axes of every part of a record in the file; `draw` comes first."""

SHARES = ("belief", "rumour")
QUEUE = ("draw", "date", "post")


@dataclass(frozen=True)
class Order:
    """What to run.

    Attributes:
        engine: agents or cohorts; both on a clock of days.
        people: agents in all, None = one for every person.
        seed: of the random numbers.
        threads: workers of the agent engine.
        fit: fit folder whose draws drive the runs, None = prior medians.
        draws: how many of them.
        journeys: whether agents travel leg by leg where the case has towns and legs.
    """

    engine: Engine = "agents"
    people: int | None = None
    seed: int = 0
    threads: int = 2
    fit: Path | None = None
    draws: int = 1
    journeys: bool = True


def run_case(case: Case, order: Order, hear: Hear = lambda _done, _total: None) -> xr.Dataset:
    """Runs a case and labels what came out; dims draw, date, place, group, rule.

    Raises:
        NostoiError: N301 for more people than the case has; N512 for a fit that cannot serve.
    """
    model = model_of(case)
    persons = float(model.world.who["persons"].sum())
    if order.people is not None and not 1 <= order.people <= persons:
        what = f"{order.people} people asked for, the case has {persons:.0f}"
        raise NostoiError(Finding(301, what, do="choose a number from 1 to that"))
    if order.fit is None:
        values = [prior_medians(model)]
    else:
        values = posterior_draws(model, order.fit, case.hash, order.draws, order.seed)
    today = daily(case, model)
    roads = roads_of(case) if order.journeys and order.engine == "agents" else None
    records, seen = [], []
    for done, one in enumerate(values):
        hear(done, len(values))
        record, trips = one_run(case, today, one, order, done, roads)
        records.append(record)
        seen.append(trips)
    hear(len(values), len(values))
    return with_roads(label(case, today.world, records, order), roads, seen)


def one_run(
    case: Case, model: Model, values: Values, order: Order, draw: int, roads: Roads | None
) -> tuple[Record, Trips | None]:
    """The record of one run, and what it saw of journeys; each draw has a seed of its own."""
    if order.engine == "cohorts":
        return Record(*(np.asarray(part) for part in cohorts.run(model, values))), None
    settings = Settings(seed=order.seed + draw, people=order.people, threads=order.threads)
    ladder = savings_of(case, RUNGS)
    found = run(model, values, settings, ladder=ladder, roads=roads)
    return found.record, found.trips


def with_roads(data: xr.Dataset, roads: Roads | None, seen: list[Trips | None]) -> xr.Dataset:
    """The data set with the queues at border posts, dims draw, date, post; the same without roads.

    `queue`: persons who wait in the evening; `wait`: days of waiting for who joins then.
    """
    trips = [one for one in seen if one is not None]
    data.attrs["journeys"] = "leg by leg" if trips else "exponential"
    if roads is None or not trips:
        return data
    gates, weight = roads.network.gates, float(data.attrs["persons_per_agent"])
    data["queue"] = QUEUE, weight * np.stack([one.queue[:, gates.post] for one in trips])
    data["wait"] = QUEUE, np.stack([one.wait[:, gates.post] for one in trips])
    data["queue"].attrs["units"], data["wait"].attrs["units"] = "persons", "days"
    posts = [roads.network.towns.names[town] for town in gates.town[gates.post]]
    return data.assign_coords(post=posts)


def label(case: Case, world: World, records: list[Record], order: Order) -> xr.Dataset:
    """Records as one data set with labels, units and provenance."""
    data = {
        name: (
            ("draw", *axes),
            np.stack([np.asarray(getattr(record, name), float) for record in records]),
            {"units": "share" if name in SHARES else "persons"},
        )
        for name, axes in AXES.items()
    }
    ends = np.asarray(world.clock.edges[1:]) - 1
    coords = {
        "draw": np.arange(len(records)),
        "date": np.array([np.datetime64(world.clock.on(int(d)), "ns") for d in ends]),
        "place": list(world.hosts),
        "place_from": list(world.hosts),
        "group": list(world.groups),
        "rule": list(RULES),
    }
    versions = " ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES)
    persons = float(world.who["persons"].sum())
    agents = order.people or round(persons)
    attrs = {
        "Conventions": "CF-1.11",
        "format": FORMAT,
        "title": case.spec.title,
        "source": f"nostoi {__version__}, case {case.spec.name} {case.hash}",
        "history": f"{datetime.now(UTC).isoformat(timespec='seconds')} nostoi run",
        "comment": "synthetic: no records of persons; flows per day, stocks at the day's end",
        "engine": order.engine,
        "seed": order.seed,
        "agents": agents if order.engine == "agents" else 0,
        "persons_per_agent": persons / agents if order.engine == "agents" else 0.0,
        "parameters": f"draws of {order.fit}" if order.fit else "prior medians",
        "libraries": versions,
    }
    return xr.Dataset(data, coords, attrs)


def summary(data: xr.Dataset) -> dict[str, float]:
    """Headline numbers of a run, means over its draws, in persons."""
    mean = data.mean("draw")
    last = mean.isel(date=-1)
    return {
        "left": float(mean["leave"].sum()),
        "left_again": float(mean["again"].sum()),
        "moved_on": float(mean["go_on"].sum()),
        "went_home": float(mean["go_home"].sum()),
        "abroad": float(last["abroad"].sel(rule="any").sum()),
        "returned": float(last["returned"].sel(rule="any").sum()),
        "called_up": float(last["called_up"].sum()),
    }
