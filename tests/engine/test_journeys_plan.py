"""Best journeys against sums by hand and against another algorithm."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.roads import START, L, T, network, no_waits, on

from nostoi.engine.journeys.plan import best_plan, goal_towns, leg_prices, place_goal, totals, way
from nostoi.engine.journeys.timetable import timetable
from nostoi.world.network import Network, make_network

TOWNS = [
    T("a", weight=1.0),
    T("b"),
    T("gate", kind="post", capacity=100.0),
    T("x", "BBB"),
    T("y", "BBB"),
    T("z", "CCC"),
]
LEGS = [
    L("a", "b", days=1.0, cost=10.0, mode="train"),
    L("b", "gate", days=1.0, cost=20.0, mode="bus"),
    L("gate", "x", days=0.5, cost=5.0),
    L("a", "gate", days=0.5, cost=80.0, mode="plane"),
    L("a", "y", days=0.5, cost=300.0, mode="plane", papers="passport"),
    L("x", "y", days=0.5, cost=1.0, mode="bus"),
    L("a", "z", days=1.0, cost=50.0, mode="plane", papers="visa", open_to=on(9)),
    L("y", "z", days=1.0, cost=60.0, mode="plane", open_from=on(5), open_to=on(19)),
    L("x", "gate", days=0.5, cost=5.0),
    L("gate", "b", days=1.0, cost=20.0, mode="bus"),
]
INTERNAL, PASSPORT, VISA = 0, 1, 2


@pytest.fixture
def roads() -> Network:
    return network(TOWNS, LEGS)


def to(roads: Network, town: str) -> int:
    return roads.towns.index(town)


def stops(roads: Network, legs: list[int]) -> list[str]:
    return [roads.towns.names[roads.legs.end[leg]] for leg in legs]


def test_the_cheap_way_when_a_day_is_worth_little(roads: Network) -> None:
    """a-b-gate-x costs 35 and 2.5 days: at 10 a day 60; by air to the gate 85 and 1 day: 95."""
    plan = best_plan(roads, 0, no_waits(roads), 10.0)
    at = (INTERNAL, to(roads, "x"), to(roads, "a"))
    assert plan.cost[at] == pytest.approx(60.0)
    assert stops(roads, way(roads, plan, *at)) == ["b", "gate", "x"]
    money, days = totals(roads, plan, *at[:2])
    assert (money[at[2]], days[at[2]]) == (pytest.approx(35.0), pytest.approx(2.5))


def test_the_fast_way_when_a_day_is_worth_much(roads: Network) -> None:
    """At 50 a day 160 against 135."""
    plan = best_plan(roads, 0, no_waits(roads), 50.0)
    at = (INTERNAL, to(roads, "x"), to(roads, "a"))
    assert plan.cost[at] == pytest.approx(135.0)
    assert stops(roads, way(roads, plan, *at)) == ["gate", "x"]


def test_papers_open_ways_and_a_place_is_its_nearest_town(roads: Network) -> None:
    """At 50 a day y costs 161 + 0 by land, 325 by air: nobody with a passport flies; the price of
    BBB is that of x. At 1,000 a day the flight (800) beats the land (1,586).
    """
    slow, fast = (best_plan(roads, 0, no_waits(roads), v) for v in (50.0, 1000.0))
    y, a, bbb = to(roads, "y"), to(roads, "a"), place_goal(roads, "BBB")
    assert slow.cost[PASSPORT, y, a] == pytest.approx(161.0)
    assert slow.cost[PASSPORT, bbb, a] == pytest.approx(135.0)
    assert fast.cost[INTERNAL, y, a] == pytest.approx(1586.0)
    assert fast.cost[PASSPORT, y, a] == pytest.approx(800.0)


@pytest.mark.parametrize(
    ("day", "papers", "cost"),
    [
        (0, VISA, 100.0),
        (9, VISA, 100.0),
        (10, VISA, 161.0 + 60.0 + 50.0),
        (19, VISA, 161.0 + 60.0 + 50.0),
        (20, VISA, np.inf),
        (4, INTERNAL, np.inf),
        (5, INTERNAL, 161.0 + 60.0 + 50.0),
    ],
)
def test_legs_open_and_close_on_their_days(
    roads: Network, day: int, papers: int, cost: float
) -> None:
    plan = best_plan(roads, day, no_waits(roads), 50.0)
    at = (papers, to(roads, "z"), to(roads, "a"))
    assert plan.cost[at] == pytest.approx(cost)
    assert (way(roads, plan, *at) == []) is bool(np.isinf(cost))


def test_a_wait_turns_people_when_it_costs_more_than_the_rest(roads: Network) -> None:
    """By air 325 against 161 by land: from 3.28 days of waiting on, holders of a passport fly."""
    a, y = to(roads, "a"), to(roads, "y")
    for wait, legs in ((3.2, 3), (3.3, 1)):
        plan = best_plan(roads, 0, np.array([wait]), 50.0)
        assert len(way(roads, plan, PASSPORT, y, a)) == legs
        _, days = totals(roads, plan, PASSPORT, y)
        assert days[a] == pytest.approx(1.5 + wait if legs == 3 else 0.5)


def test_the_way_home_knows_no_queue(roads: Network) -> None:
    """Posts count who leaves their place."""
    plan = best_plan(roads, 0, np.array([1000.0]), 10.0)
    at = (INTERNAL, place_goal(roads, "AAA"), to(roads, "x"))
    assert plan.cost[at] == pytest.approx(5.0 + 5.0 + 20.0 + 10.0)


def test_a_post_is_no_home(roads: Network) -> None:
    towns = goal_towns(roads)[place_goal(roads, "AAA")]
    assert [name for name, in_ in zip(roads.towns.names, towns, strict=True) if in_] == ["a", "b"]


def test_days_must_be_worth_something(roads: Network) -> None:
    with pytest.raises(ValueError, match="worth more than 0"):
        best_plan(roads, 0, no_waits(roads), 0.0)


def test_changes_are_the_days_on_which_legs_open_or_close(roads: Network) -> None:
    assert roads.changes(15).tolist() == [0, 5, 10]
    assert roads.changes(100).tolist() == [0, 5, 10, 20]


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    die = Random(seed)  # noqa: S311
    towns, legs = TOWNS.copy(), LEGS.copy()
    die.shuffle(towns)
    die.shuffle(legs)
    one, other = network(TOWNS, LEGS), network(towns, legs)
    for day in (0, 7, 12):
        first = best_plan(one, day, np.array([0.7]), 30.0)
        second = best_plan(other, day, np.array([0.7]), 30.0)
        assert first.cost.tobytes() == second.cost.tobytes()
        assert first.take.tobytes() == second.take.tobytes()
        assert first.leave_leg.tobytes() == second.leave_leg.tobytes()


@given(data=st.data(), n=st.integers(2, 9))
@settings(max_examples=60, deadline=None)
def test_prices_are_those_of_another_algorithm(data: st.DataObject, n: int) -> None:
    """All pairs by Floyd and Warshall; and following the legs adds up to the price."""
    ends = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda e: e[0] != e[1])
    pairs = data.draw(st.lists(ends, max_size=30))
    legs = [
        L(f"t{a}", f"t{b}", days=data.draw(st.floats(0.01, 5)), cost=data.draw(st.floats(0, 99)))
        for a, b in pairs
    ]
    towns = [T(f"t{k}", weight=float(k == 0)) for k in range(n)]
    roads = make_network(START, ("AAA",), towns, legs)
    plan = best_plan(roads, 0, no_waits(roads), 7.0)
    far = np.where(np.eye(n, dtype=bool), 0.0, np.inf)
    _, price = leg_prices(roads, 0, no_waits(roads), 7.0, INTERNAL)
    np.minimum.at(far, (roads.legs.start, roads.legs.end), price)
    for mid in range(n):
        far = np.minimum(far, far[:, mid, None] + far[None, mid, :])
    np.testing.assert_allclose(plan.cost[INTERNAL, :n].T, far, rtol=1e-12)
    for goal in range(n):
        money, days = totals(roads, plan, INTERNAL, goal)
        np.testing.assert_allclose(money + 7.0 * days, far[:, goal], rtol=1e-12)


def test_who_is_let_through_and_who_leaves_the_queue(roads: Network) -> None:
    """At the gate: on to x for 5 + 0.5 days; back to b and by air from there is no way to x."""
    plan = best_plan(roads, 0, np.array([9.0]), 50.0)
    y = to(roads, "y")
    assert plan.pass_cost[PASSPORT, y, 0] == pytest.approx(30.0 + 26.0)
    assert stops(roads, [int(plan.pass_leg[PASSPORT, y, 0])]) == ["x"]
    assert stops(roads, [int(plan.leave_leg[PASSPORT, y, 0])]) == ["b"]


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_leaving_a_queue_is_the_best_of_all_other_legs(data: st.DataObject) -> None:
    """Against a plain loop over gates and legs, with several gates in one town."""
    cost = st.floats(0, 50)
    legs = [
        L("home", "mid", cost=data.draw(cost)),
        *(L("mid", "host", cost=data.draw(cost), mode=m, capacity=5.0) for m in ("bus", "plane")),
        L("mid", "other", cost=data.draw(cost), mode="train", capacity=3.0),
        L("mid", "host", cost=data.draw(cost), mode="foot"),
        L("other", "host", cost=data.draw(cost)),
    ]
    # At a post the legs across share one gate, so none of them is another way.
    mid = data.draw(st.sampled_from([T("mid"), T("mid", kind="post", capacity=5.0)]))
    roads = network([T("home", weight=1), mid, T("other"), T("host", "BBB")], legs)
    waits = np.array([data.draw(st.floats(0, 3)) for _ in range(roads.gates.n)])
    plan = best_plan(roads, 0, waits, 10.0)
    goal = place_goal(roads, "BBB")
    _, price = leg_prices(roads, 0, waits, 10.0, INTERNAL)
    for gate, town in enumerate(roads.gates.town):
        ways = [
            price[k] + plan.cost[INTERNAL, goal, roads.legs.end[k]]
            for k in range(roads.legs.n)
            if roads.legs.start[k] == town and roads.gates.of_leg[k] != gate
        ]
        assert plan.leave_cost[INTERNAL, goal, gate] == min(ways)


def test_a_timetable_is_its_days(roads: Network) -> None:
    table = timetable(roads, 25, 50.0)
    cost, money, days = table.to_places(VISA)
    assert cost.shape == money.shape == days.shape == (3, roads.towns.n, 25)
    for day in (0, 4, 5, 9, 10, 19, 20, 24):
        plan = best_plan(roads, day, no_waits(roads), 50.0)
        assert np.array_equal(table.plan_on(day).cost, plan.cost)
        goals = roads.towns.n + np.arange(3)
        assert np.array_equal(cost[:, :, day], plan.cost[VISA, goals])
    far = np.isfinite(cost)
    np.testing.assert_allclose(cost[far], money[far] + 50.0 * days[far])
