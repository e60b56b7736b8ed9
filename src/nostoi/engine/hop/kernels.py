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
from nostoi.engine.hop.memory import bare
from nostoi.engine.hop.owners import bare_network, bare_outside
from nostoi.engine.hop.table import (
    add,
    borrowed,
    clear,
    empty_table,
    grown,
    pack,
    unpack,
)

Array = Any
Number = Any
Word = Any
LONGEST = 1023


def start_newcomers(
    net: Any, out: Any, t: Number, seed: Word, stream: Word, rest: Any, persons: Array
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
    net: Any, out: Any, p: Any, t: Number, seed: Word, stream: Word, tables: Any, scratch: Any
) -> Number:
    """The morning: people from last evening at their places or on their roads.

    Those on a road that is closed today are back where it starts; some in camps go home for good.
    Returns how many states are on a road.
    """
    state, rest, road = tables
    persons, home = scratch
    paths, n = len(net.path_end), 0
    for k in range(state.size[0]):
        key, count = state.keys[state.used[k]], state.counts[state.used[k]]
        on, path, leg, _, pace, _ = unpack(key)
        if path >= paths:
            site = path - paths
        else:
            step = net.leg_of[path] + leg
            site = net.leg_from[step]
            if on == 1 and not out.closed[t, net.leg_road[step]]:
                road[0][n], road[1][n] = key, count
                n += 1
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
    return n


def travel(
    net: Any, p: Any, path: Number, trip: Any, count: Number, tables: Any, persons: Array
) -> None:
    """People move on along a leg: to its end within the day, or for the whole day.

    `trip` = (leg, days on it before, pace, today's way).
    """
    later, state = tables
    leg, gone, pace, today = trip
    step = net.leg_of[path] + leg
    km = net.road_km[net.leg_road[step]]
    if (gone + 1) * p.hop_speed <= km:
        key = pack(1, path, leg, min(gone + 1, LONGEST), pace_of(pace, today + WHOLE), 0)
        add(state, key, count)
        return
    today = min(today + way_of(km - gone * p.hop_speed, p.hop_speed), MOST)
    site = net.leg_site[step]
    persons[site] += count
    plan, further = path, leg + 1
    if step + 1 == net.leg_of[path + 1]:
        plan, further = len(net.path_end) + site, 0
    if today < WHOLE:
        add(later, pack(0, plan, further, 0, pace, today), count)
    else:
        add(state, pack(0, plan, further, 0, pace_of(pace, today), 0), count)


def spread(
    net: Any, p: Any, gone: Number, key: Word, draws: Any, weights: Any, tables: Any, persons: Array
) -> Number:
    """Those who would leave a site over its paths, by their weights; returns how many do.

    Whoever has chosen a path to a full camp stays.
    """
    seed, stream, clock, v = draws
    into, rooms, total, site = weights
    stayed = 0
    _, _, _, _, pace, today = unpack(key)
    left, rest, last = gone, total, -1
    for j in range(net.path_of[site], net.path_of[site + 1]):
        if into[j] > 0.0:
            last = j
    for j in range(net.path_of[site], last + 1):
        if left <= 0:
            break
        if into[j] <= 0.0:
            continue
        if j == last:
            here = left
        elif gone == 1:
            here = np.int64(v * total < total - rest + into[j])
        else:
            branch = stream + np.uint64(j - net.path_of[site])
            w, _ = two_uniforms(seed, branch, key, clock)
            here = binomial(left, into[j] / rest, w)
        rest -= into[j]
        left -= here
        if rooms[net.path_end[j]] < p.turn_back:
            stayed += here
        elif here > 0:
            travel(net, p, j, (0, 0, pace, today), here, tables, persons)
    return gone - stayed


def decide(
    net: Any, out: Any, p: Any, now: Any, chance: Any, tables: Any, work: Any, persons: Array
) -> None:
    """Those at a place stay or take a path."""
    rest, later, state = tables
    t, clock = now
    seed, streams = chance
    paths, into, totals = len(net.path_end), work[2], work[4]
    rooms_now(net, out, p, t, persons, work)
    for k in range(rest.size[0]):
        key, count = rest.keys[rest.used[k]], rest.counts[rest.used[k]]
        _, path, leg, _, pace, today = unpack(key)
        site, gone = path - paths, 0
        if path < paths:
            step = net.leg_of[path] + leg
            site = net.leg_from[step]
            shut = out.closed[t, net.leg_road[step]]
            if not shut and work[3][net.path_end[path]] >= p.turn_back:
                gone = count
                travel(net, p, path, (leg, 0, pace, today), gone, (later, state), persons)
        else:
            if totals[site] < 0.0:
                totals[site] = weights_of(net, p, work, site)
            leaves = leave_chance(kind_today(net, out, t, site), pace, today, p)
            if totals[site] > 0.0 and leaves > 0.0:
                u, v = two_uniforms(seed, streams[2], key, clock)
                gone = binomial(count, leaves, u)
                gone = spread(
                    net, p, gone, key, (seed, streams[3], clock, v),
                    (into, work[3], totals[site], site), (later, state), persons,
                )  # fmt: skip
        persons[site] -= gone
        if count > gone:
            add(state, pack(0, paths + site, 0, 0, pace_of(pace, today), 0), count - gone)
    clear(rest)


