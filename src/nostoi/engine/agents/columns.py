"""Columns of people, of a scene and of a day's tables: plain arrays with a name."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

Array = Any

HOME, ROAD, HOST, WAY_BACK, BACK, CALLED = range(6)
"""Where a person is: never left, journey out, abroad, journey home, home again, called up."""

STATUS = ("home", "journey out", "host", "journey back", "returned", "called up")


class People(NamedTuple):
    """One row per person who has a record; [row]."""

    id: Array  # unsigned 64-bit, key of the person's random numbers
    savings: Array  # months of living costs at home before any journey, float64
    group: Array  # position of the group, int16
    place: Array  # host where the person is or goes (-1 at home), int16
    since: Array  # day number of the last change of status, int16
    status: Array  # one of the six above, int8
    stay: Array  # longest residence rule that the last stay abroad fulfilled, int8
    cell: Array  # group, status and place in one number (`evening.cell_of`), uint32


class Scene(NamedTuple):
    """What the rules read, as numbers; the letters say t day, c column, g group, h host."""

    who: Array  # columns of the groups, [c, g]
    at: Array  # columns of the hosts, [t, c, h]
    home: Array  # columns of the place for people at home, [t, c]
    now: Array  # columns of the date, [t, c]
    felt: Array  # belief and rumour, [t, 2, g, 1 + h] with the origin first
    p: Array  # all parameters behind each other, [number]
    own: Any = ()  # personal columns in the order of the layout, a tuple of [row]


class Tables(NamedTuple):
    """Rates per day that persons share, for all days or for one."""

    leave: Array  # at the appeal of quiet times, before savings, [t, g]
    call: Array  # before savings, [t, g]
    again: Array  # before days and savings, [t, g]
    go: Array  # before days and savings, [t, g, h]
    on: Array  # before days and savings, [t, g, h]
    weight: Array  # log weights of places before newcomers, [t, g, h]


class Day(NamedTuple):
    """What is the same for everybody on one day."""

    leave: Array  # rate of leaving at the appeal of the day, before savings, [g]
    call: Array  # [g]
    again: Array  # [g]
    again_days: Array  # factor by days since the return, [days]
    go: Array  # [g, h]
    go_days: Array  # factor by days since the move, [h, days]
    on: Array  # [g, h]
    on_days: Array  # [h, days]
    shares: Array  # cumulative shares of destinations, [g, h]
    arrive: Array  # share of those on the road who arrive, [h]
    land: Array  # share of those on the way home who arrive, [1]
    cost: Array  # of the journey in months of living costs, [h]
    price: Array  # cost of living there over that at home, [h]
    burn: Array  # months of savings used per month abroad, [g, h]
    grade: Array  # longest residence rule that a stay of so many days fulfils, int8 [days]
    most: Array  # largest personal factor of leave, call, again, go and on, [5]
    limit: Array  # 32-bit number above which nobody of a cell can move, uint32 [cell]
    means: Array  # means over the people of a place last evening, origin first, [mean, 1 + h]
    terms: Array  # parts of the drifts that people of a cell share, [term, cell]
    jumps: Array  # whether luck changes anybody's personal columns today, bool [1]


class Crowd(NamedTuple):
    """People who never left, as counts by cell of people alike; [g, rung of savings]."""

    left: Array  # persons still at home, int64
    next: Array  # identity of the next one to leave, unsigned 64-bit
    savings: Array  # months of living costs at home


class Counts(NamedTuple):
    """Moves within a day and stocks at its end, in persons with a record; int64."""

    leave: Array  # first departures of people with a record, [g]
    again: Array  # [g]
    out: Array  # first and new departures by destination, [g, h]
    arrive: Array  # [g, h]
    go: Array  # [g, h]
    onward: Array  # [g, h, h]
    exits: Array  # departures from a host by the rule that the stay fulfils, [rule, h]
    called: Array  # call-ups of people with a record, [g]
    came: Array  # arrivals back home, [g]
    abroad: Array  # stock by longest rule, [rule, g, h]
    back: Array  # stock by longest rule of the stay and since, [rule, rule, g]
    way: Array  # stock on journeys, [1]
    home: Array  # stock of people with a record who never left, [g]


def no_people(room: int) -> People:
    """Empty columns with room for so many people."""
    kinds = (np.uint64, np.float64, np.int16, np.int16, np.int16, np.int8, np.int8, np.uint32)
    return People(*(np.zeros(room, kind) for kind in kinds))


def with_room(people: People, room: int) -> People:
    """The same people with room for more."""
    longer = no_people(room)
    for new, old in zip(longer, people, strict=True):
        new[: len(old)] = old
    return longer


def shapes_of(groups: int, hosts: int, rules: int) -> tuple[tuple[int, ...], ...]:
    """Shapes of the parts of `Counts`."""
    g, h, k = groups, hosts, rules
    return (
        (g,), (g,), (g, h), (g, h), (g, h), (g, h, h), (k, h), (g,), (g,), (k, g, h), (k, k, g),
        (1,), (g,),
    )  # fmt: skip


STOCKS = 4
"""The last parts of `Counts` are stocks, the others moves."""


def side_by_side(
    shapes: tuple[tuple[int, ...], ...], before: tuple[int, ...] = ()
) -> tuple[Array, list[Array]]:
    """Whole numbers in one array, [*before, number], and its parts by shape, [*before, *shape].

    Parts of one array are added and cleared in one step; some dozen small ones cost more than the
    people of a small run.
    """
    sizes = [int(np.prod(shape)) for shape in shapes]
    whole = np.zeros((*before, sum(sizes)), np.int64)
    ends = np.cumsum(sizes)
    parts = [
        whole[..., end - size : end].reshape(*before, *shape)
        for size, end, shape in zip(sizes, ends, shapes, strict=True)
    ]
    return whole, parts


def no_counts(groups: int, hosts: int, rules: int) -> Counts:
    """Counts of nothing."""
    return Counts(*side_by_side(shapes_of(groups, hosts, rules))[1])
