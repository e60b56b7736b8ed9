"""Where people are in the evening: stocks that change with moves and birthdays of stays only.

Counting everybody every day would cost more than the moves themselves. So each worker keeps what
its people have added to the stocks and taken from them; only sums over workers mean anything.

The text of the functions with loops over people is compiled together with the rules (`lift.py`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from nostoi.engine.agents.columns import (
    BACK,
    CALLED,
    HOME,
    HOST,
    ROAD,
    STOCKS,
    WAY_BACK,
    Array,
    People,
    shapes_of,
    side_by_side,
)
from nostoi.engine.agents.drifts import UNIT

BLOCK = 4096
"""People of whom one column after the other is read, so that it is still near when needed again."""

LANES = 4
"""Sums kept beside each other, so that one need not wait for the last; a power of two."""


class Sheet(NamedTuple):
    """What one worker writes down: the counts of a day, then stocks and scratch paper; int64."""

    leave: Array
    again: Array
    out: Array
    arrive: Array
    go: Array
    onward: Array
    exits: Array
    called: Array
    came: Array
    abroad: Array
    back: Array
    way: Array
    home: Array
    there: Array  # people abroad by day of arrival, [day, g, h]
    returned: Array  # people who came back by longest rule and day of return, [rule, day, g]
    stock_abroad: Array  # as `abroad`, kept from day to day
    stock_back: Array
    stock_way: Array
    stock_home: Array
    sums: Array  # of what places know of their people, in units of 2^-30, [mean, lane, cell]
    words: Array  # random words of a block, uint32
    rows: Array  # those of a block who may move
    names: Array  # their identities
    luck: Array  # their first number of the day, float64
    second: Array  # and the other one
    marks: Array  # whether a word is so small that somebody somewhere would move, uint8
    eights: Array  # eight marks each, the same memory, uint64
    today: Array  # all counts of the day behind each other
    stocks: Array  # all stocks that are kept, behind each other in the order of `Counts`


def cells_of(groups: int, hosts: int) -> int:
    """Number of cells: home, back, way back, called up, and there or on the road to each host."""
    return groups * (4 + 2 * hosts)


def no_sheet(shape: tuple[int, int, int], days: int, means: int) -> Sheet:
    """An empty sheet; shape is (groups, hosts, rules)."""
    g, h, k = shape
    shapes = shapes_of(g, h, k)
    today, counts = side_by_side(shapes)
    stocks, standing = side_by_side(shapes[-STOCKS:])
    ages = [np.zeros(each, np.int64) for each in ((days, g, h), (k, days, g))]
    sums = np.zeros((means, LANES, cells_of(g, h)), np.int64)
    kinds = (np.uint32, np.int64, np.uint64, np.float64, np.float64, np.uint8)
    scratch = [np.zeros(BLOCK, kind) for kind in kinds]
    eights = scratch[-1].view(np.uint64)
    return Sheet(*[*counts, *ages, *standing, sums, *scratch, eights, today, stocks])


def stand(counts: Any, grade: Any, where: Any, since: int, stay: int, t: int, more: int) -> None:
    """Adds a person to a stock, or takes one away; where is (status, group, host)."""
    status, g, h = where
    if status == HOST:
        counts.there[since, g, h] += more
        counts.stock_abroad[grade[t - since], g, h] += more
    elif status == BACK:
        counts.returned[stay, since, g] += more
        counts.stock_back[stay, grade[t - since], g] += more
    elif status == HOME:
        counts.stock_home[g] += more
    elif status != CALLED:
        counts.stock_way[0] += more


def place_in(people: Any, i: int) -> Any:
    """Status, group and host of a person."""
    return people.status[i], people.group[i], people.place[i]


def cell_of(people: Any, i: int, hosts: int) -> Any:
    """The cell of a person: the group, and where and what the person is."""
    status, first = people.status[i], int(people.group[i]) * (4 + 2 * hosts)
    if status == HOST:
        return first + 4 + people.place[i]
    if status == ROAD:
        return first + 4 + hosts + people.place[i]
    if status == WAY_BACK:
        return first + 2
    if status == HOME:
        return first
    return first + (1 if status == BACK else 3)


def settle(people: People, sheet: Sheet, rows: Array, t: int) -> None:
    """Moves people who have arrived today, abroad or at home, from the way to their stocks."""
    g, h, stay = people.group[rows], people.place[rows].astype(int), people.stay[rows]
    abroad, first = h >= 0, g.astype(int) * (4 + 2 * sheet.out.shape[1])
    people.cell[rows] = first + np.where(abroad, 4 + h, 1)
    sheet.stock_way[0] -= len(rows)
    for table in (sheet.there[t], sheet.stock_abroad[0]):
        np.add.at(table, (g[abroad], h[abroad]), 1)
    for table in (sheet.returned[:, t], sheet.stock_back[:, 0]):
        np.add.at(table, (stay[~abroad], g[~abroad]), 1)


def grow_older(sheet: Sheet, steps: list[tuple[int, int, int]], t: int) -> None:
    """Stays that fulfil a longer rule on day t than on the day before change their stock.

    Args:
        sheet: of one worker.
        steps: (days, rule before, rule from then on).
        t: day.
    """
    for days, before, now in steps:
        if days <= t:
            sheet.stock_abroad[now] += sheet.there[t - days]
            sheet.stock_abroad[before] -= sheet.there[t - days]
            sheet.stock_back[:, now] += sheet.returned[:, t - days]
            sheet.stock_back[:, before] -= sheet.returned[:, t - days]


def steps_of(grade: Array) -> list[tuple[int, int, int]]:
    """Days at which a stay fulfils another rule, and the rules before and from then on."""
    days = np.flatnonzero(np.diff(grade)) + 1
    return [(int(d), int(grade[d - 1]), int(grade[d])) for d in days]


def means_by_place(sheets: list[Sheet]) -> Array:
    """Means over the people of each place in the evening, origin first, [mean, 1 + host]."""
    hosts = sheets[0].out.shape[1]
    cells = sum(sheet.sums for sheet in sheets)
    by_cell = np.reshape(cells, (len(cells), -1, 4 + 2 * hosts)).sum(1) / UNIT
    there = np.zeros(1 + hosts)
    for sheet in sheets:
        there[0] += sheet.stock_home.sum() + sheet.stock_back.sum()
        there[1:] += np.add.reduce(sheet.stock_abroad, (0, 1))
    told = np.empty((len(by_cell), 1 + hosts))
    told[:, 0] = by_cell[:, 0] + by_cell[:, 1]
    told[:, 1:] = by_cell[:, 4 : 4 + hosts]
    found: Array = np.where(there > 0, told / np.maximum(there, 1), 0.0)
    return found


def close_day(sheets: list[Sheet]) -> None:
    """Writes the stocks of the evening into the counts of the first worker."""
    first = sheets[0].today
    for sheet in sheets:
        first[-len(sheet.stocks) :] += sheet.stocks
