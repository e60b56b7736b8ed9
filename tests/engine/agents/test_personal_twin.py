"""Personal columns: life by life as in the plain twin, and one person's value is nobody else's."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from benchmarks.exit_return import engine, rules, work
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.roads import busy_roads
from tests.worlds import clock_of, model_of, values_of, world_of

from nostoi.base.maths import where
from nostoi.base.phases import Phases
from nostoi.engine.agents.columns import STATUS, People
from nostoi.engine.agents.own import Own, Span
from nostoi.engine.agents.run import AgentRun, Settings, cast_of, get_ready
from nostoi.engine.agents.scene import Fields, mean_fields
from nostoi.engine.journeys.roads import Roads
from nostoi.engine.model import Model
from nostoi.engine.twin import Person, Twin
from nostoi.rules.card import drift, mean, pull, push
from nostoi.rules.moves import RULES

PERSONS, SEED = 150, 11
SAID = {"source": "test", "part": "test"}


@mean("hopeful", **SAID)
def hopeful(who: Any, at: Any, now: Any, p: Any) -> Any:
    """A place knows how many hope, those abroad twice as loud."""
    return where(who.hope > 0.5, 0.3, 0.0) * (1.0 + who.abroad) * (1.0 + who.exposure)


@drift("hope", **SAID)
def chance_news(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Some hear something on a day."""
    return where(who.luck < 0.02, 0.4, 0.0) - where(who.luck > 0.98, 0.4, 0.0)


