"""Workers, chunks and order change nothing; nobody is lost; counts and records have one law."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp
from tests.worlds import clock_of, model_of, values_of, world_of

from nostoi.base.phases import Phases
from nostoi.base.record import Record
from nostoi.engine.agents.columns import People
from nostoi.engine.agents.crowd import apportion, make_crowd
from nostoi.engine.agents.run import AgentRun, Cast, Settings, play, run
from nostoi.engine.agents.scene import Fields, mean_fields
from nostoi.engine.model import Model

PEOPLE = 2000


@pytest.fixture(scope="module")
def model() -> Model:
    """Every rule, three groups and hosts, thirty weeks of days."""
    return model_of(world_of(clock_of(30, 1), Phases(4, 4, 14), 3, 3))


@pytest.fixture(scope="module")
def values(model: Model) -> dict[str, Any]:
    """Parameters at which a good part leaves and comes back."""
    found = values_of(model, 3, scale=0.5)
    found["leave_base"], found["return_base"] = np.asarray(-11.0), np.asarray(-5.5)
    return found


@pytest.fixture(scope="module")
def fields(model: Model, values: dict[str, Any]) -> Fields:
    """Belief and rumour, made once."""
    return mean_fields(model, values)


def bytes_of(found: AgentRun) -> list[bytes]:
    """All that a run leaves behind, but for the spare room."""
    return [np.asarray(part).tobytes() for part in (*found.record, *found.people)]


@pytest.mark.parametrize("everyone", [False, True])
def test_same_bytes_whatever_the_work(
    model: Model, values: dict[str, Any], fields: Fields, everyone: bool
) -> None:
    base = Settings(seed=5, people=PEOPLE, everyone=everyone)
    wanted = bytes_of(run(model, values, base, fields=fields))
    for threads, chunk in ((2, 65_536), (1, 61), (3, 100)):
        other = replace(base, threads=threads, chunk=chunk)
        assert bytes_of(run(model, values, other, fields=fields)) == wanted
    assert bytes_of(run(model, values, replace(base, seed=6), fields=fields)) != wanted


def test_nobody_is_lost_on_any_day(model: Model, values: dict[str, Any], fields: Fields) -> None:
    """In whole persons, evening by evening, and flows agree with the change of stocks."""
    model = replace(model, world=replace(model.world, who=dict(model.world.who)))
    model.world.who["persons"] = np.array([1500.0, 2000.0, 501.0])
    r = run(model, values, Settings(seed=2), fields=fields).record
    everybody = r.home.sum(1) + r.abroad[:, 0].sum(1) + r.on_the_way + r.returned[:, 0].sum(1)
    assert (everybody + r.called_up.sum(1) == 4001.0).all()
    stock = r.abroad[:, 0]
    np.testing.assert_array_equal(np.diff(stock, axis=0), (r.arrive - r.go_home - r.go_on)[1:])
    np.testing.assert_array_equal(r.leave_to.sum(1), (r.leave + r.again).sum(1))
    np.testing.assert_array_equal(r.exits[:, 0], r.go_home + r.go_on)
    np.testing.assert_array_equal(r.go_home.sum(1), r.go_home_group.sum(1))
    for name in ("abroad", "abroad_group", "returned", "returned_once", "exits"):
        assert (np.diff(getattr(r, name), axis=1) <= 0).all(), name


def test_counts_have_the_law_of_records(
    model: Model, values: dict[str, Any], fields: Fields
) -> None:
    """Runs each way: no flow, stock or mean of savings tells which was which."""

    def measures(everyone: bool, first: int) -> np.ndarray:
        rows = []
        for seed in range(first, first + 24):
            found = run(model, values, Settings(seed, 1500, everyone=everyone), fields=fields)
            r: Record = found.record
            moved = found.people.status > 0
            called = r.called_up[-1]
            parts = (r.leave[:80].sum(0), r.leave.sum(0), r.leave_to.sum(0), called)
            sums = (r.again.sum(), r.go_home.sum(), r.go_on.sum(), r.abroad[-1, 1].sum())
            rows.append([*np.concatenate(parts), *sums, found.people.savings[moved].mean()])
        return np.array(rows)

    one, two = measures(False, 0), measures(True, 1000)
    chances = [ks_2samp(a, b).pvalue for a, b in zip(one.T, two.T, strict=True)]
    assert min(chances) > 0.05 / len(chances) / 5
    agents = two.mean(0) * 1500.0 / model.world.who["persons"].sum()
    agents[-1] = 1500.0  # the mean of savings is one number per run
    many = agents > 5.0  # the spread of a handful of rare events tells nothing
    spread = one.std(0) / np.maximum(two.std(0), 1e-9)
    assert many.sum() >= 8
    assert ((spread > 0.5) & (spread < 2.0))[many].all()


def diary(model: Model, values: dict[str, Any], cast: Cast, fields: Fields) -> np.ndarray:
    """Status, place and since of everybody on every evening, [day, column, person]."""
    days: list[np.ndarray] = []

    def watch(_: int, people: People) -> None:
        days.append(np.stack([people.status, people.place, people.since]))

    play(model, values, Settings(seed=9), cast, fields=fields, watch=watch)
    return np.array(days)


def cast_of(model: Model, size: int = 600) -> Cast:
    """Everybody with a record."""
    persons = apportion(model.world.who["persons"], size)
    return Cast(make_crowd(persons, model.world.savings), everyone=True)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 599), st.integers(0, 2), st.floats(0.05, 30.0), st.booleans())
def test_a_changed_person_touches_only_those_they_meet(
    person: int, group: int, savings: float, meets: bool
) -> None:
    """Another group and other savings for one: nobody else before the first evening on which the
    changed person is, or is no longer, in a host; nobody at all where newcomers draw nobody.
    """
    world = world_of(clock_of(30, 1), Phases(4, 4, 14), 3, 3)
    model = model_of(world)
    values = values_of(model, 3, scale=0.5)
    values["leave_base"], values["return_base"] = np.asarray(-11.0), np.asarray(-5.5)
    values["compatriots"] = values["compatriots"] * meets
    still = np.full((world.clock.n, 3, 4), 0.3)
    fields = Fields(still, still)
    cast, other = cast_of(model), cast_of(model)
    before = diary(model, values, cast, fields)
    np.testing.assert_array_equal(before, diary(model, values, cast_of(model), fields))
    other.people.group[person], other.people.savings[person] = group, savings
    after = diary(model, values, other, fields)
    changed = (before != after).any(1)
    changed[:, person] = False
    seen = [(d[:, 0, person] == 2) * (1 + d[:, 1, person]) for d in (before, after)]
    met = np.flatnonzero(seen[0] != seen[1])
    first = met[0] + 1 if len(met) and meets else len(changed)
    assert not changed[:first].any()
