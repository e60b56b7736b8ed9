"""Inflow from what was counted in the camps, as Flee derives it."""

from __future__ import annotations

import numpy as np

from nostoi.engine.hop.run import Inflow
from nostoi.rules.hop.params import HopParams
from nostoi.world.space import CampCounts, Space
from nostoi.world.towns import Ints


def observed_inflow(space: Space, counts: CampCounts, p: HopParams, hasten: int = 1) -> Inflow:
    """Everybody who was ever counted comes: newcomers are the rises of the running maximum.

    On day 0 those counted in a camp are put there, and its capacity shrinks by as many although
    they also take up room: Flee charges them twice, and so does this.

    Args:
        space: the network (thinned by `hasten` where agents stand for several persons).
        counts: published counts in persons.
        p: parameters; `start_in_camps` and `arrivals_from_camps` are read.
        hasten: persons per agent.
    """
    by_camp = counts.persons // hasten
    level = by_camp.sum(axis=1) if p.arrivals_from_camps else counts.total // hasten
    start = np.zeros(space.n, np.int64)
    limit = space.capacity.copy()
    newcomers = rises(level)
    if p.start_in_camps:
        start[counts.camps] = by_camp[0]
        limited = limit > 0
        limit[limited] -= start[limited]
        newcomers[0] = 0
    else:
        newcomers[0] = counts.total[0] // hasten + level[0]
    return Inflow(start, newcomers, np.broadcast_to(limit, (space.days, space.n)).copy())


def rises(level: Ints) -> Ints:
    """Newcomers by day so that their sum is the running maximum of a level; [day]."""
    found = np.zeros(len(level), np.int64)
    debt = 0
    for day in range(1, len(level)):
        step = int(level[day] - level[day - 1]) - debt
        found[day], debt = max(0, step), max(0, -step)
    return found
