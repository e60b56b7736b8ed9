"""The agent engine leads every person through the same life as the plain twin."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.worlds import clock_of, model_of, values_of, world_of

from nostoi.base.phases import Phases
from nostoi.engine.agents.columns import STATUS, People
from nostoi.engine.agents.run import Settings, run
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


def lives(model: Model, values: dict[str, Any]) -> tuple[People, list[list[tuple[Any, ...]]]]:
    """The people, and evening by evening and person by person what the agent engine says."""
    found: list[list[tuple[Any, ...]]] = []

    def watch(_: int, people: People) -> None:
        rows = zip(people.status, people.place, people.since, people.stay, strict=True)
        found.append([(STATUS[s], int(a), int(b), int(c)) for s, a, b, c in rows])

    settings = Settings(seed=11, people=PERSONS, everyone=True)
    return run(model, values, settings, watch=watch).people, found


def test_life_by_life(lively: tuple[Model, dict[str, Any]]) -> None:
    """All evenings of 500 persons in two years; every move happens."""
    model, values = lively
    first, wanted = lives(model, values)
    columns = zip(first.id.tolist(), first.group.tolist(), first.savings.tolist(), strict=True)
    people = [Person(*column) for column in columns]
    weight = model.world.who["persons"].sum() / PERSONS
    twin = Twin(model, values, 11, people, weight)
    seen = set()
    for t, evening in enumerate(wanted):
        before = [person.status for person in people]
        twin.play(t)
        mine = [(p.status, p.place, p.since, p.stay) for p in people]
        assert mine == evening, f"day {t}"
        seen |= {(a, p.status) for a, p in zip(before, people, strict=True) if a != p.status}
    assert seen == {
        ("home", "journey out"), ("journey out", "host"), ("host", "journey out"),
        ("host", "journey back"), ("journey back", "returned"), ("returned", "journey out"),
        ("home", "called up"), ("returned", "called up"),
    }  # fmt: skip


def test_small_parts_by_hand() -> None:
    assert [pick([1.0, 0.0, 3.0], u) for u in (0.1, 0.26, 0.99)] == [0, 2, 2]
    assert [longest_rule(d) for d in (0, 90, 91, 182, 183, 364, 365)] == [0, 0, 1, 1, 2, 2, 3]
