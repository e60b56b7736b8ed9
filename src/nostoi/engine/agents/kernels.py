"""A day of everybody, as loops that compile: tables first, then the people, one by one.

The text of this file is compiled together with the rules (`lift.py`), never run as it stands.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nostoi.base.streams import stream, two_uniforms
from nostoi.engine.agents.chance import binomial
from nostoi.engine.agents.columns import BACK, CALLED, HOST, ROAD, WAY_BACK
from nostoi.engine.agents.evening import cell_of, place_in, stand
from nostoi.engine.agents.slots import (
    AT_ONCE,
    DRAWN,
    MEANS,
    after_again,
    after_go,
    after_leave,
    after_on,
    again_cell,
    again_days,
    again_person,
    call_cell,
    call_person,
    go_cell,
    go_days,
    go_person,
    leave_cell,
    leave_person,
    on_cell,
    on_days,
    on_person,
    pull_cell,
    pull_live,
    tell,
)
from nostoi.engine.purse import savings_left

MOVE_STREAM = stream("move")
HOME_STREAM = stream("home")


def fill_tables(s: Any, tables: Any, base: Any) -> None:
    """Rates of all days before days since the move and savings; base rates leave, call, go, on."""
    for t in range(tables.go.shape[0]):
        for g in range(tables.go.shape[1]):
            tables.leave[t, g] = base[0] * leave_cell(s, t, g, -1, 0.0, 0.0, 0.0, 0.0, 0)
            tables.call[t, g] = base[1] * call_cell(s, t, g, -1, 0.0, 0.0, 0.0, 0.0, 0)
            tables.again[t, g] = base[0] * again_cell(s, t, g, -1, 0.0, 0.0, 0.0, 0.0, 0)
            for h in range(tables.go.shape[2]):
                tables.go[t, g, h] = base[2] * go_cell(s, t, g, h, 0.0, 0.0, 0.0, 0.0, 0)
                tables.on[t, g, h] = base[3] * on_cell(s, t, g, h, 0.0, 0.0, 0.0, 0.0, 0)
                tables.weight[t, g, h] = pull_cell(s, t, g, h, 0.0, 0.0, 0.0, 0.0, 0)


def open_day(
    s: Any, tables: Any, day: Any, t: int, newcomers: Any, peers: Any, reference: float
) -> None:
    """What is the same for everybody today.

    Newcomers are those abroad last evening, [host], peers their share of each group, [g, host].
    """
    groups, hosts = tables.go.shape[1], tables.go.shape[2]
    for g in range(groups):
        appeal = 0.0
        for h in range(hosts):
            live = pull_live(s, t, g, h, 0.0, 0.0, newcomers[h], peers[g, h], 0)
            appeal += math.exp(tables.weight[t, g, h] + live - reference)
            day.shares[g, h] = appeal
        for h in range(hosts):
            day.shares[g, h] /= appeal
        day.leave[g] = tables.leave[t, g] * (appeal if DRAWN else 1.0)
    for days in range(t + 1):
        day.again_days[days] = again_days(s, t, 0, -1, float(days), 0.0, 0.0, 0.0, 0)
        for h in range(hosts):
            day.go_days[h, days] = go_days(s, t, 0, h, float(days), 0.0, 0.0, 0.0, 0)
            day.on_days[h, days] = on_days(s, t, 0, h, float(days), 0.0, 0.0, 0.0, 0)


def place_of(shares: Any, u: float) -> int:
    """Place whose slice of the cumulative shares holds u."""
    last = len(shares) - 1
    h = 0
    while h < last and u >= shares[h]:
        h += 1
    return h


def other_place(shares: Any, here: int, u: float) -> int:
    """Place among the others: the slice of the present place is cut out."""
    before = shares[here - 1] if here > 0 else 0.0
    width = shares[here] - before
    v = u * (1.0 - width)
    found = place_of(shares, v if v < before else v + width)
    if found == here:  # only by rounding, at the border of two slices
        return here + 1 if here + 1 < len(shares) else here - 1
    return found


def leave_home(s: Any, crowd: Any, day: Any, leavers: Any, called: Any, t: int, seed: Any) -> int:
    """Draws how many leave and are called up from each cell of people alike; total of leavers."""
    total, width = 0, crowd.left.shape[1]
    for g in range(crowd.left.shape[0]):
        for k in range(width):
            leavers[g, k] = called[g, k] = 0
            n = crowd.left[g, k]
            if n == 0:
                continue
            go = day.leave[g] * leave_person(s, t, g, -1, 0.0, crowd.savings[g, k], 0.0, 0.0, 0)
            call = day.call[g] * call_person(s, t, g, -1, 0.0, crowd.savings[g, k], 0.0, 0.0, 0)
            rate = go + call
            if rate <= 0.0:
                continue
            u, v = two_uniforms(seed, HOME_STREAM, np.uint64(g * width + k), np.uint64(t))
            gone = binomial(n, -math.expm1(-rate), u)
            called[g, k] = binomial(gone, call / rate, v)
            leavers[g, k] = gone - called[g, k]
            total += leavers[g, k]
    return total


def write_leavers(
    people: Any, crowd: Any, day: Any, leavers: Any, counts: Any, row: int, t: int, seed: Any
) -> None:
    """Gives each leaver a record from `row` on: an identity, savings, and a place to go."""
    for g in range(leavers.shape[0]):
        for k in range(leavers.shape[1]):
            for j in range(leavers[g, k]):
                people.id[row] = crowd.next[g, k] + np.uint64(j)
                people.savings[row] = crowd.savings[g, k]
                people.group[row] = g
                _, v = two_uniforms(seed, MOVE_STREAM, people.id[row], np.uint64(t))
                start_out(people, day, counts, row, t, v)
                people.cell[row] = cell_of(people, row, len(day.arrive))
                stand(counts, day.grade, place_in(people, row), t, 0, t, 1)
                row += 1


def start_out(people: Any, day: Any, counts: Any, i: int, t: int, v: float) -> None:
    """Sends a person from home on the road to a place chosen with v."""
    g = people.group[i]
    h = place_of(day.shares[g], v)
    set_off(people, day, counts, i, t, h)
    counts.out[g, h] += 1


def set_off(people: Any, day: Any, counts: Any, i: int, t: int, h: int) -> None:
    """Puts a person on the road to a place, or there, if journeys take no time."""
    people.place[i], people.since[i], people.status[i] = h, t, ROAD
    if AT_ONCE:
        people.status[i] = HOST
        counts.arrive[people.group[i], h] += 1


def turn_back(people: Any, counts: Any, i: int, t: int) -> None:
    """Puts a person on the way home, or there, if journeys take no time."""
    people.place[i], people.since[i], people.status[i] = -1, t, WAY_BACK
    if AT_ONCE:
        people.status[i] = BACK
        counts.came[people.group[i]] += 1


def abroad(s: Any, people: Any, day: Any, counts: Any, i: int, t: int, k: int, c: int) -> bool:
    """A day in a host (cell c): stay, go home or move on; whether anything changed."""
    width = 4 + 2 * len(day.arrive)
    g, h, u, v = c // width, c % width - 4, counts.luck[k], counts.second[k]
    days = t - people.since[i]
    go, on = day.go[g, h] * day.go_days[h, days], day.on[g, h] * day.on_days[h, days]
    if u >= go * day.most[3] + on * day.most[4]:  # stays, whatever the savings
        return False
    left = savings_left(people.savings[i], day.cost[h], day.price[h], day.burn[g, h], days)
    go *= go_person(s, t, g, h, float(days), left, 0.0, 0.0, i)
    on *= on_person(s, t, g, h, float(days), left, 0.0, 0.0, i)
    rate = go + on
    chance = -math.expm1(-rate)
    if not u < chance:  # nor if a rule has no value for this person
        return False
    take_out(s, people, day, counts, i, t)
    counts.exits[day.grade[days], h] += 1
    if u * rate < go * chance:
        people.stay[i] = day.grade[days]
        turn_back(people, counts, i, t)
        counts.go[g, h] += 1
        after_go(s, t, g, h, i)
    else:
        to = other_place(day.shares[g], h, v)
        set_off(people, day, counts, i, t, to)
        counts.onward[g, h, to] += 1
        after_on(s, t, g, h, i)
    return True


def back_home(s: Any, people: Any, day: Any, counts: Any, i: int, t: int, k: int, g: int) -> bool:
    """A day at home after a return: stay, leave again or be called up; whether anything changed."""
    u, v = counts.luck[k], counts.second[k]
    days = t - people.since[i]
    again, call = day.again[g] * day.again_days[days], day.call[g]
    if u >= again * day.most[2] + call * day.most[1]:
        return False
    own = people.savings[i]
    again *= again_person(s, t, g, -1, float(days), own, 0.0, 0.0, i)
    call *= call_person(s, t, g, -1, float(days), own, 0.0, 0.0, i)
    rate = again + call
    chance = -math.expm1(-rate)
    if not u < chance:  # nor if a rule has no value for this person
        return False
    take_out(s, people, day, counts, i, t)
    if u * rate < again * chance:
        counts.again[g] += 1
        start_out(people, day, counts, i, t, v)
        after_again(s, t, g, -1, i)
    else:
        people.status[i] = CALLED
        counts.called[g] += 1
    return True


def at_home(s: Any, people: Any, day: Any, counts: Any, i: int, t: int, k: int, g: int) -> bool:
    """A day of somebody who never left: stay, leave or be called up; whether anything changed."""
    u, v = counts.luck[k], counts.second[k]
    go, call = day.leave[g], day.call[g]
    if u >= go * day.most[0] + call * day.most[1]:
        return False
    own = people.savings[i]
    go *= leave_person(s, t, g, -1, 0.0, own, 0.0, 0.0, i)
    call *= call_person(s, t, g, -1, 0.0, own, 0.0, 0.0, i)
    rate = go + call
    chance = -math.expm1(-rate)
    if not u < chance:  # nor if a rule has no value for this person
        return False
    take_out(s, people, day, counts, i, t)
    if u * rate < go * chance:
        counts.leave[g] += 1
        start_out(people, day, counts, i, t, v)
        after_leave(s, t, g, -1, i)
    else:
        people.status[i] = CALLED
        counts.called[g] += 1
    return True


def on_the_way(s: Any, people: Any, day: Any, counts: Any, i: int, t: int, u: float) -> bool:
    """A day on a journey: arrive abroad or at home, or be still on the way; whether arrived."""
    out = people.status[i] == ROAD
    if u >= (day.arrive[people.place[i]] if out else day.land[0]):
        return False
    take_out(s, people, day, counts, i, t)
    g = people.group[i]
    people.status[i], people.since[i] = HOST if out else BACK, t
    if out:
        counts.arrive[g, people.place[i]] += 1
    else:
        counts.came[g] += 1
    return True


def take_out(s: Any, people: Any, day: Any, counts: Any, i: int, t: int) -> None:
    """Takes somebody who is about to change out of the stocks, and of what a place knows."""
    if MEANS:
        tell(s, day, counts, t, i, people.cell[i], 0, -1)
    stand(counts, day.grade, place_in(people, i), people.since[i], people.stay[i], t, -1)


def put_in(s: Any, people: Any, day: Any, counts: Any, i: int, t: int) -> None:
    """Puts somebody who has changed into the stocks where they are now."""
    people.cell[i] = cell_of(people, i, len(day.arrive))
    stand(counts, day.grade, place_in(people, i), people.since[i], people.stay[i], t, 1)
    if MEANS:
        tell(s, day, counts, t, i, people.cell[i], 0, 1)
