"""One person gets other papers: who changes, and why nobody else may."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.roads import busy_roads
from tests.worlds import clock_of, model_of, values_of, world_of

from nostoi.base.phases import Phases
from nostoi.engine.agents.columns import ROAD, WAY_BACK, People
from nostoi.engine.agents.crowd import apportion, make_crowd
from nostoi.engine.agents.run import Cast, Settings, play
from nostoi.engine.agents.scene import Fields
from nostoi.engine.agents.whereabouts import Steps, Trips, Whereabouts
from nostoi.engine.journeys.roads import Roads
from nostoi.engine.model import Model

PERSONS, WEEKS = 600, 45


@dataclass
class Diary:
    """All that is known of everybody on every evening, [day, column, person]."""

    days: list[np.ndarray] = field(default_factory=list)
    going: list[np.ndarray] = field(default_factory=list)
    trips: Trips | None = None

    @property
    def lives(self) -> np.ndarray:
        return np.array(self.days)

    @property
    def on_the_roads(self) -> np.ndarray:
        """Whether a person travelled on a day, [day, person]."""
        return np.array(self.going)


@lru_cache(maxsize=1)
def world() -> tuple[Model, dict[str, Any], Fields]:
    """Every rule on, but newcomers draw nobody and rumours are given: only queues are shared."""
    model = model_of(world_of(clock_of(WEEKS, 1), Phases(4, 4, 14), 3, 3))
    values = values_of(model, 3, scale=0.5)
    values["leave_base"], values["return_base"] = np.asarray(-11.0), np.asarray(-5.5)
    values["compatriots"] = 0.0 * values["compatriots"]
    still = np.full((model.world.clock.n, 3, 4), 0.3)
    return model, values, Fields(still, still)


def diary(room: float, papers: dict[int, int]) -> Diary:
    """A run with gates of so much room, and papers of single persons given."""
    model, values, fields = world()
    network = busy_roads()
    gates = replace(network.gates, limit=network.gates.limit * room)
    legs = replace(network.legs, capacity=network.legs.capacity * room)
    roads = Roads(replace(network, gates=gates, legs=legs), day_value=100.0)
    cast = Cast(
        make_crowd(apportion(model.world.who["persons"], PERSONS), model.world.savings), True
    )
    cast.papers = papers
    found = Diary()

    def watch(_: int, people: People) -> None:
        columns = (people.status, people.place, people.since, people.stay)
        found.days.append(np.stack(columns).astype(float))
        found.going.append((people.status == ROAD) | (people.status == WAY_BACK))

    def follow(_: int, where: Whereabouts, steps: Steps) -> None:
        columns = (where.home, where.town, where.gate, where.leg, where.spent)
        found.days[-1] = np.concatenate([found.days[-1], np.stack(columns).astype(float)])
        found.going[-1][steps.row] = True

    done = play(
        model, values, Settings(9), cast, fields=fields, roads=roads, watch=watch, follow=follow
    )
    found.trips = done.trips
    return found


@lru_cache(maxsize=2)
def usual(room: float) -> Diary:
    """The run in which nobody's papers are given."""
    return diary(room, {})


def first_days(before: Diary, after: Diary) -> np.ndarray:
    """First day on which each person's life differs; the number of days if on none, [person]."""
    differs = (before.lives != after.lives).any(1)
    return np.where(differs.any(0), differs.argmax(0), len(differs))


def travellers() -> list[int]:
    """Persons who travel at all."""
    went = usual(1.0).on_the_roads.any(0)
    return np.flatnonzero(went).tolist()


def test_nothing_changes_without_a_change() -> None:
    for room in (1.0, 1e9):
        np.testing.assert_array_equal(usual(room).lives, diary(room, {}).lives)


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_without_queues_only_the_person_changes(data: st.DataObject) -> None:
    """With room for all at every gate, papers of one person are nobody else's matter."""
    person = data.draw(st.sampled_from(travellers()))
    papers = data.draw(st.integers(0, 2))
    first = first_days(usual(1e9), diary(1e9, {person: papers}))
    assert (np.delete(first, person) == len(usual(1e9).days)).all()


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_with_queues_only_those_who_meet_them_change(data: st.DataObject) -> None:
    """Nobody's life changes before the queues do, nor on a day on which they do not travel."""
    person = data.draw(st.sampled_from(travellers()))
    papers = data.draw(st.integers(0, 2))
    before, after = usual(1.0), diary(1.0, {person: papers})
    assert before.trips is not None and after.trips is not None
    first = first_days(before, after)
    queues = [
        np.concatenate([d.trips.queue, d.trips.passed], 1) for d in (before, after) if d.trips
    ]
    differ = np.flatnonzero((queues[0] != queues[1]).any(1))
    for other in np.flatnonzero(first < len(before.days)).tolist():
        if other == person:
            continue
        day = int(first[other])
        assert len(differ) and differ[0] <= day
        assert first[person] <= day
        assert before.on_the_roads[day, other] or after.on_the_roads[day, other]


def test_papers_matter_to_somebody_and_reach_others_by_the_queue() -> None:
    """Of the first persons tried, some change their own way, and some the wait of others."""
    own, others = 0, 0
    for person in travellers()[:12]:
        first = first_days(usual(1.0), diary(1.0, {person: 2}))
        changed = first < len(usual(1.0).days)
        own += bool(changed[person])
        changed[person] = False
        others += bool(changed.any())
    assert own >= 3 and others >= 1