@drift("hope", **SAID)
def talk(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Hope follows the place, the faster the longer somebody is there."""
    return p.talk * (at.hopeful + 0.2 * now.mobilisation - who.hope) * (1.0 + 0.01 * who.days)


@drift("savings", **SAID)
def earn(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Months put by at home and used abroad, less where hope is high."""
    return where(who.abroad > 0.5, -0.01, 0.004) * (1.5 - who.hope)


@drift("savings.leave", "savings.leave_again", "savings.move_on", **SAID)
def fare(who: Any, at: Any, now: Any, p: Any) -> Any:
    """A journey costs."""
    return -0.3 * at.journey_cost


@drift("hope.go_home", **SAID)
def homecoming(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Who goes home is glad."""
    return 0.2 + 0.1 * who.remote


@push("leave", "leave_again", "move_on", **SAID)
def go_for_hope(who: Any, at: Any, now: Any, p: Any) -> Any:
    """Hope makes people go."""
    return 1.5 * who.hope


OWN_RULES = (*RULES, hopeful, chance_news, talk, earn, fare, homecoming, go_for_hope)


@dataclass
class Lives:
    """All evenings of a run, and the run."""

    days: list[list[tuple[Any, ...]]] = field(default_factory=list)
    run: AgentRun | None = None


@lru_cache(maxsize=1)
def lively() -> tuple[Model, dict[str, Any]]:
    """Seven months, every rule on, and rates at which much happens."""
    model = model_of(world_of(clock_of(30, 1), Phases(4, 4, 14), 3, 3), OWN_RULES)
    values = values_of(model, 3, scale=0.5)
    values["leave_base"], values["return_base"] = np.asarray(-8.0), np.asarray(-4.5)
    values["call_up_base"], values["talk"] = np.asarray(5.0), np.asarray(0.02)
    return model, values


def own_of(hope: dict[int, float] | None = None) -> Own:
    """Hope of any height and savings for a journey; some persons' hope given."""
    rng = np.random.default_rng(8)
    start = {"hope": rng.uniform(0.0, 1.0, PERSONS), "savings": rng.uniform(0.1, 6.0, PERSONS)}
    for person, value in (hope or {}).items():
        start["hope"][person] = value
    return Own((Span("hope", 0.0, 1.0), Span("savings", 0.05)), start)


def lives(
    model: Model, values: dict[str, Any], own: Own, fields: Fields, roads: Roads | None = None
) -> Lives:
    """A run of the agent engine."""
    found = Lives()

    def watch(_: int, people: People) -> None:
        rows = zip(people.status, people.place, people.since, people.stay, strict=True)
        found.days.append([(STATUS[s], int(a), int(b), int(c)) for s, a, b, c in rows])

    persons = len(next(iter(own.start.values())))
    order = Settings(seed=SEED, people=persons, everyone=True, threads=2, chunk=100)
    cast = cast_of(model, order)
    found.run = get_ready(model, values, order, cast, fields, own, roads).play(watch)
    return found


def agrees(
    model: Model, values: dict[str, Any], own: Own, fields: Fields, roads: Roads | None = None
) -> set[tuple[str, str]]:
    """Holds every evening of every person and the last columns together; moves that happened."""
    wanted = lives(model, values, own, fields, roads)
    assert wanted.run is not None
    people, seen = wanted.run.people, set()
    rows = zip(people.id.tolist(), people.group.tolist(), people.savings.tolist(), strict=True)
    weight = model.world.who["persons"].sum() / len(people.id)
    twin = Twin(model, values, SEED, [Person(*row) for row in rows], weight, roads, own)
    for t, evening in enumerate(wanted.days):
        before = [person.status for person in twin.people]
        twin.play(t)
        assert [(p.status, p.place, p.since, p.stay) for p in twin.people] == evening, f"day {t}"
        seen |= {(a, p.status) for a, p in zip(before, twin.people, strict=True) if a != p.status}
    for name, column in wanted.run.own.items():
        mine = [person.own[name] for person in twin.people]
        np.testing.assert_allclose(mine, column, rtol=1e-6, atol=1e-9, err_msg=name)
    return seen


@pytest.mark.parametrize("travels", [False, True])
def test_life_by_life_with_columns_of_their_own(travels: bool) -> None:
    model, values = lively()
    roads = Roads(busy_roads(), day_value=100.0) if travels else None
    seen = agrees(model, values, own_of(), mean_fields(model, values), roads)
    for move in (("host", "journey back"), ("home", "journey out"), ("journey back", "returned")):
        assert move in seen


def test_life_by_life_in_the_common_work() -> None:
    """Narrow columns, journeys in no time, nobody drawn by places."""
    model = Model(engine.world_of(60), rules.RULES, ())
    still = np.zeros((work.DAYS, work.GROUPS, 1 + work.HOSTS))
    seen = agrees(model, engine.values_of(), engine.own_of(60, 3), Fields(still, still))
    assert {("home", "host"), ("host", "returned"), ("returned", "host")} <= seen


@lru_cache(maxsize=2)
def alone(shared: bool) -> tuple[Model, dict[str, Any], Fields]:
    """Nobody draws others but by what a place knows of its people, if that is shared."""
    model, values = lively()
    talk = np.asarray(0.02 if shared else 0.0)
    values = values | {"compatriots": 0.0 * values["compatriots"], "talk": talk}
    still = np.full((model.world.clock.n, 3, 4), 0.3)
    return model, values, Fields(still, still)


def diary(shared: bool, hope: dict[int, float]) -> list[list[tuple[Any, ...]]]:
    """Lives with the hope of some persons given."""
    model, values, fields = alone(shared)
    return lives(model, values, own_of(hope), fields).days


@lru_cache(maxsize=2)
def usual(shared: bool) -> list[list[tuple[Any, ...]]]:
    return diary(shared, {})


def changed(before: list[Any], after: list[Any]) -> dict[int, int]:
    """First day on which each changed life differs, by person."""
    found: dict[int, int] = {}
    for t, (one, other) in enumerate(zip(before, after, strict=True)):
        for person, (a, b) in enumerate(zip(one, other, strict=True)):
            if a != b:
                found.setdefault(person, t)
    return found


def place_of(life: tuple[Any, ...]) -> int | None:
    """Where a place knows of somebody: a host, -1 at home, None on the way."""
    if life[0] == "host":
        return int(life[1])
    return -1 if life[0] in ("home", "returned") else None


def test_nothing_changes_without_a_change() -> None:
    for shared in (False, True):
        assert diary(shared, {}) == usual(shared)


@settings(max_examples=8, deadline=None)
@given(person=st.integers(0, PERSONS - 1), hope=st.floats(0.0, 1.0))
def test_where_nothing_is_shared_only_the_person_changes(person: int, hope: float) -> None:
    assert set(changed(usual(False), diary(False, {person: hope}))) <= {person}


@settings(max_examples=8, deadline=None)
@given(person=st.integers(0, PERSONS - 1), hope=st.floats(0.0, 1.0))
def test_only_lives_that_met_the_field_of_the_person_change(person: int, hope: float) -> None:
    """News spreads by places: who changes was, on an evening before, where somebody changed was.

    Those touched are followed from place to place: at first the person, then all who share an
    evening with somebody touched.
    """
    before, after = usual(True), diary(True, {person: hope})
    first = changed(before, after)
    touched = {person}
    for t in range(len(before)):
        new = {p for p, day in first.items() if day == t}
        assert new <= touched, f"day {t}"
        for story in (before[t], after[t]):
            places = {place_of(story[p]) for p in touched} - {None}
            touched |= {p for p in range(PERSONS) if place_of(story[p]) in places}


def test_the_choice_of_a_place_reads_no_column_of_a_person() -> None:
    @pull(**SAID)
    def hope_for(who: Any, at: Any, now: Any, p: Any) -> Any:
        """Hope draws people far."""
        return who.hope

    model, values = lively()
    with pytest.raises(ValueError, match="hope_for"):
        broken = replace(model, rules=(*model.rules, hope_for))
        lives(broken, values, own_of(), alone(True)[2])
