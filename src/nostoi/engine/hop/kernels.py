"""Days of movement over a network by counts of people in the same state.

The text of this file is compiled together with the rules (`compiled.py`), never run as it stands.
In the morning newcomers start; then, in rounds, those at a place decide and those on a road move
on. Whoever arrives with less than a day's way behind them decides once more in the next round. All
of a round know the same: who was where when it began.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nostoi.base.streams import two_uniforms
from nostoi.engine.agents.chance import binomial
from nostoi.engine.hop.choice import (
    WHOLE,
    home_chance,
    kind_today,
    leave_chance,
    pulls_of_day,
    rooms_now,
    way_of,
    weights_of,
)
from nostoi.engine.hop.table import SPARE, add, clear, empty_table, pack, roomy, unpack

Array = Any
Word = Any
MOST = 4095
LONGEST = 1023


def start_newcomers(
    net: Any, out: Any, t: int, seed: Word, stream: Word, rest: Any, persons: Array
) -> None:
    """Newcomers of a day, at places by their weights as starts."""
    left, total = out.newcomers[t], 0.0
    for site in range(len(net.kind)):
        total += out.start_weight[t, site]
    for site in range(len(net.kind)):
        mine = out.start_weight[t, site]
        if left <= 0 or mine <= 0.0:
            continue
        u, _ = two_uniforms(seed, stream, np.uint64(site), np.uint64(t))
        here = left if mine >= total * (1.0 - 1e-12) else binomial(left, mine / total, u)
        total -= mine
        left -= here
        if here > 0:
            persons[site] += here
            add(rest, pack(0, len(net.path_end) + site, 0, 0, 0, 0), here)


def wake(
    net: Any, out: Any, p: Any, t: int, seed: Word, stream: Word, tables: Any, scratch: Any
) -> None:
    """The morning: people from last evening at their places or on their roads.

    Those on a road that is closed today are back where it starts; some in camps go home for good.
    """
    state, rest, road = tables
    persons, home = scratch
    paths = len(net.path_end)
    for k in range(state.size[0]):
        key, count = state.keys[state.used[k]], state.counts[state.used[k]]
        on, path, leg, _, pace, _ = unpack(key)
        if path >= paths:
            site = path - paths
        else:
            step = net.leg_of[path] + leg
            site = net.leg_from[step]
            if on == 1 and not out.closed[t, net.leg_road[step]]:
                add(road, key, count)
                continue
            if on == 1:
                key = pack(0, paths + site, 0, 0, pace, 0)
        going = home_chance(kind_today(net, out, t, site), p)
        if going > 0.0:
            u, _ = two_uniforms(seed, stream, key, np.uint64(t))
            gone = binomial(count, going, u)
            home[t, site] += gone
            count -= gone
        if count > 0:
            persons[site] += count
            add(rest, key, count)
    clear(state)


def spread(
    net: Any, gone: int, key: Word, draws: Any, weights: Any, road: Any, pace: Any
) -> int:
    """Those who leave a site over its paths; returns how many found none (rounding)."""
    seed, stream, clock, v = draws
    into, total, site = weights
    left, rest = gone, total
    for j in range(net.path_of[site], net.path_of[site + 1]):
        if left <= 0:
            break
        if into[j] <= 0.0:
            continue
        if into[j] >= rest * (1.0 - 1e-12):
            here = left
        elif gone == 1:
            here = np.int64(v * total < total - rest + into[j])
        else:
            branch = stream + np.uint64(j - net.path_of[site])
            w, _ = two_uniforms(seed, branch, key, clock)
            here = binomial(left, into[j] / rest, w)
        rest -= into[j]
        left -= here
        if here > 0:
            add(road, pack(1, j, 0, 0, pace[0], pace[1]), here)
    return left


def decide(
    net: Any, out: Any, p: Any, now: Any, chance: Any, tables: Any, work: Any, persons: Array
) -> Any:
    """Those at a place stay or take a path; returns the tables of the evening and of the road."""
    rest, road, state = tables
    t, clock = now
    seed, streams = chance
    pull, rooms, into, totals = work
    paths = len(net.path_end)
    rooms_now(net, out, p, t, persons, rooms)
    totals[:] = -1.0
    for k in range(rest.size[0]):
        key, count = rest.keys[rest.used[k]], rest.counts[rest.used[k]]
        _, path, leg, _, pace, today = unpack(key)
        road, state = roomy(road, SPARE + len(net.kind)), roomy(state, SPARE)
        site, gone = path - paths, 0
        if path < paths:
            step = net.leg_of[path] + leg
            site = net.leg_from[step]
            shut = out.closed[t, net.leg_road[step]]
            if not shut and rooms[net.path_end[path]] >= p.turn_back:
                gone = count
                add(road, pack(1, path, leg, 0, pace, today), count)
        else:
            if totals[site] < 0.0:
                totals[site] = weights_of(net, p, pull, rooms, site, into)
            if totals[site] > 0.0:
                u, v = two_uniforms(seed, streams[2], key, clock)
                gone = binomial(count, leave_chance(kind_today(net, out, t, site), pace, today, p), u)
                road = roomy(road, SPARE + net.path_of[site + 1] - net.path_of[site])
                gone -= spread(
                    net, gone, key, (seed, streams[3], clock, v), (into, totals[site], site),
                    road, (pace, today),
                )  # fmt: skip
        persons[site] -= gone
        if count > gone:
            later = min((pace + today) // 2, MOST)
            add(state, pack(0, paths + site, 0, 0, later, 0), count - gone)
    clear(rest)
    return road, state


def travel(net: Any, p: Any, road: Any, rest: Any, state: Any, persons: Array) -> Any:
    """Those on a road move on for a day; returns the tables of places and of the evening."""
    paths = len(net.path_end)
    for k in range(road.size[0]):
        key, count = road.keys[road.used[k]], road.counts[road.used[k]]
        _, path, leg, gone, pace, today = unpack(key)
        rest, state = roomy(rest, SPARE), roomy(state, SPARE)
        step = net.leg_of[path] + leg
        km = net.road_km[net.leg_road[step]]
        if (gone + 1) * p.hop_speed <= km:
            later = min((pace + today + WHOLE) // 2, MOST)
            add(state, pack(1, path, leg, min(gone + 1, LONGEST), later, 0), count)
            continue
        today = min(today + way_of(km - gone * p.hop_speed, p.hop_speed), MOST)
        site = net.leg_site[step]
        persons[site] += count
        last = step + 1 == net.leg_of[path + 1]
        plan, further = (paths + site, 0) if last else (path, leg + 1)
        if today < WHOLE:
            add(rest, pack(0, plan, further, 0, pace, today), count)
        else:
            later = min((pace + today) // 2, MOST)
            add(state, pack(0, plan, further, 0, later, 0), count)
    clear(road)
    return rest, state


def play_days(
    net: Any, out: Any, p: Any, days: Any, chance: Any, before: Any, evening: Any
) -> tuple[Array, Array]:
    """Play the days from `days[0]` up to `days[1]`; returns keys and counts of the last evening."""
    seed, streams = chance
    sites, paths = len(net.kind), len(net.path_end)
    state = roomy(empty_table(1 << 12), len(before[0]))
    rest, road = empty_table(1 << 12), empty_table(1 << 12)
    persons = np.zeros(sites, np.int64)
    work = np.zeros(paths), np.zeros(sites), np.zeros(paths), np.zeros(sites)
    for k in range(len(before[0])):
        add(state, before[0][k], before[1][k])
    for t in range(days[0], days[1]):
        pulls_of_day(net, out, p, t, work[0])
        persons[:] = 0
        rest = roomy(rest, state.size[0] + sites)
        road = roomy(road, state.size[0])
        wake(
            net, out, p, t, seed, streams[1], (state, rest, road), (persons, evening.home)
        )  # fmt: skip
        start_newcomers(net, out, t, seed, streams[0], rest, persons)
        turn = 0
        while rest.size[0] + road.size[0] > 0:
            now = (t, np.uint64(t) | (np.uint64(turn) << np.uint64(20)))
            road, state = decide(
                net, out, p, now, chance, (rest, road, state), work, persons
            )
            rest, state = travel(net, p, road, rest, state, persons)
            turn += 1
        evening.persons[t] = persons
        evening.states[t] = state.size[0]
        for k in range(state.size[0]):
            on = state.keys[state.used[k]] >> np.uint64(61)
            evening.on_road[t] += np.int64(on) * state.counts[state.used[k]]
    keys = np.empty(state.size[0], np.uint64)
    counts = np.empty(state.size[0], np.int64)
    for k in range(state.size[0]):
        keys[k], counts[k] = state.keys[state.used[k]], state.counts[state.used[k]]
    return keys, counts
