"""Single lives on the roads: towns and modes are found, journeys stay the same or are anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.engine.roads import L, T, busy_roads, network
from tests.study.test_lives_search import NAMES, told
from tests.worlds import clock_of, model_of, values_of, world_of

from nostoi.base.phases import Phases
from nostoi.engine.agents.run import Settings, run
from nostoi.engine.agents.scene import mean_fields
from nostoi.engine.journeys.roads import Roads
from nostoi.study.again import Around, Replay, hindsight, relive
from nostoi.study.life import Life, Ride, Step, advance, as_run, life_of
from nostoi.study.likeness import OTHER, likeness
from nostoi.study.lives import around_of
from nostoi.study.movelog import MoveLog
from nostoi.study.rides import Log, RideLog, log_of
from nostoi.study.stays import stays_of

SEED, WEEKS = 11, 52
Values = dict[str, Any]


def played(roads: Roads, people: int) -> tuple[Around, Log]:
    """A run over roads with every rule on, at rates at which much happens."""
    model = model_of(world_of(clock_of(WEEKS, 1), Phases(4, 4, 14), 3, 3))
    values: Values = values_of(model, 3, scale=0.5)
    values["leave_base"], values["return_base"] = np.asarray(-9.5), np.asarray(-5.0)
    values["call_up_base"] = np.asarray(4.0)
    moves, rides, fields = MoveLog(), RideLog(), mean_fields(model, values)
    done = run(
        model, values, Settings(seed=SEED, people=people), fields=fields, roads=roads,
        watch=moves.watch, follow=rides.follow,
    )  # fmt: skip
    log = log_of(moves.moves(), done.people, rides.rides(), roads)
    return around_of(model, values, fields, done, SEED, roads), log


@pytest.fixture(scope="module")
def busy() -> tuple[Around, Log, list[Life]]:
    """Queues, ways that close, seats, papers, and a host on no map."""
    around, log = played(Roads(busy_roads(), day_value=100.0), 250)
    return around, log, [life_of(row, log) for row in range(len(log.people.id))]


def driven(step: Step) -> bool:
    """Whether a move begins a journey of at least one leg over the roads."""
    return bool(step.rides) and all(ride.leg >= 0 for ride in step.rides)


def test_rides_lead_from_where_one_is_to_where_one_goes(
    busy: tuple[Around, Log, list[Life]],
) -> None:
    around, _, lives = busy
    assert around.roads is not None
    legs, towns = around.roads.network.legs, around.roads.network.towns
    world, seen = around.model.world, {"driven": 0, "turned": 0, "waits": 0, "legs": 0}
    for life in lives:
        town = life.home
        assert towns.weight[town] > 0
        for k, step in enumerate(life.steps):
            end = life.steps[k + 1] if k + 1 < len(life.steps) else None
            assert bool(step.rides) <= (step.move in ("leave", "leave_again", "move_on", "go_home"))
            if not driven(step):
                town = -1 if step.rides else town
                continue
            starts = [legs.start[ride.leg] for ride in step.rides]
            ends = [legs.end[ride.leg] for ride in step.rides]
            assert town in (-1, starts[0]) and starts[1:] == ends[:-1]
            begun = [ride.start for ride in step.rides]
            free = [a + legs.days[r.leg] for a, r in zip(begun, step.rides, strict=True)]
            assert step.day <= begun[0]
            assert all(b >= a for a, b in zip(free, begun[1:], strict=False))
            seen["waits"] += sum(b > a + 0.5 for a, b in zip(free, begun[1:], strict=False))
            town = int(ends[-1])
            if end is not None:
                assert end.day == int(free[-1])
                code = world.origin if end.place < 0 else world.hosts[end.place]
                assert towns.places[towns.place[town]] == code
                seen["turned"] += end.move == "turn_back" or (
                    end.move == "arrive" and end.place != step.place
                )
            seen["driven"] += 1
            seen["legs"] += len(step.rides)
    assert seen["driven"] > 100 and seen["legs"] > 2 * seen["driven"] and seen["waits"] > 10


def test_unchanged_a_life_on_the_roads_is_the_same_life(
    busy: tuple[Around, Log, list[Life]],
) -> None:
    around, _, lives = busy
    chosen = lives[::3]
    assert relive(around, chosen, hindsight(around, chosen)) == chosen


def test_lives_and_logs_are_the_same_thing(busy: tuple[Around, Log, list[Life]]) -> None:
    around, log, lives = busy
    again = as_run(lives, around.roads)
    assert [life_of(row, again) for row in range(len(lives))] == lives
    for a, b in zip(vars(stays_of(log)).values(), vars(stays_of(again)).values(), strict=True):
        np.testing.assert_array_equal(a, b)


def free_roads() -> Roads:
    """The busy roads with room for everybody and open always."""
    roads = busy_roads()
    legs, gates = roads.legs, roads.gates
    wide = np.full(legs.n, np.inf)
    gates = replace(gates, of_leg=np.full(legs.n, -1, np.int64))
    return Roads(replace(roads, legs=replace(legs, capacity=wide), gates=gates), day_value=100.0)


def test_a_journey_found_anew_is_the_one_of_the_run_where_nobody_queues() -> None:
    """Same best ways, towns, papers, hours and days; ways close and open as in the case."""
    around, log = played(free_roads(), 150)
    replay = Replay(around)
    assert replay.book is not None
    compared = 0
    for row in range(len(log.people.id)):
        life = life_of(row, log)
        who = life.person()
        for k, step in enumerate(life.steps):
            if step.rides and (who.town >= 0 or not driven(step)):
                advance(who, step)
                found = replay.book.travel(replace(who), step.day)
                arrives = [later.day for later in life.steps[k + 1 : k + 2]]
                if arrives or found.day == -1:
                    assert found.rides == step.rides
                    assert found.day == (arrives[0] if driven(step) and arrives else -1)
                    compared += 1
                who.town = found.town
            else:
                advance(who, step)
    assert compared > 200


def test_another_day_is_another_journey_and_no_other_luck(
    busy: tuple[Around, Log, list[Life]],
) -> None:
    """With ten times the wish to leave people set out earlier; each ride leads on from there."""
    around, _, lives = busy
    chosen = [life for life in lives if life.first > 100][:10]
    sooner = around.values["leave_base"] + np.log(10.0)
    other = replace(around, values=dict(around.values) | {"leave_base": sooner})
    again = relive(other, chosen, hindsight(around, chosen))
    assert around.roads is not None
    legs, moved = around.roads.network.legs, 0
    for a, b in zip(chosen, again, strict=True):
        assert b.first <= a.first
        moved += b.first < a.first
        for step in b.steps:
            way = step.rides if driven(step) else ()
            assert [legs.end[r.leg] for r in way[:-1]] == [legs.start[r.leg] for r in way[1:]]
            assert all(ride.start >= step.day for ride in way)
    assert moved > 5


def test_towns_modes_and_papers_by_hand() -> None:
    """By plane, bus and car as told; the other way round; without a car; from elsewhere."""
    roads = Roads(
        network(
            [T("home", weight=1.0), T("mill", weight=1.0), T("far", "BBB"), T("near", "BBB"),
             T("stop", "CCC")],
            [L("home", "mill", mode="plane"), L("mill", "near", mode="bus"),
             L("near", "far", mode="car"), L("mill", "home", mode="bus"),
             L("home", "near", mode="plane"), L("home", "stop", mode="plane"),
             L("stop", "near", mode="bus")],
        ),
        1.0,
    )  # fmt: skip
    net = roads.network
    known = [(net.towns.names[a], net.towns.names[b])
            for a, b in zip(net.legs.start, net.legs.end, strict=True)]  # fmt: skip

    def life(home: str, *ends: str) -> Life:
        towns = [home, *ends]
        legs = [known.index(pair) for pair in zip(towns, ends, strict=False)]
        rides = tuple(Ride(leg, 70.5 + k) for k, leg in enumerate(legs))
        steps = (Step(70, "leave", 0, rides), Step(75, "arrive", 0))
        return Life(1, 0, 2.0, steps, net.towns.index(home), 1)

    asked = told(origin_town="home", modes=("plane", "bus", "car"), in_order=True, host="BBB",
                 town="far", papers="passport")  # fmt: skip
    names = replace(NAMES, towns=net.towns.names)

    def gaps(one: Life) -> dict[str, float]:
        stays = stays_of(as_run([one], roads))
        like = likeness(asked, stays, clock_of(40, 1), names)
        assert like.unseen == ()
        parts = {p.name: float(p.gap[0]) for p in like.seen if p.name != "leaves_again"}
        return {name: gap for name, gap in parts.items() if gap}

    assert gaps(life("home", "mill", "near", "far")) == {}
    assert gaps(life("mill", "home", "near", "far")) == {"origin_town": OTHER, "modes": 1.0}
    assert gaps(life("home", "mill", "near")) == {"modes": 1.0, "town": OTHER}
    assert gaps(replace(life("home", "near", "far"), papers=2)) == {"modes": 1.0, "papers": OTHER}
    assert gaps(life("home", "near")) == {"modes": 2.0, "town": OTHER}

    # What was used on the way to a first host counts on the way to the next one.
    def leg(start: str, end: str, day: float) -> Ride:
        return Ride(known.index((start, end)), day)

    over = (
        Step(70, "leave", 1, (leg("home", "stop", 70.5),)), Step(71, "arrive", 1),
        Step(80, "move_on", 0, (leg("stop", "near", 80.5), leg("near", "far", 81.5))),
        Step(82, "arrive", 0),
    )  # fmt: skip
    one = Life(1, 0, 2.0, over, net.towns.index("home"), 1)
    like = likeness(asked, stays_of(as_run([one], roads)), clock_of(40, 1), names)
    modes = next(part.gap for part in like.seen if part.name == "modes")
    assert modes.tolist() == [2.0, 0.0]
