"""The agent engine leads every person through the same life as the plain twin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from tests.engine.roads import busy_roads
from tests.worlds import clock_of, model_of, values_of, world_of

from nostoi.base.phases import Phases
from nostoi.engine.agents.columns import STATUS, People, no_people
from nostoi.engine.agents.run import Settings, run
from nostoi.engine.agents.whereabouts import Steps, Trips, Whereabouts
from nostoi.engine.journeys.roads import Roads
from nostoi.engine.model import Model
from nostoi.engine.twin import Person, Twin, longest_rule, pick

PERSONS, WEEKS = 500, 104


@pytest.fixture(scope="module")
def lively() -> tuple[Model, dict[str, Any]]:
    """Two years, three groups and hosts, every rule on, and rates at which much happens."""
    model = model_of(world_of(clock_of(WEEKS, 1), Phases(4, 4, 14), 3, 3))
    values = values_of(model, 3, scale=0.5)
    values["leave_base"] = np.asarray(-11.0)
    values["return_base"] = np.asarray(-5.5)
    values["call_up_base"] = np.asarray(5.0)
    return model, values


@dataclass
class Evenings:
    """What the agent engine says, evening by evening and person by person."""

    people: People
    status: list[list[tuple[Any, ...]]] = field(default_factory=list)
    where: list[list[tuple[Any, ...]]] = field(default_factory=list)
    trips: Trips | None = None


def lives(model: Model, values: dict[str, Any], roads: Roads | None) -> Evenings:
    """All evenings of a run of the agent engine."""
    found = Evenings(no_people(0))

    def watch(_: int, people: People) -> None:
        rows = zip(people.status, people.place, people.since, people.stay, strict=True)
        found.status.append([(STATUS[s], int(a), int(b), int(c)) for s, a, b, c in rows])

    def follow(_: int, where: Whereabouts, __: Steps) -> None:
        columns = (where.home, where.papers, where.town, where.gate, where.spent)
        found.where.append(list(zip(*(column.tolist() for column in columns), strict=True)))

    settings = Settings(seed=11, people=PERSONS, everyone=True)
    end = run(model, values, settings, roads=roads, watch=watch, follow=follow)
    found.people, found.trips = end.people, end.trips
    return found


def twin_of(model: Model, values: dict[str, Any], people: People, roads: Roads | None) -> Twin:
    """The same persons, at home."""
    columns = zip(people.id.tolist(), people.group.tolist(), people.savings.tolist(), strict=True)
    weight = model.world.who["persons"].sum() / PERSONS
    return Twin(model, values, 11, [Person(*column) for column in columns], weight, roads)


MOVES = {
    ("home", "journey out"), ("journey out", "host"), ("host", "journey out"),
    ("host", "journey back"), ("journey back", "returned"), ("returned", "journey out"),
    ("home", "called up"), ("returned", "called up"),
}  # fmt: skip


def test_life_by_life(lively: tuple[Model, dict[str, Any]]) -> None:
    """All evenings of 500 persons in two years; every move happens."""
    model, values = lively
    wanted = lives(model, values, None)
    twin = twin_of(model, values, wanted.people, None)
    seen = set()
    for t, evening in enumerate(wanted.status):
        before = [person.status for person in twin.people]
        twin.play(t)
        mine = [(p.status, p.place, p.since, p.stay) for p in twin.people]
        assert mine == evening, f"day {t}"
        seen |= {(a, p.status) for a, p in zip(before, twin.people, strict=True) if a != p.status}
    assert seen == MOVES


def test_life_by_life_on_the_roads(lively: tuple[Model, dict[str, Any]]) -> None:
    """The same leg by leg: towns, queues, money, ways that close, places that are on no map."""
    model, values = lively
    roads = Roads(busy_roads(), day_value=100.0)
    wanted = lives(model, values, roads)
    twin = twin_of(model, values, wanted.people, roads)
    seen, queued = set(), 0
    for t, (evening, towns) in enumerate(zip(wanted.status, wanted.where, strict=True)):
        before = [person.status for person in twin.people]
        twin.play(t)
        mine = [(p.status, p.place, p.since, p.stay) for p in twin.people]
        assert mine == evening, f"day {t}"
        gates = [-1 if p.trip is None else p.trip.gate for p in twin.people]
        told = [
            (p.home, p.papers, p.town, g, p.spent) for p, g in zip(twin.people, gates, strict=True)
        ]
        assert told == towns, f"day {t}"
        queued += sum(gate >= 0 for gate in gates)
        seen |= {(a, p.status) for a, p in zip(before, twin.people, strict=True) if a != p.status}
    trips = wanted.trips
    assert trips is not None
    assert trips.turned.sum() > 5 and trips.unmapped.sum() > 50 and queued > 500
    assert (trips.legs > 0).all() and (trips.queue.max(0) > 2).sum() == 4
    assert seen >= MOVES


def test_small_parts_by_hand() -> None:
    assert [pick([1.0, 0.0, 3.0], u) for u in (0.1, 0.26, 0.99)] == [0, 2, 2]
    assert [longest_rule(d) for d in (0, 90, 91, 182, 183, 364, 365)] == [0, 0, 1, 1, 2, 2, 3]
