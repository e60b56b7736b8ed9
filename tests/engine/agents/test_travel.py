"""People on the roads: nobody is lost, the same bytes always, and answers that a pencil finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.roads import L, T, busy_roads, network, on
from tests.worlds import clock_of, constant_rates, model_of, values_of, world_of

from nostoi.base.phases import Phases
from nostoi.base.streams import seed_word, stream, two_uniforms
from nostoi.engine.agents.columns import BACK, HOME, HOST, ROAD, WAY_BACK, People
from nostoi.engine.agents.luck import uniforms
from nostoi.engine.agents.run import AgentRun, Settings, run
from nostoi.engine.agents.scene import Fields
from nostoi.engine.agents.whereabouts import Steps, Whereabouts
from nostoi.engine.journeys.roads import Roads
from nostoi.engine.model import Model
from nostoi.world.network import Network, make_network

PEOPLE = 1500
DAY = 100.0
AT_ONCE = {"papers_days": 0.0}


def lively(weeks: int = 45) -> tuple[Model, dict[str, Any], Fields]:
    """Every rule, rates at which much happens, and rumours that stand still."""
    model = model_of(world_of(clock_of(weeks, 1), Phases(4, 4, 14), 3, 3))
    values = values_of(model, 3, scale=0.5)
    values["leave_base"], values["return_base"] = np.asarray(-11.0), np.asarray(-5.5)
    still = np.full((model.world.clock.n, 3, 4), 0.3)
    return model, values, Fields(still, still)


def simple(weeks: int, leave: float, home: float) -> tuple[Model, dict[str, Any]]:
    """One group, one host and no rules; an agent is a person."""
    model = model_of(world_of(clock_of(weeks, 1), Phases(4, 4, 14), 1, 1, AT_ONCE), ())
    model.world.who["persons"][:] = 20_000
    return model, constant_rates(model.world, leave, home)


def lane(days_out: float, days_back: float, capacity: float | None = None) -> Network:
    """A home town, a host, and one leg each way."""
    return network(
        [T("home", weight=1.0), T("host", "BBB")],
        [L("home", "host", days_out, capacity=capacity), L("host", "home", days_back)],
    )


def bytes_of(found: AgentRun) -> list[bytes]:
    """All that a run leaves behind."""
    trips = found.trips or ()
    return [np.asarray(part).tobytes() for part in (*found.record, *found.people, *trips)]


def test_luck_of_many_is_that_of_each() -> None:
    persons = np.array([0, 1, 7, 2**33 + 5, 2**63 + 11], np.uint64)
    seed, name = seed_word(2**40 + 9), stream("town")
    u, v = uniforms(seed, name, persons, 731)
    alone = [two_uniforms(seed, name, person, np.uint64(731)) for person in persons]
    assert list(zip(u.tolist(), v.tolist(), strict=True)) == alone


@pytest.mark.parametrize("everyone", [False, True])
def test_same_bytes_whatever_the_work(everyone: bool) -> None:
    model, values, fields = lively()
    roads = Roads(busy_roads(), DAY)

    def play(**how: Any) -> list[bytes]:
        base = Settings(seed=5, people=PEOPLE, everyone=everyone)
        return bytes_of(run(model, values, replace(base, **how), fields=fields, roads=roads))

    wanted = play()
    for threads, chunk in ((2, 65_536), (1, 61), (3, 100)):
        assert play(threads=threads, chunk=chunk) == wanted
    assert play(seed=6) != wanted


def test_roads_that_lead_nowhere_change_nothing() -> None:
    """Where no road leads, trips are drawn with the luck of a run without roads."""
    model, values, fields = lively(20)
    start = [T("alpha", weight=2.0), T("beta", weight=1.0)]
    roads = Roads(network(start, [L("alpha", "beta")]), DAY)
    plain = run(model, values, Settings(2, PEOPLE), fields=fields)
    other = run(model, values, Settings(2, PEOPLE), fields=fields, roads=roads)
    assert bytes_of(replace(other, trips=None)) == bytes_of(plain)
    assert other.trips is not None and other.trips.set_out.sum() > 100
    np.testing.assert_array_equal(other.trips.set_out, other.trips.unmapped)
    off = run(model, values, Settings(2, PEOPLE, journeys=False), fields=fields, roads=roads)
    assert off.trips is None and bytes_of(off) == bytes_of(plain)


def test_a_leg_of_two_days_takes_two_days() -> None:
    """Arrivals are the departures of two days before, and so are those at home."""
    model, values = simple(26, 0.004, 0.01)
    found = run(model, values, Settings(3), roads=Roads(lane(2.0, 2.0), DAY)).record
    left = (found.leave + found.again)[:, 0]
    np.testing.assert_array_equal(found.arrive[2:, 0], left[:-2])
    back = np.diff(found.returned[:, 0, 0]) + found.again[1:, 0]
    np.testing.assert_array_equal(back[1:], found.go_home[:-2, 0])
    assert left.sum() > 5000 and found.go_home.sum() > 1000


def test_a_leg_of_a_quarter_of_a_day() -> None:
    """Whoever sets out before 18 h is there in the evening: three of four, the others next day."""
    model, values = simple(20, 0.004, 0.0)
    found = run(model, values, Settings(4), roads=Roads(lane(0.25, 1.0), DAY)).record
    left = found.leave[:, 0].sum()
    late = found.on_the_way.sum()
    assert abs(late / left - 0.25) < 5 * np.sqrt(0.25 * 0.75 / left)
    assert (found.on_the_way[:-1] <= found.arrive[1:, 0]).all()


def test_a_gate_lets_its_number_through() -> None:
    """Thirty a day pass; the queue is what came less what passed, and first come, first served."""
    model, values = simple(20, 0.004, 0.0)
    found = run(model, values, Settings(5), roads=Roads(lane(0.5, 1.0, 30.0), DAY))
    trips, record = found.trips, found.record
    assert trips is not None
    came, queue = record.leave[:, 0], 0
    for t, more in enumerate(came):
        passed = min(queue + more, 30)
        queue = queue + more - passed
        assert (int(trips.queue[t, 0]), int(trips.passed[t, 0])) == (queue, passed), t
    assert queue > 1000
    np.testing.assert_array_equal(trips.wait[:, 0], trips.queue[:, 0] / 30.0)


@pytest.mark.parametrize(
    "wrong",
    [{"day_value": 0.0}, {"papers": (0.0, 0.0, 0.0)}, {"papers": (1.2, -0.2, 0.0)},
     {"bound": 1.5}, {"rounds": 0}],
)  # fmt: skip
def test_roads_that_make_no_sense(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        replace(Roads(busy_roads(), DAY), **wrong)


def test_parties_have_the_room_of_their_persons() -> None:
    """Agents for 2.4 persons are parties of 2, at gates that let 2/2.4 of the persons through."""
    roads = Roads(busy_roads(), DAY)
    found, gates = roads.for_parties(2.4).network, roads.network.gates
    posts = gates.post
    np.testing.assert_allclose(found.gates.limit[posts], gates.limit[posts] * 2 / 2.4)
    assert roads.for_parties(1.0).network.gates.limit.tolist() == gates.limit.tolist()


@pytest.mark.parametrize("everyone", [False, True])
def test_towns_and_papers_have_their_shares_and_know_nothing_of_leaving(everyone: bool) -> None:
    """Three of four live in alpha and half hold the least papers, of those who left and of all;
    the same person has the same town whether counted or with a record.
    """
    model, values, fields = lively(20)
    roads = Roads(busy_roads(), DAY)

    def play(records: bool) -> tuple[People, Whereabouts]:
        living: list[People] = []
        last: list[tuple[People, Whereabouts]] = []
        how = Settings(13, 20_000, everyone=records)
        run(
            model, values, how, fields=fields, roads=roads,
            watch=lambda _, people: living.append(people),
            follow=lambda _, where, __: last.append((living[-1], where)),
        )  # fmt: skip
        return last[-1]

    people, where = play(everyone)
    for chosen in (people.status != HOME, np.ones(len(people.id), bool)):
        n = int(chosen.sum())
        assert n > 2000
        alpha = roads.network.towns.index("alpha")
        for share, wanted in (
            ((where.home[chosen] == alpha).mean(), 0.75),
            ((where.papers[chosen] == 0).mean(), 0.5),
            ((where.papers[chosen] == 2).mean(), 0.1),
        ):
            assert abs(share - wanted) < 5 * np.sqrt(wanted * (1 - wanted) / n)
    told = dict(zip(people.id.tolist(), where.home.tolist(), strict=True))
    other, elsewhere = play(not everyone)
    same = [
        told[k] == town
        for k, town in zip(other.id.tolist(), elsewhere.home.tolist(), strict=True)
        if k in told
    ]
    assert len(same) > 500 and all(same)


@given(
    capacity=st.lists(st.floats(0.2, 40), min_size=3, max_size=3),
    closes=st.lists(st.one_of(st.none(), st.integers(0, 100)), min_size=6, max_size=6),
    opens=st.lists(st.integers(1, 60), min_size=6, max_size=6),
    people=st.sampled_from([400, 1000]),
    everyone=st.booleans(),
)
@settings(max_examples=12, deadline=None)
def test_persons_are_conserved_with_closures_and_queues(
    capacity: list[float],
    closes: list[int | None],
    opens: list[int],
    people: int,
    everyone: bool,
) -> None:
    """Ways close at any time for any number of days, and gates let few through: every day everybody
    is somewhere once, flows and stocks agree, and whoever is in a host is in one of its towns.
    """
    model, values, fields = lively(16)
    model.world.who["persons"][:] = people / 4.0, people / 2.0, people / 4.0
    roads = Roads(_torn(busy_roads(), capacity, closes, opens), DAY)
    place_of_town = np.append(roads.network.towns.place, -1)
    seen: list[Whereabouts] = []
    living: list[People] = []

    def watch(_: int, now: People) -> None:
        living.append(now)

    def follow(_: int, where: Whereabouts, __: Steps) -> None:
        seen.append(where)
        status, place = living[-1].status, place_of_town[where.town]
        assert (place[(status == HOST) & (where.town >= 0)] > 0).all()
        there = (status == HOST) & (where.town >= 0)
        np.testing.assert_array_equal(place[there] - 1, living[-1].place[there])
        assert (where.gate[(status != ROAD) & (status != WAY_BACK)] == -1).all()
        at_home = (status == BACK) | (status == HOME)
        assert (place[at_home] == 0).all()

    found = run(
        model, values, Settings(7, everyone=everyone), fields=fields, roads=roads, watch=watch,
        follow=follow,
    )  # fmt: skip
    r, trips = found.record, found.trips
    everybody = r.home.sum(1) + r.abroad[:, 0].sum(1) + r.on_the_way + r.returned[:, 0].sum(1)
    assert (everybody + r.called_up.sum(1) == people).all()
    stock = r.abroad[:, 0]
    np.testing.assert_array_equal(np.diff(stock, axis=0), (r.arrive - r.go_home - r.go_on)[1:])
    assert trips is not None
    assert (trips.queue.sum(1) <= r.on_the_way).all()
    np.testing.assert_array_equal(
        trips.set_out, (r.leave + r.again).sum(1) + (r.go_home + r.go_on).sum(1)
    )


def _torn(
    roads: Network, capacity: list[float], closes: list[int | None], opens: list[int]
) -> Network:
    """A network of which six legs close on some day for some days, and gates let few through."""
    rows = []
    legs, names = roads.legs, roads.towns.names
    for k in range(legs.n):
        first, last = int(legs.first[k]), int(legs.last[k])
        row = L(names[legs.start[k]], names[legs.end[k]], float(legs.days[k]), float(legs.cost[k]))
        limit = None if np.isinf(legs.capacity[k]) else capacity[k % 3]
        row = replace(row, capacity=limit, mode=("plane" if limit else "car"))
        if first > 0 or (last < 10_000 and first > -10_000):
            continue
        close = closes[k % 6]
        if close is None:
            rows.append(row)
        else:
            rows.append(replace(row, open_to=on(close)))
            rows.append(replace(row, open_from=on(close + opens[k % 6])))
    posts = {"north": capacity[0], "south": capacity[1]}
    towns = [
        T(
            name,
            roads.towns.places[place],
            "post" if name in posts else "town",
            weight,
            posts.get(name),
        )
        for name, place, weight in zip(
            names, roads.towns.place.tolist(), roads.towns.weight.tolist(), strict=True
        )
    ]
    return make_network(date(2030, 1, 1), roads.towns.places, towns, rows)
