"""Days of movement over a network person by person: a record for each, by the same rules.

The text of this file is compiled together with the rules (`compiled.py`), never run as it stands. A
record is the packed state of `table.py`; a person's number keys all their random numbers, so what
others do, and in which order they are looked at, changes nothing but what everybody sees.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nostoi.base.streams import two_uniforms
from nostoi.engine.hop.choice import (
    MOST,
    WHOLE,
    home_chance,
    kind_today,
    leave_chance,
    pace_of,
    pulls_of_day,
    rooms_now,
    way_of,
    weights_of,
)
from nostoi.engine.hop.kernels import LONGEST
from nostoi.engine.hop.memory import bare
from nostoi.engine.hop.owners import bare_network, bare_outside
from nostoi.engine.hop.table import pack, unpack

Array = Any
Number = Any
Word = Any
DONE, DECIDES, TRAVELS, NEXT, GONE = 0, 1, 2, 3, 4


def one_wakes(net: Any, out: Any, p: Any, t: Number, u: Number, key: Word) -> tuple[Any, ...]:
    """The morning of one person: key, phase, and the site where they are (-1 on a road)."""
    on, path, leg, _, pace, _ = unpack(key)
    paths = len(net.path_end)
    site = path - paths
    if path < paths:
        step = net.leg_of[path] + leg
        site = net.leg_from[step]
        if on == 1:
            if not out.closed[t, net.leg_road[step]]:
                return key, TRAVELS, -1
            key = pack(0, paths + site, 0, 0, pace, 0)
    if u < home_chance(kind_today(net, out, t, site), p):
        return key, GONE, site
    return key, DECIDES, site


def one_starts(out: Any, t: Number, u: Number) -> Number:
    """The site where a newcomer starts, by the weights of the day."""
    total = 0.0
    for site in range(out.start_weight.shape[1]):
        total += out.start_weight[t, site]
    reach, last = u * total, 0
    for site in range(out.start_weight.shape[1]):
        if out.start_weight[t, site] > 0.0:
            last = site
            reach -= out.start_weight[t, site]
            if reach < 0.0:
                return site
    return last


def one_travels(net: Any, p: Any, path: Number, trip: Any) -> tuple[Any, ...]:
    """Along a leg, to its end or for the whole day: key, phase, and the site reached (-1 none).

    `trip` = (leg, days on it before, pace, today's way).
    """
    leg, gone, pace, today = trip
    step = net.leg_of[path] + leg
    km = net.road_km[net.leg_road[step]]
    if (gone + 1) * p.hop_speed <= km:
        key = pack(1, path, leg, min(gone + 1, LONGEST), pace_of(pace, today + WHOLE), 0)
        return key, DONE, -1
    today = min(today + way_of(km - gone * p.hop_speed, p.hop_speed), MOST)
    site = net.leg_site[step]
    plan, further = path, leg + 1
    if step + 1 == net.leg_of[path + 1]:
        plan, further = len(net.path_end) + site, 0
    if today < WHOLE:
        return pack(0, plan, further, 0, pace, today), NEXT, site
    return pack(0, plan, further, 0, pace_of(pace, today), 0), DONE, site


def one_chooses(net: Any, into: Array, total: Number, site: Number, v: Number) -> Number:
    """A path out of a site by the weights `into`, whose sum is `total`."""
    reach, last = v * total, -1
    for j in range(net.path_of[site], net.path_of[site + 1]):
        if into[j] > 0.0:
            last = j
            reach -= into[j]
            if reach < 0.0:
                return j
    return last


def one_decides(
    net: Any, out: Any, p: Any, t: Number, key: Word, luck: Any, work: Any
) -> tuple[Any, ...]:
    """Somebody at a place stays or goes: key, phase, site left (-1 stays), site reached (-1)."""
    u, v = luck
    _, path, leg, _, pace, today = unpack(key)
    paths, into, rooms, totals = len(net.path_end), work[2], work[3], work[4]
    site = path - paths
    if path < paths:
        step = net.leg_of[path] + leg
        site = net.leg_from[step]
        shut = out.closed[t, net.leg_road[step]]
        if not shut and rooms[net.path_end[path]] >= p.turn_back:
            key, phase, reached = one_travels(net, p, path, (leg, 0, pace, today))
            return key, phase, site, reached
    else:
        if totals[site] < 0.0:
            totals[site] = weights_of(net, p, work, site)
        if totals[site] > 0.0 and u < leave_chance(kind_today(net, out, t, site), pace, today, p):
            j = one_chooses(net, into, totals[site], site, v)
            if rooms[net.path_end[j]] >= p.turn_back:
                key, phase, reached = one_travels(net, p, j, (0, 0, pace, today))
                return key, phase, site, reached
    return pack(0, paths + site, 0, 0, pace_of(pace, today), 0), DONE, -1, -1


def round_of_all(
    net: Any, out: Any, p: Any, now: Any, chance: Any, people: Any, work: Any, persons: Array
) -> Number:
    """One round: all who are about to decide or travel; returns how many go on in the next."""
    keys, phase, n = people
    t, clock = now
    more = 0
    rooms_now(net, out, p, t, persons, work)
    for i in range(n):
        if phase[i] == DECIDES:
            luck = two_uniforms(chance[0], chance[1][2], np.uint64(i), clock)
            keys[i], phase[i], left, reached = one_decides(net, out, p, t, keys[i], luck, work)
            if left >= 0:
                persons[left] -= 1
        elif phase[i] == TRAVELS:
            _, path, leg, gone, pace, today = unpack(keys[i])
            keys[i], phase[i], reached = one_travels(net, p, path, (leg, gone, pace, today))
        else:
            continue
        if reached >= 0:
            persons[reached] += 1
        more += phase[i] == NEXT
    for i in range(n):
        if phase[i] == NEXT:
            phase[i] = DECIDES
    return more


def play_records(
    owned: Any, p: Any, days: Number, seed: Word, people: Any, evening: Any, desk: Any
) -> Number:
    """Play all days; returns how many records were used.

    `people` = keys and phases, with room for everybody who will come, and how many there are at
    the start; `owned`, `evening` and `desk` as in `play_days`.
    """
    net, out, streams = bare_network(owned[0]), bare_outside(owned[1]), bare(owned[2])
    chance, home, persons = (seed, streams), bare(evening.home), bare(desk[0])
    work = (bare(desk[1]), bare(desk[2]), bare(desk[3]), bare(desk[4]), bare(desk[5]))
    keys, phase, n = bare(people[0]), bare(people[1]), people[2]
    for t in range(days):
        pulls_of_day(net, out, p, t, work)
        persons[:] = 0
        for i in range(n):
            if phase[i] != GONE:
                u, _ = two_uniforms(seed, streams[1], np.uint64(i), np.uint64(t))
                keys[i], phase[i], site = one_wakes(net, out, p, t, u, keys[i])
                if phase[i] == GONE:
                    home[t, site] += 1
                elif site >= 0:
                    persons[site] += 1
        for i in range(n, n + out.newcomers[t]):
            u, _ = two_uniforms(seed, streams[0], np.uint64(i), np.uint64(t))
            site = one_starts(out, t, u)
            keys[i], phase[i] = pack(0, len(net.path_end) + site, 0, 0, 0, 0), DECIDES
            persons[site] += 1
        n += out.newcomers[t]
        turn, more = 0, 1
        while more > 0:
            now = (t, np.uint64(t) | (np.uint64(turn) << np.uint64(20)))
            more = round_of_all(net, out, p, now, chance, (keys, phase, n), work, persons)
            turn += 1
        evening.persons[t] = persons
        evening.states[t] = n
        for i in range(n):
            if phase[i] != GONE and keys[i] >> np.uint64(61) == np.uint64(1):
                evening.on_road[t] += 1
    return n
