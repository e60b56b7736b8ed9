"""Papers: people wait for them before the first leg, and for none on the way home."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from tests.engine.agents.test_travel import DAY, lane, simple
from tests.worlds import clock_of, world_of

from nostoi.base.phases import Phases
from nostoi.case.schema import Route
from nostoi.engine.agents.run import Settings, run
from nostoi.engine.journeys.papers import papers_wait
from nostoi.engine.journeys.roads import Roads
from nostoi.world.routes import route_columns


def test_days_of_papers_pass_before_the_first_leg() -> None:
    """Arrivals are the departures of days of papers before, exponential, and of a leg of two.

    Ways home need no papers.
    """
    model, values = simple(26, 0.004, 0.01)
    world = world_of(clock_of(26, 1), Phases(4, 4, 14), 1, 1, {"papers_days": 9.0})
    model = replace(model, world=world)
    model.world.who["persons"][:] = 20_000
    found = run(model, values, Settings(3), roads=Roads(lane(2.0, 2.0), DAY)).record
    left = (found.leave + found.again)[:, 0]
    days = np.arange(len(left))
    # Within a day the hour of deciding is uniform, so that whole days late have this chance.
    late = _within(days - 2, 9.0) - _within(days - 3, 9.0)
    wanted = np.convolve(left, late)[: len(left)]
    assert np.abs(np.cumsum(found.arrive[:, 0] - wanted)).max() < 5 * np.sqrt(left.sum() / 4)
    assert found.arrive[:, 0].sum() > 3000
    back = np.diff(found.returned[:, 0, 0]) + found.again[1:, 0]
    np.testing.assert_array_equal(back[1:], found.go_home[:-2, 0])


def _within(days: Any, mean: float) -> Any:
    """Chance that an hour of the day and exponential days together end within whole days + 1."""
    end = np.maximum(days + 1.0, 0.0)
    whole = end - mean * -np.expm1(-end / mean)
    start = np.maximum(end - 1.0, 0.0)
    return whole - (start - mean * -np.expm1(-start / mean))


def test_wait_is_exponential() -> None:
    """Quantiles of the exponential distribution, and nothing where no papers are asked for."""
    luck = np.array([0.0, 0.5, 1.0 - np.exp(-2.0)])
    found = papers_wait(np.array([40.0, 10.0, 3.0]), luck)
    np.testing.assert_allclose(found, [0.0, 10.0 * np.log(2.0), 6.0])
    assert (papers_wait(np.zeros(3), luck) == 0.0).all()


def test_days_of_papers_are_those_of_the_best_route_and_of_its_detour() -> None:
    """A plane with papers until the end of March, then none: three times its cost and days."""
    clock = clock_of(26, 1)
    last = clock.start.replace(month=clock.start.month + 2)
    rows = [_route(days=40.0, papers_days=39.0, open_to=last), _route(days=60.0, cost=90_000.0)]
    found = route_columns(clock, "AAA", ("BBB",), rows)
    closed = clock.day(last) + 1
    assert (found["papers_days"][0, :closed] == 39.0).all()
    assert (found["papers_days"][0, closed:] == 0.0).all()
    alone = route_columns(clock, "AAA", ("BBB",), rows[:1])
    assert (alone["papers_days"][0, closed:] == 117.0).all()
    assert (alone["journey_days"][0, closed:] == 120.0).all()


def _route(days: float, papers_days: float = 0.0, **own: Any) -> Route:
    """A way from AAA to BBB."""
    row = {"from": "AAA", "to": "BBB", "mode": "plane", "days": days, "cost": 9.0, "unit": "AAC"}
    return Route.model_validate(row | {"papers_days": papers_days} | own)
