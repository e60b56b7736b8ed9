"""Movement over a network against closed forms, a plain twin, and itself in other orders."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.engine.hop.plain import Plain
from tests.engine.hop.spaces import DAYS, space, stage, town_between

from nostoi.engine.hop.arrivals import rises
from nostoi.engine.hop.paths import network
from nostoi.engine.hop.run import Inflow, play, set_stage
from nostoi.rules.hop.params import HopParams, fade, hop_cards, hop_params
from nostoi.rules.hop.steps import STEPS

MANY = 1_000_000


def test_nobody_is_lost_or_made() -> None:
    ready = stage(town_between(), 5000, {"near": 70}, home_rate=0.01)
    run = play(ready, 3)
    alive = run.persons.sum(axis=1) + run.on_road + run.home.sum(axis=1).cumsum()
    assert alive.tolist() == [5070] * DAYS
    assert run.end.total == run.persons[-1].sum() + run.on_road[-1]
    assert run.home.sum() > 0


def test_shares_of_two_camps_follow_the_distances() -> None:
    net = space(
        {"zone": "conflict", "a": "camp", "b": "camp"}, [("zone", "a", 100.0), ("zone", "b", 300.0)]
    )
    run = play(stage(net, MANY, camp_chance=0.0), 1)
    weights = np.array([150.0**-0.75, 350.0**-0.75])
    share = run.persons[0, 1:] / MANY
    sd = np.sqrt(np.prod(weights / weights.sum()) / MANY)
    assert np.abs(share - weights / weights.sum()).max() < 4.5 * sd
    assert run.persons[-1].tolist() == run.persons[0].tolist()


def test_camps_empty_at_the_rate_of_going_home() -> None:
    net = space({"zone": "conflict", "a": "camp"}, [("zone", "a", 100.0)])
    run = play(stage(net, 0, {"a": MANY}, camp_chance=0.0, home_rate=0.05), 5)
    wanted = MANY * 0.95 ** np.arange(1, DAYS + 1)
    sd = np.sqrt(MANY * 0.25)
    assert np.abs(run.persons[:, 1] - wanted).max() < 4 * sd


def test_a_road_of_three_days_takes_three_days() -> None:
    net = space({"zone": "conflict", "a": "camp"}, [("zone", "a", 1000.0)])
    run = play(stage(net, 100, camp_chance=0.0), 1)
    assert run.on_road[:4].tolist() == [100, 100, 0, 0]
    assert run.persons[2, 1] == 100
    exactly = space({"zone": "conflict", "a": "camp"}, [("zone", "a", 400.0)])
    later = play(stage(exactly, 100, camp_chance=0.0), 1)
    assert later.persons[0, 1] == 0  # progress must exceed the length
    assert later.persons[1, 1] == 100


def test_a_second_road_on_the_same_day_is_credited_in_full() -> None:
    roads = [("zone", "mid", 300.0), ("mid", "end", 350.0)]
    net = space({"zone": "conflict", "mid": "town", "end": "camp"}, roads)
    run = play(stage(net, 1000, hop_speed=360.0, conflict_weight=1e-12, camp_chance=0.0), 1)
    assert run.persons[0, 2] == 1000  # 650 km on the first day


def test_a_full_camp_takes_nobody_and_a_fuller_one_fewer() -> None:
    roads = [("zone", "a", 100.0), ("zone", "b", 100.0)]
    net = space({"zone": "conflict", "a": "camp", "b": "camp"}, roads)
    net = replace(net, capacity=np.array([0.0, 1000.0, 0.0]))
    own = {"capacity_scale": 1.0, "camp_chance": 0.0}
    full = play(stage(net, 5000, {"a": 1000}, **own), 1)
    assert full.persons[0].tolist() == [0, 1000, 5000]
    half = play(stage(net, MANY, {"a": 950}, **own), 1)
    share = (half.persons[0, 1] - 950) / MANY
    assert abs(share - 1 / 3) < 4 * np.sqrt(2 / 9 / MANY)  # room 1/2 against 1
    free = play(stage(net, MANY, {"a": 899}, **own), 1)
    assert abs((free.persons[0, 1] - 899) / MANY - 1 / 2) < 4 * np.sqrt(1 / 4 / MANY)


def test_closed_roads_hold_people_and_send_them_back() -> None:
    net = space({"zone": "conflict", "a": "camp"}, [("zone", "a", 1000.0)])
    net.closed[1:5, 0] = True
    run = play(stage(net, 100, camp_chance=0.0), 1)
    assert run.persons[1:5, 0].tolist() == [100] * 4
    assert run.on_road[:7].tolist() == [100, 0, 0, 0, 0, 100, 100]
    assert run.persons[7, 1] == 100


def test_where_all_camps_are_full_everybody_stays() -> None:
    roads = [("zone", "a", 100.0), ("zone", "b", 300.0)]
    net = space({"zone": "conflict", "a": "camp", "b": "camp"}, roads)
    net = replace(net, capacity=np.array([0.0, 10.0, 10.0]))
    run = play(stage(net, MANY, {"a": 20, "b": 20}, camp_chance=0.0), 1)
    assert run.persons[0].tolist() == [MANY, 20, 20]


def test_people_start_by_population_and_less_as_a_conflict_ages() -> None:
    roads = [("old", "a", 10.0), ("new", "b", 10.0)]
    net = space({"old": "conflict", "new": "conflict", "a": "camp", "b": "camp"}, roads, days=130)
    net = replace(net, population=np.array([3000.0, 1000.0, 0.0, 0.0]))
    net.since[:, 1] -= 120
    net.intensity[:120, 1] = 0.0
    net.since[:120, 1] = -1
    come = np.full(130, 0, np.int64)
    come[[100, 125]] = MANY
    ready = stage(net, 0, camp_chance=0.0)
    ready = replace(ready, out=ready.out._replace(newcomers=come))
    run = play(ready, 1)
    assert run.persons[100].tolist() == [0, 0, MANY, 0]
    share = run.persons[125, 3] / MANY
    assert abs(share - 1000 / (1000 + 3000 * 0.1)) < 4 * np.sqrt(0.25 / MANY)


def test_looking_two_legs_ahead_finds_the_camp_behind_the_town() -> None:
    roads = [
        ("zone", "town", 100.0),
        ("town", "camp", 100.0),
        ("zone", "mark", 50.0),
        ("mark", "end", 50.0),
    ]
    kinds = {"zone": "conflict", "town": "town", "camp": "camp", "mark": "marker", "end": "camp"}
    net = space(kinds, roads)
    one, two = network(net, 1), network(net, 2)
    ends = [sorted(int(e) for e in n.path_end[n.path_of[0] : n.path_of[1]]) for n in (one, two)]
    assert ends == [[1, 4], [1, 2, 4]]  # a marker is passed and does not count as a leg
    assert 100.0 in one.path_km[: one.path_of[1]]
    run = play(stage(net, 1000, look_ahead=2.0, camp_chance=0.0), 1)
    assert run.persons[0].sum() + run.on_road[0] == 1000


@pytest.mark.parametrize("look_ahead", [1.0, 2.0])
def test_counts_have_the_law_of_single_people(look_ahead: float) -> None:
    own = {"look_ahead": look_ahead, "home_rate": 0.02, "camp_chance": 0.05, "hop_speed": 200.0}
    days, seeds = 8, 30
    ready = stage(town_between(days), 120, {"near": 250, "inner": 40}, **own)
    counts = np.array([play(ready, seed).persons for seed in range(10 * seeds)], float)
    people = []
    for seed in range(seeds):
        plain = Plain(ready, seed)
        people.append([plain.day(t) for t in range(days)])
    single = np.array(people, float)
    gap = counts.mean(axis=0) - single.mean(axis=0)
    error = np.sqrt(single.var(axis=0) / seeds + counts.var(axis=0) / (10 * seeds))
    assert (np.abs(gap) <= 4.5 * error + 1e-9).all(), np.abs(gap / np.maximum(error, 1e-9)).max()
    # And the spread over seeds: as sums of alike people have it.
    ratio = counts.var(axis=0)[single.var(axis=0) > 5] / single.var(axis=0)[single.var(axis=0) > 5]
    assert 0.75 < np.exp(np.log(ratio).mean()) < 1.33


def test_same_seed_same_bytes_also_in_pieces() -> None:
    ready = stage(town_between(), 3000, {"near": 100}, home_rate=0.01)
    whole, again, other = play(ready, 7), play(ready, 7), play(ready, 8)
    assert whole.persons.tobytes() == again.persons.tobytes()
    assert whole.persons.tobytes() != other.persons.tobytes()
    first = play(ready, 7, days=(0, 6))
    second = play(ready, 7, days=(6, DAYS), state=first.end)
    assert np.concatenate([first.persons, second.persons]).tobytes() == whole.persons.tobytes()
    assert second.end.keys.tobytes() == whole.end.keys.tobytes()
    assert second.end.counts.tobytes() == whole.end.counts.tobytes()


def test_the_order_of_states_changes_nothing() -> None:
    ready = stage(town_between(), 3000)
    first = play(ready, 7, days=(0, 6))
    turned = first.end._replace(
        keys=first.end.keys[::-1].copy(), counts=first.end.counts[::-1].copy()
    )
    one = play(ready, 7, days=(6, DAYS), state=first.end)
    two = play(ready, 7, days=(6, DAYS), state=turned)
    assert one.persons.tobytes() == two.persons.tobytes()


def test_tables_grow() -> None:
    own = {"camp_chance": 0.3, "town_chance": 0.3, "idp_camp_chance": 0.4, "hop_speed": 97.0}
    ready = stage(town_between(60), 400_000, None, look_ahead=3.0, **own)
    run = play(ready, 1)
    assert run.states.max() > 600
    assert (run.persons.sum(axis=1) + run.on_road == 400_000).all()


def test_newcomers_are_the_rises_of_the_running_maximum() -> None:
    level = np.array([5, 8, 6, 7, 10, 10, 3, 12], np.int64)
    found = rises(level)
    assert found.tolist() == [0, 3, 0, 0, 2, 0, 0, 2]
    assert (level[0] + found.cumsum() == np.maximum.accumulate(level)).all()


def test_cards_and_numbers_belong_together() -> None:
    assert [card.name for card in hop_cards()] == list(HopParams._fields)
    assert all(card.unit and card.source and card.meaning for card in hop_cards())
    assert all(rule.says and rule.unit and rule.source for rule in STEPS)
    read = {name for rule in STEPS for name in rule.columns("p")}
    assert read <= set(HopParams._fields)
    with pytest.raises(KeyError):
        hop_params({"hop_sped": 1.0})
    p = hop_params()
    assert [fade(day, p) for day in (0, 29, 30, 89, 90, 119, 120, 5000)] == [
        1,
        1,
        1,
        1,
        0.5,
        0.5,
        0.1,
        0.1,
    ]


def test_an_inflow_of_other_days_is_refused() -> None:
    net = town_between()
    inflow = Inflow(np.zeros(net.n, np.int64), np.zeros(5, np.int64), np.zeros((5, net.n)))
    with pytest.raises(ValueError, match="20 days"):
        set_stage(net, inflow, hop_params())