def most_states(net: Any, rest: Any) -> Number:
    """No more states than this come out of a round that starts with these."""
    paths, most = len(net.path_end), 0
    for k in range(rest.size[0]):
        _, path, _, _, _, _ = unpack(rest.keys[rest.used[k]])
        ways = 1 if path < paths else net.path_of[path - paths + 1] - net.path_of[path - paths]
        most += min(ways + 1, rest.counts[rest.used[k]])
    return most


def on_the_road(net: Any, p: Any, road: Any, n: Number, tables: Any, persons: Array) -> None:
    """Those who spent the night on a road move on."""
    for k in range(n):
        _, path, leg, gone, pace, today = unpack(road[0][k])
        travel(net, p, path, (leg, gone, pace, today), road[1][k], tables, persons)


def play_round(
    net: Any, out: Any, p: Any, now: Any, chance: Any, tables: Any, work: Any, night: Any
) -> None:
    """Those at a place decide, then those who spent the night on a road move on."""
    road, away, persons = night
    decide(net, out, p, now, chance, tables, work, persons)
    on_the_road(net, p, road, away, (tables[1], tables[2]), persons)


def play_days(
    owned: Any, p: Any, days: Any, seed: Word, before: Any, evening: Any, desk: Any
) -> tuple[Array, Array]:
    """Play the days from `days[0]` up to `days[1]`; returns keys and counts of the last evening.

    `owned` = network, outside and streams; `desk` = persons [site] and the work of `pulls_of_day`.
    Loops that last see an owner let go of it, so all bare memory here belongs to the caller or to
    what the next day still needs.
    """
    net, out, streams = bare_network(owned[0]), bare_outside(owned[1]), bare(owned[2])
    chance, home = (seed, streams), bare(evening.home)
    sites = len(net.kind)
    state = grown(empty_table(1 << 10), len(before[0]))
    rest, later = empty_table(1 << 10), empty_table(1 << 10)
    persons = bare(desk[0])
    work = (bare(desk[1]), bare(desk[2]), bare(desk[3]), bare(desk[4]), bare(desk[5]))
    road_key, road_n = np.empty(1 << 10, np.uint64), np.empty(1 << 10, np.int64)
    for k in range(len(before[0])):
        add(state, before[0][k], before[1][k])
    for t in range(days[0], days[1]):
        pulls_of_day(net, out, p, t, work)
        persons[:] = 0
        rest = grown(rest, state.size[0] + sites)
        if len(road_key) < state.size[0]:
            road_key = np.empty(2 * state.size[0], np.uint64)
            road_n = np.empty(2 * state.size[0], np.int64)
        road = bare(road_key), bare(road_n)
        away = wake(
            net, out, p, t, seed, streams[1], (borrowed(state), borrowed(rest), road),
            (persons, home),
        )  # fmt: skip
        start_newcomers(net, out, t, seed, streams[0], borrowed(rest), persons)
        turn = 0
        while rest.size[0] + away > 0:
            most = most_states(net, borrowed(rest)) + away
            later, state = grown(later, most), grown(state, most)
            now = (t, np.uint64(t) | (np.uint64(turn) << np.uint64(20)))
            play_round(
                net, out, p, now, chance, (borrowed(rest), borrowed(later), borrowed(state)),
                work, (road, away, persons),
            )  # fmt: skip
            rest, later, away = later, rest, 0
            turn += 1
        evening.persons[t] = persons
        evening.states[t] = state.size[0]
        evening.on_road[t] = on_roads(borrowed(state))
    keys = np.empty(state.size[0], np.uint64)
    counts = np.empty(state.size[0], np.int64)
    for k in range(state.size[0]):
        keys[k], counts[k] = state.keys[state.used[k]], state.counts[state.used[k]]
    return keys, counts


def on_roads(state: Any) -> Number:
    """Persons who spend the night on a road."""
    total = 0
    for k in range(state.size[0]):
        if state.keys[state.used[k]] >> np.uint64(61) == np.uint64(1):
            total += state.counts[state.used[k]]
    return total
