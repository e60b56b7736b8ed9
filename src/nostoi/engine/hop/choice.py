"""What a place, a path and a person are to the rules, compiled with the kernels."""

from __future__ import annotations

from typing import Any

import numpy as np

from nostoi.engine.hop.rows import Here, There, Who
from nostoi.rules.hop.steps import (
    draw,
    goes_home,
    nearness,
    no_stop_yet,
    room,
    sets_out,
    weight,
)

Array = Any
Number = Any
CONFLICT, TOWN, CAMP, IDP_CAMP = 0, 1, 2, 3
WHOLE = 1000
HUNDREDTH, FIFTIETH = 10, 20
MOST = 4000


def kind_today(net: Any, out: Any, t: Number, site: Number) -> Number:
    """What a site is on a day: a conflict only while it lasts, a camp only once it is open."""
    kind = net.kind[site]
    if out.intensity[t, site] > 0.0:
        return CONFLICT
    camp = kind in (CAMP, IDP_CAMP)
    if kind == CONFLICT or (camp and out.no_camp[t, site]):
        return TOWN
    return kind


def is_it(kind: Number, wanted: Number) -> Number:
    """1 if a kind is the one wanted, else 0."""
    return 1.0 if kind == wanted else 0.0


def here_of(kind: Number) -> Any:
    """The flags of a kind."""
    return Here(is_it(kind, CONFLICT), is_it(kind, TOWN), is_it(kind, CAMP), is_it(kind, IDP_CAMP))


def nowhere() -> Any:
    """A place that says nothing."""
    return There(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)


def pulls_of_day(net: Any, out: Any, p: Any, t: Number, work: Any) -> None:
    """Draw times nearness of every path, -1 where a road is closed, and its weight with room.

    `work` = (pull [path], weight with room [path], weight [path], room [site], sum of the weights
    of a site's paths [site], -1 where it is to be computed).
    """
    pull, roomy_weight, _, rooms, totals = work
    who, here = Who(0.0, 0.0), here_of(TOWN)
    for k in range(len(net.path_end)):
        site = net.path_end[k]
        kind = kind_today(net, out, t, site)
        there = There(
            0.0, net.foreign[site], is_it(kind, CAMP) + is_it(kind, IDP_CAMP),
            is_it(kind, CONFLICT), out.intensity[t, site], out.fade[t, site], net.path_km[k],
            0.0, 0.0, 0.0, 1.0,
        )  # fmt: skip
        pull[k] = draw(who, here, there, p) * nearness(who, here, there, p)
        roomy_weight[k] = weigh(pull[k], 1.0, p)
        for leg in range(net.leg_of[k], net.leg_of[k + 1]):
            if out.closed[t, net.leg_road[leg]]:
                pull[k] = -1.0
    rooms[:] = -1.0
    totals[:] = -1.0


def weigh(pull: Number, free: Number, p: Any) -> Number:
    """Weight of a path."""
    there = There(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, pull, free)
    return weight(Who(0.0, 0.0), here_of(TOWN), there, p)


def rooms_now(net: Any, out: Any, p: Any, t: Number, persons: Array, work: Any) -> None:
    """Share of those who want to come that each site takes; a change calls for new sums."""
    _, _, _, rooms, totals = work
    changed = False
    for site in range(len(net.kind)):
        kind = kind_today(net, out, t, site)
        limit = out.limit[t, site] if kind in (CAMP, IDP_CAMP) else 0.0
        there = There(
            0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, float(persons[site]), limit, 0.0, 1.0
        )  # fmt: skip
        share = room(Who(0.0, 0.0), here_of(kind), there, p)
        changed = changed or share != rooms[site]
        rooms[site] = share
    if changed:
        totals[:] = -1.0


def weights_of(net: Any, p: Any, work: Any, site: Number) -> Number:
    """Weights of the paths of a site, 0 where closed; returns their sum.

    If no open path has a weight, all of them have the weight 1; without an open path the sum is 0.
    """
    pull, roomy_weight, into, rooms, _ = work
    first, end, total, n = net.path_of[site], net.path_of[site + 1], 0.0, 0
    for k in range(first, end):
        into[k] = 0.0
        if pull[k] >= 0.0:
            free = rooms[net.path_end[k]]
            into[k] = roomy_weight[k] if free == 1.0 else weigh(pull[k], free, p)
            total += into[k]
            n += 1
    if total > 0.0 or n == 0:
        return total
    for k in range(first, end):
        if pull[k] >= 0.0:
            into[k] = 1.0
    return float(n)


def leave_chance(kind: Number, pace: Number, today: Number, p: Any) -> Number:
    """Chance that somebody at a place goes on now; pace and today in thousandths."""
    who, here, there = Who(pace / WHOLE, today / WHOLE), here_of(kind), nowhere()
    chance = max(sets_out(who, here, there, p), no_stop_yet(who, here, there, p))
    return min(max(chance, 0.0), 1.0)


def home_chance(kind: Number, p: Any) -> Number:
    """Chance that somebody at a place goes home today."""
    chance = goes_home(Who(0.0, 0.0), here_of(kind), nowhere(), p)
    return min(max(chance, 0.0), 1.0)


def pace_of(pace: Number, today: Number) -> Number:
    """Tomorrow's pace: the middle of pace and today's way, in fiftieths of a day's way."""
    return min((pace + today + FIFTIETH - 2) // (2 * FIFTIETH) * FIFTIETH, MOST)


def way_of(km: Number, speed: Number) -> Number:
    """A distance as a part of a day's way: thousandths in whole hundredths, at least one."""
    hundredths: Number = np.int64(np.floor(WHOLE / HUNDREDTH * km / speed + 0.5))
    return max(HUNDREDTH * hundredths, HUNDREDTH)
