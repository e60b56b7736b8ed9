"""Days on the way: waits that balance two posts, closures, the order of coming, no person lost."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.roads import L, T, network, on, two_posts

from nostoi.engine.journeys.day import Evening, day_step, round_of
from nostoi.engine.journeys.manner import Manner
from nostoi.engine.journeys.plan import place_goal
from nostoi.engine.journeys.travellers import ARRIVED, BACK, ON_THE_WAY, Travellers, nobody, set_out
from nostoi.world.network import Network

MANNER = Manner(day_value=100.0, rounds=20)


def crowd(roads: Network, day: int, size: int, first: int, count: int = 1) -> Travellers:
    """People who leave home for the host in the morning of a day."""
    one = np.ones(size, np.int64)
    return set_out(
        person=first + np.arange(size),
        papers=0 * one,
        town=roads.towns.index("home") * one,
        goal=place_goal(roads, "BBB") * one,
        back=place_goal(roads, "AAA") * one,
        when=np.full(size, float(day)),
        count=count * one,
    )


def travel(roads: Network, daily: list[int], manner: Manner = MANNER) -> list[Evening]:
    """Days on which so many set out; nobody leaves the record."""
    people, carry, evenings = nobody(), np.zeros(roads.gates.n), []
    for day, size in enumerate(daily):
        people = people.with_more(crowd(roads, day, size, first=1000 * day))
        evening = day_step(roads, day, people, carry, manner)
        people, carry = evening.people, evening.carry
        evenings.append(evening)
    return evenings


def test_one_post_has_the_queue_of_the_closed_form() -> None:
    """150 come and 100 pass: 50 more wait every evening; after that 100 a day until none."""
    roads = network(
        [T("home", weight=1), T("north", kind="post", capacity=100), T("host", "BBB")],
        [L("home", "north", 0.01), L("north", "host", 0.01), L("north", "home", 0.01)],
    )
    evenings = travel(roads, [150] * 4 + [0] * 4)
    assert [int(e.queue[0]) for e in evenings] == [50, 100, 150, 200, 100, 0, 0, 0]
    assert [int(e.served[0]) for e in evenings] == [100] * 6 + [0, 0]
    assert evenings[3].waits[0] == pytest.approx(2.0)
    assert (evenings[-1].people.state == ARRIVED).all()


def test_waits_balance_the_posts() -> None:
    """200 a day come to posts that pass 150; the far one costs 400 more, a day is worth 100: all
    go north until its wait is worth 400, then both waits grow so that no way is better.
    """
    roads = two_posts()
    evenings = travel(roads, [200] * 15)
    gap = np.array([100 * e.waits[0] - (400 + 100 * e.waits[1]) for e in evenings])
    assert [int(e.served[1]) for e in evenings[:3]] == [0, 0, 0]
    assert gap[:3].tolist() == pytest.approx([-300.0, -200.0, -100.0])
    one_round = 100 * 200 / MANNER.rounds / 50.0
    assert np.abs(gap[4:]).max() <= one_round
    assert evenings[-1].waits[1] > 2.0
    assert [int(e.served.sum()) for e in evenings[7:]] == [150] * 8


def test_a_closed_post_sends_its_queue_to_the_other() -> None:
    """North closes on day 2; whoever waits there goes round, nobody is let through any more."""
    towns = [
        T("home", weight=1),
        T("north", kind="post", capacity=100),
        T("south", kind="post", capacity=50),
        T("host", "BBB"),
    ]
    legs = [
        L("home", "north", 0.01),
        L("home", "south", 0.01, cost=900.0),
        L("north", "home", 0.01),
        L("north", "host", 0.01, open_to=on(1)),
        L("south", "host", 0.01),
    ]
    evenings = travel(network(towns, legs), [300, 0, 0, 0, 0])
    assert [e.served.tolist() for e in evenings] == [[100, 0], [100, 0], [0, 50], [0, 50], [0, 0]]
    assert evenings[2].queue.tolist() == [0, 50]
    assert evenings[-1].people.spent[evenings[-1].people.spent > 0].tolist() == [900.0] * 100


def test_those_at_the_end_of_a_queue_leave_when_another_post_opens() -> None:
    """80 wait on day 2, ten a day pass, a day is worth 100; the way round costs 300 and 0.01 days
    more: whoever has more than 30.1 persons before them goes, the first 31 stay.
    """
    towns = [
        T("home", weight=1),
        T("north", kind="post", capacity=10),
        T("south", kind="post", capacity=50),
        T("host", "BBB"),
    ]
    legs = [
        L("home", "north", 0.01),
        L("north", "home", 0.01),
        L("north", "south", 0.01, cost=300.0),
        L("north", "host", 0.01),
        L("south", "host", 0.01, open_from=on(2)),
    ]
    evenings = travel(network(towns, legs), [100, 0, 0], Manner(100.0, rounds=1))
    assert evenings[1].queue.tolist() == [80, 0]
    assert evenings[2].served.tolist() == [10, 49]
    assert evenings[2].queue.tolist() == [21, 0]
    went = evenings[2].people.spent == 300.0
    assert evenings[2].people.person[went].tolist() == list(range(51, 100))


def test_a_gain_that_is_too_small_keeps_people_in_the_queue() -> None:
    roads = two_posts(first=10.0, second=50.0, detour=300.0)
    people = crowd(roads, 0, 100, 0)
    people.town[:], people.gate[:] = roads.towns.index("north"), 0
    stays = day_step(roads, 0, people, np.zeros(2), Manner(100.0, rounds=1, switch=1e6))
    goes = day_step(roads, 0, people, np.zeros(2), Manner(100.0, rounds=1))
    assert stays.served.tolist() == [10, 0]
    assert goes.served.tolist() == [10, 50]


def test_without_another_way_people_turn_back_home() -> None:
    roads = network(
        [T("home", weight=1), T("north", kind="post", capacity=10), T("host", "BBB")],
        [
            L("home", "north", 0.01),
            L("north", "home", 1.5),
            L("north", "host", 0.01, open_to=on(1)),
        ],
    )
    evenings = travel(roads, [50, 0, 0, 0, 0])
    last = evenings[-1].people
    assert (last.state == ARRIVED).sum() == 20
    assert (last.state == BACK).sum() == 30
    back = last.state == BACK
    assert (last.town[back] == roads.towns.index("home")).all()
    np.testing.assert_allclose(last.ready[back], 3.5)
    assert (last.turned == back).all()


def test_papers_are_asked_for_at_the_gate() -> None:
    """Holders of a passport take the flight of few seats; the others stay at home."""
    roads = network(
        [T("home", weight=1), T("host", "BBB")],
        [L("home", "host", 1.0, cost=5.0, mode="plane", papers="passport", capacity=3)],
    )
    people = crowd(roads, 0, 10, 0)
    people.papers[::2] = 1
    evening = day_step(roads, 0, people, np.zeros(1), MANNER)
    assert evening.served.tolist() == [3]
    assert evening.queue.tolist() == [2]
    assert (evening.people.state[1::2] == BACK).all()
    assert evening.people.ready[[0, 2, 4]].tolist() == pytest.approx([1.0, 1 + 1 / 3, 1 + 2 / 3])


def test_who_comes_first_passes_first() -> None:
    roads = two_posts(first=10.0, second=1.0, detour=1e6)
    first = crowd(roads, 0, 15, first=500)
    later = crowd(roads, 0, 15, first=0)
    later.ready[:] += 0.5
    evening = day_step(roads, 0, later.with_more(first), np.zeros(2), MANNER)
    through = evening.people.gate < 0
    assert sorted(evening.people.person[through]) == list(range(500, 510))


def test_part_of_a_person_waits_for_the_next_day() -> None:
    """2.5 persons a day are 5 in two days."""
    roads = two_posts(first=2.5, second=1.0, detour=1e6)
    evenings = travel(roads, [20, 0, 0, 0])
    assert [int(e.served[0]) for e in evenings] == [2, 3, 2, 3]


def test_a_party_is_its_persons() -> None:
    """Parties that move as one give the queues of single persons, and are split at the gate."""
    roads = two_posts(detour=1e6)
    single = day_step(roads, 0, crowd(roads, 0, 210, 0), np.zeros(2), MANNER)
    party = day_step(roads, 0, crowd(roads, 0, 30, 0, count=7), np.zeros(2), MANNER)
    assert single.queue.tolist() == party.queue.tolist() == [110, 0]
    assert party.people.n == 31
    assert party.people.count.sum() == 210
    assert party.people.count.min() == 2


def test_whole_parties_pass_at_the_pace_of_persons() -> None:
    """Seven at a time through a gate of ten a day, with debts of 4, 1, 5, 2, 6, 3 and 0 in the
    evenings: 70 in a week.
    """
    roads = two_posts(first=10.0, second=1.0, detour=1e6)
    people, carry = crowd(roads, 0, 30, 0, count=7), np.zeros(2)
    served, debts = [], []
    for day in range(7):
        evening = day_step(roads, day, people, carry, Manner(100.0, split=False))
        people, carry = evening.people, evening.carry
        served.append(int(evening.served[0]))
        debts.append(int(-carry[0]))
        assert people.n == 30
    assert served == [14, 7, 14, 7, 14, 7, 7]
    assert debts == [4, 1, 5, 2, 6, 3, 0]


@pytest.mark.parametrize("step", [1, 4, 7, 1000])
def test_rounds_are_even_whatever_numbers_persons_have(step: int) -> None:
    sizes = np.bincount(round_of(np.arange(1000) * step, 4), minlength=4)
    assert sizes.sum() == 1000
    assert sizes.min() >= 245 and sizes.max() <= 255


def by_person(people: Travellers) -> list[tuple[object, ...]]:
    """Rows in the order of persons."""
    order = np.argsort(people.person)
    columns = [getattr(people, f.name)[order].tolist() for f in fields(people)]
    return list(zip(*columns, strict=True))


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_the_order_of_persons_in_the_arrays_changes_nothing(seed: int) -> None:
    roads = two_posts()
    one = crowd(roads, 0, 300, 0)
    other = one.chosen(np.random.default_rng(seed).permutation(300))
    for day in range(3):
        one = day_step(roads, day, one, np.zeros(2), MANNER).people
        other = day_step(roads, day, other, np.zeros(2), MANNER).people
    assert by_person(one) == by_person(other)


days = st.one_of(st.none(), st.integers(0, 8).map(on))


@given(
    daily=st.lists(st.integers(0, 60), min_size=1, max_size=8),
    capacities=st.tuples(st.floats(0.3, 40), st.floats(0.3, 40)),
    opens=st.tuples(days, days),
    closes=st.tuples(days, days),
    rounds=st.integers(1, 5),
)
@settings(max_examples=60, deadline=None)
def test_no_person_is_lost_or_made(
    daily: list[int],
    capacities: tuple[float, float],
    opens: tuple[object, object],
    closes: tuple[object, object],
    rounds: int,
) -> None:
    """With posts that open and close at any time, everybody is somewhere once, and what a gate
    let through and what waits there is what came to it.
    """
    roads = network(
        [
            T("home", weight=1),
            T("north", kind="post", capacity=capacities[0]),
            T("south", kind="post", capacity=capacities[1]),
            T("host", "BBB"),
        ],
        [
            L("home", "north", 0.4),
            L("home", "south", 1.2, cost=50.0),
            L("north", "home", 0.4),
            L("south", "home", 1.2),
            L("north", "host", 0.3, open_from=opens[0], open_to=closes[0]),  # type: ignore[arg-type]
            L("south", "host", 0.3, open_from=opens[1], open_to=closes[1]),  # type: ignore[arg-type]
        ],
    )
    evenings = travel(roads, [*daily, 0, 0, 0, 0], Manner(day_value=100.0, rounds=rounds))
    served = 0
    for day, evening in enumerate(evenings):
        people = evening.people
        assert people.count.sum() == sum(daily[: day + 1])
        assert len(np.unique(people.person)) == people.n == sum(daily[: day + 1])
        assert np.isin(people.state, [ON_THE_WAY, ARRIVED, BACK]).all()
        assert evening.queue.sum() == (people.gate >= 0).sum()
        served += int(evening.served.sum())
        host = people.town == roads.towns.index("host")
        assert host.sum() == served
        assert (evening.carry < 1).all() and (evening.carry >= 0).all()
